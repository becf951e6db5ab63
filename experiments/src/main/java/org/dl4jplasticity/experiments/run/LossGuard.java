package org.dl4jplasticity.experiments.run;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** Stops training at the first loss that is no number, and keeps the mean loss of the epoch. */
public final class LossGuard extends BaseTrainingListener {
    private double sum;
    private long iterations;

    /** Whether the next epoch to begin is one that was under way before. */
    private boolean resumed;

    @Override
    public void onEpochStart(Model model) {
        if (!resumed) {
            sum = 0;
            iterations = 0;
        }
        resumed = false;
    }

    @Override
    public void onBackwardPass(Model model) {
        double loss = model.score();
        if (!Double.isFinite(loss)) {
            throw new TrainingDiverged("the loss is %s".formatted(loss));
        }
        sum += loss;
        iterations++;
    }

    public double meanLoss() {
        return sum / iterations;
    }

    public void save(ObjectNode node) {
        node.put("sum", sum).put("iterations", iterations);
    }

    public void restore(JsonNode node) {
        sum = node.path("sum").asDouble();
        iterations = node.path("iterations").asLong();
        resumed = true;
    }
}
