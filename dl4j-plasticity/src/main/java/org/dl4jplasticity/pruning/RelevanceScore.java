package org.dl4jplasticity.pruning;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.api.Model;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.relevance.Explanation;
import org.dl4jplasticity.relevance.Relevance;
import org.dl4jplasticity.relevance.RelevanceStart;
import org.nd4j.linalg.dataset.DataSet;

/** The mean absolute relevance that passes each connection. */
record RelevanceScore(DataSet examples) implements ConnectionScore {

    @Override
    public Rating on(Model network, List<MaskableWeights> weights) {
        Explanation explanation =
                Relevance.of(network)
                        .withWeights()
                        .explain(
                                examples.getFeatures(),
                                RelevanceStart.trueLabel(examples.getLabels()));
        Set<String> others =
                weights.stream()
                        .filter(each -> !each.parameter().equals("W"))
                        .map(MaskableWeights::id)
                        .collect(Collectors.toSet());
        if (!others.isEmpty()) {
            throw new IllegalArgumentException(
                    "relevance is known of weights W only, got " + others);
        }
        Map<String, double[]> relevances =
                weights.stream()
                        .collect(
                                Collectors.toMap(
                                        MaskableWeights::id, each -> inOrder(each, explanation)));
        Function<MaskableWeights, double[]> of = each -> relevances.get(each.id());
        return active ->
                Connections.masked(weights.stream().map(of).toArray(double[][]::new), active);
    }

    private static double[] inOrder(MaskableWeights weights, Explanation explanation) {
        return WeightScores.inOrder(weights, explanation.weights(weights.layerId()).meanAbsolute());
    }
}
