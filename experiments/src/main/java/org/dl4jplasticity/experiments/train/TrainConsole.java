package org.dl4jplasticity.experiments.train;

import java.nio.file.Path;
import java.util.Locale;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.experiments.run.Network;

/**
 * What a training run tells its user: a line per epoch, and within an epoch a progress bar when
 * there is a terminal.
 */
final class TrainConsole {
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
            print("going on after epoch %d", epochsDone);
        }
        print(
                "%s on %s (%,d training examples), %s of %s weights active, %d epochs of %d steps",
                settings.method(),
                settings.dataset(),
                train.size(),
                count(network.activeWeights()),
                count(network.totalWeights()),
                settings.epochs(),
                stepsPerEpoch);
        print(
                "%5s  %8s  %10s  %14s  %8s",
                "epoch", "loss", "validation", "active weights", "seconds");
    }

    void epoch(int epoch, double loss, double accuracy, long activeWeights, double seconds) {
        print(
                "%5d  %8.4f  %10s  %14s  %8.1f",
                epoch,
                loss,
                Double.isNaN(accuracy) ? "-" : percent(accuracy),
                count(activeWeights),
                seconds);
    }

    void finish(TrainReport report, Path folder) {
        print(
                "test accuracy %s with %s of the %s weights a dense network has (%.2f%%), trained in"
                        + " %.1f s at %.0f steps/s",
                percent(report.testAccuracy()),
                count(report.activeWeights()),
                count(report.totalWeights()),
                100.0 * report.activeWeights() / report.totalWeights(),
                report.trainSeconds(),
                report.stepsPerSecond());
        print("report.json, curves.csv, journal.jsonl and model.zip are in %s", folder);
    }

    private static String percent(double share) {
        return "%.2f%%".formatted(100 * share);
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static void print(String format, Object... arguments) {
        System.out.println(String.format(Locale.ROOT, format, arguments));
    }
}
