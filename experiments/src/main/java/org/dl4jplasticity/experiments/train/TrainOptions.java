package org.dl4jplasticity.experiments.train;

import java.nio.file.Path;
import org.dl4jplasticity.experiments.run.Mode;
import org.dl4jplasticity.schedule.SparsityDistribution;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * The options that every command that trains sparse networks has in common: all but the method, the
 * sparsity, the seed and the folder, of which a sweep has many.
 */
public final class TrainOptions {
    @Mixin private LearningOptions learning;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            defaultValue = "auto",
            description =
                    "${COMPLETION-CANDIDATES}. packed: only active weights exist, in fully connected"
                            + " layers and convolutions; masked: all exist, masks lie over them;"
                            + " auto: packed where that is faster, masked elsewhere.")
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

    @Option(
            names = "--update-every",
            paramLabel = "N",
            description =
                    "Iterations between updates of the connections, for methods with an interval;"
                            + " by default as the method has it, and more often in a short run.")
    private Integer updateEvery;

    @Option(
            names = "--drop-fraction",
            paramLabel = "F",
            description =
                    "The share of connections that the first update exchanges, in (0, 1), for"
                            + " methods that have one; by default the method's own.")
    private Double dropFraction;

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
    public static final class DistributionConverter
            implements ITypeConverter<SparsityDistribution> {
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
    public TrainSettings settings(Method method, double sparsity, long seed, Path out) {
        return learning.settings(
                method,
                mode,
                sparsity,
                distribution,
                new Rewiring(updateEvery, dropFraction),
                seed,
                out,
                checkpointEvery,
                resume);
    }

    /** {@return a folder name that tells what is trained on what} */
    public String folderName() {
        return learning.folderName();
    }
}
