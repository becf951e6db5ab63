package org.dl4jplasticity.experiments.run;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.dl4jplasticity.datasets.ConsoleProgress;

/** A listener that shows the steps of an epoch; it does nothing without a terminal. */
public final class EpochBar extends BaseTrainingListener {
    private final int steps;
    private ProgressBar bar;

    public EpochBar(int stepsPerEpoch) {
        this.steps = stepsPerEpoch;
    }

    @Override
    public void onEpochStart(Model model) {
        if (ConsoleProgress.attachedToTerminal()) {
            bar =
                    new ProgressBarBuilder()
                            .setTaskName("training")
                            .setInitialMax(steps)
                            .setStyle(ProgressBarStyle.ASCII)
                            .clearDisplayOnFinish()
                            .build();
        }
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        if (bar != null) {
            bar.step();
        }
    }

    @Override
    public void onEpochEnd(Model model) {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
