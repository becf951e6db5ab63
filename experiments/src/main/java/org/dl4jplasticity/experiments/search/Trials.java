package org.dl4jplasticity.experiments.search;

import java.util.Optional;
import java.util.OptionalDouble;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.experiments.run.Failure;

/**
 * Tries candidates: takes what became of one from the journal, or trains it and adds it there. One
 * that fails is kept with its reason and leaves the others alone.
 */
final class Trials implements Explorer.Trial {
    private final SearchSettings settings;
    private final LabeledExamples train;
    private final LabeledExamples validation;
    private final CandidateJournal journal;
    private final SearchConsole console;

    /**
     * Trials on the examples of a search.
     *
     * @param settings of the search
     * @param examples those held out and the rest
     * @param journal of the candidates
     * @param console where they are told
     */
    Trials(
            SearchSettings settings,
            LabeledExamples.Split examples,
            CandidateJournal journal,
            SearchConsole console) {
        this.settings = settings;
        this.train = examples.rest();
        this.validation = examples.part();
        this.journal = journal;
        this.console = console;
    }

    @Override
    public OptionalDouble of(Proposal proposal) {
        Optional<Candidate> earlier = journal.earlier(proposal);
        Candidate candidate = earlier.orElseGet(() -> train(proposal));
        if (earlier.isEmpty()) {
            journal.add(candidate);
            console.tell(candidate);
        }
        return candidate.isDone()
                ? OptionalDouble.of(candidate.scores().validationAccuracy())
                : OptionalDouble.empty();
    }

    private Candidate train(Proposal proposal) {
        try {
            CandidateSettings candidate =
                    CandidateSettings.of(
                            proposal.values(),
                            settings,
                            settings.out().resolve(Candidate.folderName(proposal.index())));
            CandidateScores scores = new CandidateRun(proposal, candidate, train, validation).run();
            return new Candidate(proposal.index(), proposal.values().byName(), scores, null);
        } catch (RuntimeException | OutOfMemoryError e) {
            if (e instanceof RuntimeException fault && !Failure.isToldInOneSentence(fault)) {
                console.tellFault(proposal, fault);
            }
            return new Candidate(proposal.index(), proposal.values().byName(), null, reason(e));
        }
    }

    private static String reason(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.toString() : message.lines().findFirst().orElse(message);
    }
}
