package org.dl4jplasticity.experiments.run;

import java.text.DecimalFormat;
import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.dl4jplasticity.datasets.ConsoleProgress;

/**
 * A listener that shows the steps of a whole training, their rate and the time left, while an epoch
 * is under way; it does nothing without a terminal.
 */
public final class EpochBar extends BaseTrainingListener {
    private final long steps;
    private final boolean attached = ConsoleProgress.attachedToTerminal();
    private final long begin = System.nanoTime();

    /** Steps done before, that this training took no time for. */
    private final long before;

    private long done;
    private ProgressBar bar;

    /**
     * A bar of a training.
     *
     * @param steps of all its epochs
     * @param before how many of them an earlier process has done
     */
    public EpochBar(long steps, long before) {
        this.steps = steps;
        this.before = before;
        done = before;
    }

    @Override
    public void onEpochStart(Model model) {
        if (attached) {
            bar =
                    new ProgressBarBuilder()
                            .setTaskName("training")
                            .setInitialMax(Math.max(steps, done))
                            .startsFrom(done, sinceStep0())
                            .setStyle(ProgressBarStyle.ASCII)
                            .showSpeed(new DecimalFormat("0 steps"))
                            .clearDisplayOnFinish()
                            .build();
        }
    }

    /** {@return the time the steps done take at the rate of those done here} */
    private Duration sinceStep0() {
        long own = done - before;
        return own == 0
                ? Duration.ZERO
                : Duration.ofNanos((long) ((System.nanoTime() - begin) / (double) own * done));
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        done++;
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
