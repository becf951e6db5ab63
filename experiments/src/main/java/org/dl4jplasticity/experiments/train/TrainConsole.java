package org.dl4jplasticity.experiments.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.experiments.run.Console;
import org.dl4jplasticity.experiments.run.Network;

/** What a training run tells its user: a line per epoch, and what came of it at the end. */
final class TrainConsole {
    private static final int[] WIDTHS = {5, 8, 10, 14, 8};

    private final Console console = new Console();
    private final TrainSettings settings;
    private final Network network;
    private final LabeledExamples train;
    private final int stepsPerEpoch;

    TrainConsole(
            TrainSettings settings, Network network, LabeledExamples train, int stepsPerEpoch) {
        this.settings = settings;
        this.network = network;
        this.train = train;
        this.stepsPerEpoch = stepsPerEpoch;
    }

    void start(int epochsDone) {
        if (epochsDone > 0) {
            console.say("going on after epoch %d", epochsDone);
        }
        console.say(
                "%s on %s (%,d training examples), %,d of %,d weights active, %d epochs of %d steps",
                settings.method(),
                settings.dataset(),
                train.size(),
                network.activeWeights(),
                network.totalWeights(),
                settings.epochs(),
                stepsPerEpoch);
        console.columns(
                List.of("epoch", "loss", "validation", "active weights", "seconds"), WIDTHS);
    }

    void epoch(int epoch, double loss, double accuracy, long activeWeights, double seconds) {
        console.row(
                List.of(
                        String.valueOf(epoch),
                        String.format(Locale.ROOT, "%.4f", loss),
                        Double.isNaN(accuracy) ? "-" : console.share(accuracy),
                        console.count(activeWeights),
                        String.format(Locale.ROOT, "%.1f", seconds)),
                WIDTHS);
    }

    void finish(TrainReport report, Path folder) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("test accuracy", console.share(report.testAccuracy())));
        rows.add(List.of("active weights", console.count(report.activeWeights())));
        rows.add(List.of("weights if dense", console.count(report.totalWeights())));
        rows.add(
                List.of(
                        "share active",
                        console.share((double) report.activeWeights() / report.totalWeights())));
        rows.add(List.of("updates", console.count(report.updates())));
        rows.add(List.of("seconds in steps", number(report.trainSeconds())));
        rows.add(List.of("steps per second", number(report.stepsPerSecond())));
        if (report.peakResidentBytes() != null) {
            rows.add(List.of("peak memory, MB", number(report.peakResidentBytes() / 1e6)));
        }
        rows.add(List.of("folder", folder.toString()));
        console.summary(rows);
    }

    private static String number(double number) {
        return String.format(Locale.ROOT, "%.1f", number);
    }
}
