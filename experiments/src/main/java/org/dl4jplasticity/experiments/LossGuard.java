package org.dl4jplasticity.experiments;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;

/** Stops training at the first loss that is no number, and keeps the mean loss of the epoch. */
final class LossGuard extends BaseTrainingListener {
    private double sum;
    private long iterations;

    @Override
    public void onEpochStart(Model model) {
        sum = 0;
        iterations = 0;
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

    double meanLoss() {
        return sum / iterations;
    }
}
