package org.dl4jplasticity.experiments;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.dl4jplasticity.datasets.ConsoleProgress;
import org.dl4jplasticity.datasets.DatasetFetcher;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code plasticity fetch}. */
@Command(
        name = "fetch",
        mixinStandardHelpOptions = true,
        description = "Fetches data sets, verified by checksum.")
final class FetchCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "DATASET",
            arity = "1..*",
            description = "mnist, fashion-mnist or cifar10.")
    private List<String> datasets;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Where to; ~/.dl4j-plasticity/data by default.")
    private Path dataDir;

    @Override
    public Integer call() {
        for (String dataset : datasets) {
            Path folder = DatasetFetcher.fetch(dataset, dataDir, new ConsoleProgress());
            System.out.println(dataset + " is in " + folder);
        }
        return CommandLine.ExitCode.OK;
    }
}
