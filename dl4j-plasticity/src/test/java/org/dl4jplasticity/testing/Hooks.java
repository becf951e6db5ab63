package org.dl4jplasticity.testing;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Listeners that do one thing at one event. */
public final class Hooks {
    private Hooks() {}

    public static TrainingListener onForwardPass(Runnable action) {
        return new BaseTrainingListener() {
            @Override
            public void onForwardPass(Model model, List<INDArray> activations) {
                action.run();
            }

            @Override
            public void onForwardPass(Model model, Map<String, INDArray> activations) {
                action.run();
            }
        };
    }

    public static TrainingListener onGradientCalculation(Runnable action) {
        return new BaseTrainingListener() {
            @Override
            public void onGradientCalculation(Model model) {
                action.run();
            }
        };
    }

    public static TrainingListener iterationDone(Runnable action) {
        return new BaseTrainingListener() {
            @Override
            public void iterationDone(Model model, int iteration, int epoch) {
                action.run();
            }
        };
    }

    public static TrainingListener onEpochEnd(Runnable action) {
        return new BaseTrainingListener() {
            @Override
            public void onEpochEnd(Model model) {
                action.run();
            }
        };
    }
}
