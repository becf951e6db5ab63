package org.dl4jplasticity.experiments.train;

import java.nio.file.Path;
import org.dl4jplasticity.experiments.run.DataOptions;
import org.dl4jplasticity.experiments.run.Mode;
import org.dl4jplasticity.schedule.SparsityDistribution;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is trained on what and how: the options that every command that trains has in common. */
public final class LearningOptions {
    @Mixin private DataOptions data;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            defaultValue = "mlp:1000-1000-1000",
            description =
                    "mlp:WIDTHS of the hidden layers, lenet-300-100, conv-2, conv-4, conv-6, vgg-11,"
                            + " a DL4J configuration .json or model .zip, or a Keras model .h5.")
    private String model;

    @Option(names = "--epochs", paramLabel = "N", defaultValue = "10")
    private int epochs;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "32")
    private int batch;

    @Option(
            names = "--learning-rate",
            paramLabel = "R",
            defaultValue = "0.1",
            description = "At the start; it falls as 1 - t^2 over the run.")
    private double learningRate;

    @Option(
            names = "--momentum",
            paramLabel = "M",
            defaultValue = "0.9",
            description = "Of Nesterov's method.")
    private double momentum;

    @Option(
            names = "--weight-decay",
            paramLabel = "D",
            defaultValue = "1e-5",
            description = "Coefficient of the L2 penalty on weights.")
    private double weightDecay;

    @Option(
            names = "--validation",
            paramLabel = "SHARE",
            defaultValue = "0.05",
            description = "Share of the training examples held out for validation; 0 for none.")
    private double validation;

    /**
     * {@return the settings of one run}
     *
     * @throws IllegalArgumentException if one of them is out of range
     */
    TrainSettings settings(
            Method method,
            Mode mode,
            double sparsity,
            SparsityDistribution distribution,
            Rewiring rewiring,
            long seed,
            Path out,
            int checkpointEvery,
            boolean resume) {
        return new TrainSettings(
                data.dataset(),
                data.dataDir(),
                model,
                method,
                mode,
                sparsity,
                distribution,
                rewiring,
                epochs,
                batch,
                learningRate,
                momentum,
                weightDecay,
                validation,
                seed,
                out,
                checkpointEvery,
                resume);
    }

    /**
     * {@return the settings of one run of a network without sparse weights}
     *
     * @throws IllegalArgumentException if one of them is out of range
     */
    public TrainSettings dense(long seed, Path out) {
        return settings(
                Method.DENSE,
                Mode.AUTO,
                0,
                SparsityDistribution.uniform(),
                Rewiring.USUAL,
                seed,
                out,
                0,
                false);
    }

    /** {@return a folder name that tells what is trained on what} */
    public String folderName() {
        return (data.dataset() + "_" + model).replaceAll("[^A-Za-z0-9._-]", "-");
    }
}
