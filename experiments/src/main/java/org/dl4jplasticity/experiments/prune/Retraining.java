package org.dl4jplasticity.experiments.prune;

import java.util.OptionalDouble;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.dl4jplasticity.datasets.ExampleIterator;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.experiments.run.EpochBar;
import org.dl4jplasticity.experiments.run.LossGuard;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.experiments.run.TrainingDiverged;
import org.dl4jplasticity.experiments.train.ModelSpec;
import org.dl4jplasticity.sparse.DynamicSparseTraining;
import org.dl4jplasticity.surgery.PlasticNetwork;

/**
 * Trains a pruned network on, round after round; what its masks call inactive stays 0. In each
 * round the learning rate falls anew, by 1 - t^2.
 */
final class Retraining {
    /**
     * What the learning rate begins with as a share of the one the model was trained with (Han,
     * Pool, Tran and Dally 2015, arXiv:1506.02626, sec. 4.1).
     */
    private static final double SHARE_OF_RATE = 0.1;

    private static final double NANOSECONDS = 1e9;

    private final PruneSettings settings;
    private final LabeledExamples examples;
    private final OptionalDouble learningRate;
    private final LossGuard loss = new LossGuard();
    private final StringBuilder curves = new StringBuilder("round,epoch,loss,trainSeconds\n");
    private final int steps;
    private double seconds;
    private int epochs;

    /** What was trained last. */
    private Network served;

    /**
     * What is done after each round.
     *
     * @param network as it was trained
     */
    Retraining(Network network, PruneSettings settings, LabeledExamples examples) {
        this.settings = settings;
        this.examples = examples;
        steps = (examples.size() + settings.batch() - 1) / settings.batch();
        learningRate =
                settings.learningRate() == null
                        ? shareOfOwn(network)
                        : OptionalDouble.of(settings.learningRate());
    }

    /** {@return a tenth of the rate the first layer with one begins with; empty if none has one} */
    private static OptionalDouble shareOfOwn(Network network) {
        return PlasticNetwork.of(network.model()).layers().stream()
                .map(layer -> layer.conf().getLayer())
                .filter(BaseLayer.class::isInstance)
                .map(layer -> ((BaseLayer) layer).getIUpdater())
                .filter(updater -> updater != null && updater.hasLearningRate())
                .mapToDouble(updater -> SHARE_OF_RATE * updater.getLearningRate(0, 0))
                .findFirst();
    }

    /** Trains a network for the epochs of one round. */
    void run(Network network, int round) {
        if (settings.epochs() == 0) {
            return;
        }
        if (served == null || served.model() != network.model()) {
            served = network;
            listen(network);
        }
        learningRate.ifPresent(
                rate ->
                        network.setLearningRate(
                                ModelSpec.Recipe.falling(
                                        rate,
                                        network.iteration(),
                                        (long) steps * settings.epochs())));
        ExampleIterator batches =
                examples.iterator(settings.batch(), settings.seed()).reusingArrays();
        for (int epoch = 1; epoch <= settings.epochs(); epoch++) {
            batches.moveTo(epochs, 0);
            long begin = System.nanoTime();
            fit(network, batches, round, epoch);
            seconds += (System.nanoTime() - begin) / NANOSECONDS;
            epochs++;
            curves.append(round + "," + epoch + "," + loss.meanLoss() + "," + seconds + "\n");
            PruneConsole.epoch(epoch, loss.meanLoss(), seconds);
        }
    }

    private void listen(Network network) {
        network.addListener(loss);
        network.addListener(
                new EpochBar(
                        (long) steps * settings.epochs() * settings.rounds(),
                        (long) steps * epochs));
        if (!network.topologies().isEmpty()) {
            network.addListener(DynamicSparseTraining.fixed().build());
        }
    }

    private void fit(Network network, ExampleIterator batches, int round, int epoch) {
        try {
            network.fit(batches);
        } catch (TrainingDiverged e) {
            throw new TrainingDiverged(
                    "retraining stopped in round %d, epoch %d: %s; nothing was written; try a smaller --learning-rate"
                            .formatted(round, epoch, e.getMessage()));
        }
    }

    /** {@return the mean loss of each epoch as CSV} */
    String curves() {
        return curves.toString();
    }

    /** {@return seconds spent in training steps} */
    double seconds() {
        return seconds;
    }

    double stepsPerSecond() {
        return epochs == 0 ? 0 : epochs * steps / seconds;
    }
}
