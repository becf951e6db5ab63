package org.dl4jplasticity.experiments.search;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.dl4jplasticity.datasets.ExampleIterator;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.experiments.run.EpochBar;
import org.dl4jplasticity.experiments.run.HeldOut;
import org.dl4jplasticity.experiments.run.LossGuard;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.experiments.run.RunFolder;
import org.dl4jplasticity.experiments.run.TrainingDiverged;
import org.dl4jplasticity.experiments.train.TrainReport;
import org.dl4jplasticity.experiments.train.TrainSettings;
import org.dl4jplasticity.growth.DropIn;
import org.dl4jplasticity.growth.DropInBuilder;
import org.dl4jplasticity.journal.MutationJournal;
import org.dl4jplasticity.sparse.SparseTraining;
import org.nd4j.linalg.dataset.DataSet;

/**
 * The training of one candidate: builds its network, attaches what rewires and grows it, trains and
 * scores it. Writes {@code config.json}, {@code curves.csv}, {@code journal.jsonl} and {@code
 * model.zip} into a folder. Test examples are not looked at.
 */
final class CandidateRun {
    private static final double NANOSECONDS = 1e9;

    /** How many validation examples tell a layer's relevance. */
    private static final int EXAMPLES = 500;

    private final Proposal proposal;
    private final CandidateSettings settings;
    private final LabeledExamples train;
    private final LabeledExamples validation;
    private final RunFolder folder;
    private final StringBuilder curves =
            new StringBuilder(
                    "epoch,iteration,loss,validationAccuracy,validationLoss,parameters\n");

    /**
     * A training, not yet begun.
     *
     * @param proposal the candidate
     * @param settings of its training, with its folder
     * @param train examples to train on
     * @param validation examples to score by
     */
    CandidateRun(
            Proposal proposal,
            CandidateSettings settings,
            LabeledExamples train,
            LabeledExamples validation) {
        this.proposal = proposal;
        this.settings = settings;
        this.train = train;
        this.validation = validation;
        folder = new RunFolder(settings.training().out());
    }

    /** Trains, and returns how the trained network did. */
    CandidateScores run() {
        folder.clear("curves.csv", "journal.jsonl", "model.zip");
        folder.write("config.json", TrainReport.json(proposal.values().byName()));
        TrainSettings training = settings.training();
        int steps = (train.size() + training.batch() - 1) / training.batch();
        long iterations = (long) steps * training.epochs();
        Network network = CandidateNetwork.of(proposal, training, train, iterations);
        LossGuard loss = new LossGuard();
        HeldOut heldOut = new HeldOut(validation);
        HeldOut.Figures figures = null;
        double seconds = 0;
        try (MutationJournal journal =
                MutationJournal.create(folder.folder().resolve("journal.jsonl"))) {
            network.addListener(loss);
            network.addListener(new EpochBar(iterations, 0));
            attach(network, journal, steps, iterations);
            ExampleIterator batches =
                    train.iterator(training.batch(), training.seed()).reusingArrays();
            for (int epoch = 0; epoch < training.epochs(); epoch++) {
                batches.moveTo(epoch, 0);
                seconds += fit(network, batches, epoch);
                figures = heldOut.of(network);
                tell(network, epoch, loss, figures);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "can't use the folder %s: %s".formatted(folder.folder(), e), e);
        }
        folder.write("curves.csv", curves.toString());
        folder.write("model.zip", network::saveWithoutOptimizer);
        return new CandidateScores(
                figures.accuracy(),
                figures.loss(),
                network.activeWeights(),
                network.totalWeights(),
                network.parameters(),
                seconds);
    }

    /** What rewires comes before what grows, which it would not know of otherwise. */
    private void attach(Network network, MutationJournal journal, int steps, long iterations) {
        TrainSettings training = settings.training();
        if (training.method().isSparse()) {
            SparseTraining rewiring = training.method().listener(training, iterations);
            rewiring.prepare(network.model());
            rewiring.recordTo(journal);
            network.addListener(rewiring);
        }
        settings.growing()
                .ifPresent(
                        arm -> {
                            int count = Math.min(EXAMPLES, validation.size());
                            DataSet examples = validation.first(count).iterator(count).next();
                            DropInBuilder builder =
                                    settings.growth()
                                            .dropin(network, steps)
                                            .where(arm.choice(examples, CandidateSettings.KAPPA))
                                            .startingWith(arm.start())
                                            .seed(training.seed());
                            DropIn growing = builder.build();
                            growing.recordTo(journal);
                            network.addListener(growing);
                        });
    }

    private static double fit(Network network, ExampleIterator batches, int epoch) {
        long begin = System.nanoTime();
        try {
            network.fit(batches);
        } catch (TrainingDiverged e) {
            throw new TrainingDiverged(
                    "training stopped at iteration %d (epoch %d): %s"
                            .formatted(network.iteration(), epoch + 1, e.getMessage()));
        }
        return (System.nanoTime() - begin) / NANOSECONDS;
    }

    private void tell(Network network, int epoch, LossGuard loss, HeldOut.Figures figures) {
        curves.append(
                "%d,%d,%s,%s,%s,%d%n"
                        .formatted(
                                epoch + 1,
                                network.iteration(),
                                loss.meanLoss(),
                                figures.accuracy(),
                                figures.loss(),
                                network.parameters()));
    }
}
