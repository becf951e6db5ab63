package org.dl4jplasticity.experiments.search;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What {@code report.json} says of a search.
 *
 * @param bestValues the parameters of the best candidate by validation accuracy, by name
 * @param bestScores of the same
 * @param verdict how its network does on test examples beside that of the default settings; null if
 *     those failed
 * @param front the numbers of the candidates on the front of accuracy against size, the largest
 *     first; 0 is the default settings
 * @param candidates all of them, in the order of their trials
 * @param failed how many failed
 * @param searched the names of the parameters that were searched
 * @param trainSeconds spent in training steps of all candidates that went through
 * @param seed the search's seed
 * @param config the search's settings by option
 */
record SearchReport(
        Map<String, Object> bestValues,
        CandidateScores bestScores,
        Verdict verdict,
        List<Integer> front,
        List<Candidate> candidates,
        long failed,
        List<String> searched,
        double trainSeconds,
        long seed,
        Map<String, Object> config) {

    /** {@return a line for each candidate, with what was searched and how it did} */
    String toCsv() {
        Set<String> names = new LinkedHashSet<>(searched);
        StringBuilder csv = new StringBuilder("candidate");
        names.forEach(name -> csv.append(',').append(name));
        csv.append(
                ",validationAccuracy,validationLoss,activeWeights,totalWeights,parameters,"
                        + "trainSeconds,front,failure\n");
        for (Candidate candidate : candidates) {
            csv.append(candidate.index());
            names.forEach(
                    name -> csv.append(',').append(candidate.values().getOrDefault(name, "")));
            CandidateScores scores = candidate.scores();
            csv.append(
                    scores == null
                            ? ",,,,,,"
                            : ",%s,%s,%d,%d,%d,%s"
                                    .formatted(
                                            scores.validationAccuracy(),
                                            scores.validationLoss(),
                                            scores.activeWeights(),
                                            scores.totalWeights(),
                                            scores.parameters(),
                                            scores.trainSeconds()));
            csv.append(',').append(front.contains(candidate.index()));
            csv.append(',').append(quoted(candidate.failure())).append('\n');
        }
        return csv.toString();
    }

    private static String quoted(String text) {
        return text == null ? "" : '"' + text.replace("\"", "\"\"") + '"';
    }
}
