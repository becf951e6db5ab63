package org.dl4jplasticity.experiments.run;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which data set, and where it is looked for. */
public final class DataOptions {
    @Option(
            names = "--dataset",
            paramLabel = "NAME",
            defaultValue = "mnist-sample",
            description =
                    "mnist-sample (embedded), mnist, fashion-mnist, cifar10, csv:FILE or images:DIR"
                            + " (a folder of images for each class).")
    private String dataset;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Where data sets are looked for first and fetched to.")
    private Path dataDir;

    public String dataset() {
        return dataset;
    }

    /** {@return the folder, or null} */
    public Path dataDir() {
        return dataDir;
    }
}
