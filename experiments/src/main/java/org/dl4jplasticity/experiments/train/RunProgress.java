package org.dl4jplasticity.experiments.train;

import java.util.Map;
import org.dl4jplasticity.experiments.run.LossGuard;
import org.dl4jplasticity.experiments.run.Network;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.JsonNodeFactory;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** How far a run has come, beside its network: what its checkpoints hold of it. */
final class RunProgress {
    private final StringBuilder curves =
            new StringBuilder(
                    "epoch,iteration,loss,validationAccuracy,activeWeights,sparsity,"
                            + "explorationRate,trainSeconds\n");
    private final LossGuard loss = new LossGuard();
    private double seconds;
    private int epochs;

    /** When the part of an epoch began that is under way. */
    private long begin;

    /** {@return the listener that keeps the mean loss} */
    LossGuard loss() {
        return loss;
    }

    String curves() {
        return curves.toString();
    }

    /** {@return seconds spent in training steps} */
    double seconds() {
        return seconds;
    }

    /** {@return the epochs done} */
    int epochs() {
        return epochs;
    }

    void beginEpoch() {
        begin = System.nanoTime();
    }

    void endEpoch() {
        seconds += (System.nanoTime() - begin) / 1e9;
        epochs++;
    }

    void addCurve(Network network, Map<String, Object> figures) {
        curves.append(epochs).append(',').append(network.iteration());
        figures.values().forEach(figure -> curves.append(',').append(figure));
        curves.append('\n');
    }

    /**
     * {@return this progress and the run's settings, for a checkpoint}
     *
     * @param underWay whether an epoch is
     */
    ObjectNode save(TrainSettings settings, boolean underWay) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        ObjectNode config = node.putObject("config");
        settings.texts().forEach(config::put);
        node.put("curves", curves.toString());
        node.put("seconds", underWay ? seconds + (System.nanoTime() - begin) / 1e9 : seconds);
        node.put("epochs", epochs);
        if (underWay) {
            loss.save(node.putObject("loss"));
        }
        return node;
    }

    /**
     * {@return the progress that a checkpoint of the same run holds}
     *
     * @throws IllegalArgumentException if the checkpoint is one of other settings
     */
    static RunProgress restore(TrainSettings settings, JsonNode node) {
        settings.requireSame(
                "the checkpoint", name -> node.path("config").path(name).asText("missing"));
        RunProgress progress = new RunProgress();
        progress.curves.setLength(0);
        progress.curves.append(node.path("curves").asText());
        progress.seconds = node.path("seconds").asDouble();
        progress.epochs = node.path("epochs").asInt();
        if (node.has("loss")) {
            progress.loss.restore(node.path("loss"));
        }
        return progress;
    }
}
