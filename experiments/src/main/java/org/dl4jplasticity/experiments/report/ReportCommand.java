package org.dl4jplasticity.experiments.report;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code plasticity report}. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = {
            "Makes the page of a run anew from the files in its folder, or one page that compares"
                    + " several runs."
        })
public final class ReportCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "DIR",
            arity = "1..*",
            description = "The folder of a finished run, or several folders.")
    private List<Path> runs;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "A folder with data sets, looked into first.")
    private Path dataDir;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "runs/comparison",
            showDefaultValue = CommandLine.Help.Visibility.ALWAYS,
            description = "Folder for the page that compares several runs.")
    private Path out;

    @Override
    public Integer call() {
        if (runs.size() == 1) {
            RunReport.write(runs.get(0), dataDir);
            System.out.println(runs.get(0).resolve(RunReport.PAGE));
        } else {
            RunComparison.write(runs, dataDir, out);
            System.out.println(out.resolve(RunReport.PAGE));
        }
        return CommandLine.ExitCode.OK;
    }
}
