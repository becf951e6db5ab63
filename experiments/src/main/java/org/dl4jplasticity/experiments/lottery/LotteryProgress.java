package org.dl4jplasticity.experiments.lottery;

import java.util.ArrayList;
import java.util.List;
import org.dl4jplasticity.experiments.run.Settings;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.JsonNodeFactory;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** How far a training of a lottery run has come: what its checkpoints hold beside the network. */
final class LotteryProgress {
    private static final double NANOSECONDS = 1e9;

    private final List<LotteryReport.Point> curve = new ArrayList<>();
    private double trainSeconds;
    private double seconds;
    private long since = System.nanoTime();

    /** {@return what was seen so far} */
    List<LotteryReport.Point> curve() {
        return curve;
    }

    void trained(long nanoseconds) {
        trainSeconds += nanoseconds / NANOSECONDS;
    }

    double trainSeconds() {
        return trainSeconds;
    }

    /** {@return seconds spent altogether} */
    double seconds() {
        long now = System.nanoTime();
        seconds += (now - since) / NANOSECONDS;
        since = now;
        return seconds;
    }

    /** {@return the look of least validation loss, the first of equal ones} */
    LotteryReport.Point best() {
        LotteryReport.Point best = curve.get(0);
        for (LotteryReport.Point point : curve) {
            best = point.validationLoss() < best.validationLoss() ? point : best;
        }
        return best;
    }

    ObjectNode save(LotteryCell cell) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        ObjectNode config = node.putObject("config");
        cell.texts().forEach(config::put);
        node.put("trainSeconds", trainSeconds).put("seconds", seconds());
        ArrayNode points = node.putArray("curve");
        for (LotteryReport.Point point : curve) {
            ArrayNode values =
                    points.addArray()
                            .add(point.iteration())
                            .add(point.validationLoss())
                            .add(point.validationAccuracy())
                            .add(point.trainSeconds());
            if (point.testAccuracy() != null) {
                values.add(point.testAccuracy());
            }
        }
        return node;
    }

    /**
     * {@return the progress that a checkpoint holds}
     *
     * @throws IllegalArgumentException if the checkpoint is one of other settings
     */
    static LotteryProgress restore(LotteryCell cell, JsonNode node) {
        Settings.requireSame(
                "the checkpoint in " + cell.folder(),
                cell.texts(),
                name -> node.path("config").path(name).asText("missing"));
        LotteryProgress progress = new LotteryProgress();
        progress.trainSeconds = node.path("trainSeconds").asDouble();
        progress.seconds = node.path("seconds").asDouble();
        for (JsonNode values : node.path("curve")) {
            progress.curve.add(
                    new LotteryReport.Point(
                            values.get(0).asInt(),
                            values.get(1).asDouble(),
                            values.get(2).asDouble(),
                            values.has(4) ? values.get(4).asDouble() : null,
                            values.get(3).asDouble()));
        }
        return progress;
    }
}
