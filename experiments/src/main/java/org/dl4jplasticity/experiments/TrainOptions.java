package org.dl4jplasticity.experiments;

import java.nio.file.Path;
import org.dl4jplasticity.schedule.SparsityDistribution;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * The options that every command that trains has in common: all but the method, the sparsity, the
 * seed and the folder, of which a sweep has many.
 */
final class TrainOptions {
    @Option(
            names = "--dataset",
            paramLabel = "NAME",
            defaultValue = "mnist-sample",
            description = "mnist-sample (embedded), mnist, fashion-mnist, cifar10 or csv:FILE.")
    private String dataset;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Where data sets are looked for first and fetched to.")
    private Path dataDir;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            defaultValue = "mlp:1000-1000-1000",
            description =
                    "mlp:WIDTHS of the hidden layers, lenet-300-100, conv-2, conv-4, conv-6, or a"
                            + " DL4J configuration .json or model .zip.")
    private String model;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            defaultValue = "auto",
            description =
                    "${COMPLETION-CANDIDATES}. packed: only active weights exist, in fully connected"
                            + " layers; masked: all exist, masks lie over them, kernels too; auto:"
                            + " packed where that is faster, masked elsewhere.")
    private Mode mode;

    @Option(
            names = "--distribution",
            paramLabel = "NAME",
            defaultValue = "erk",
            converter = DistributionConverter.class,
            description =
                    "How the active connections are shared out over the layers: uniform,"
                            + " uniform-dense-first, erdos-renyi, erk, or epsilon:E (SET's form, which"
                            + " sets the sparsity itself).")
    private SparsityDistribution distribution;

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

    @Option(
            names = "--checkpoint-every",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Iterations between checkpoints within an epoch; there is always one at its end.")
    private int checkpointEvery;

    @Option(
            names = "--resume",
            description =
                    "Go on from the checkpoint in --out if there is one, as if the run had never been"
                            + " interrupted.")
    private boolean resume;

    /** Turns a distribution's name into the distribution. */
    static final class DistributionConverter implements ITypeConverter<SparsityDistribution> {
        @Override
        public SparsityDistribution convert(String name) {
            try {
                return SparsityDistribution.parse(name);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /**
     * {@return the settings of one run}
     *
     * @throws IllegalArgumentException if one of them is out of range
     */
    TrainSettings settings(Method method, double sparsity, long seed, Path out) {
        return new TrainSettings(
                dataset,
                dataDir,
                model,
                method,
                mode,
                sparsity,
                distribution,
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

    /** {@return a folder name that tells what is trained on what} */
    String folderName() {
        return (dataset + "_" + model).replaceAll("[^A-Za-z0-9._-]", "-");
    }
}
