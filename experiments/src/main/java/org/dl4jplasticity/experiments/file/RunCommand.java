package org.dl4jplasticity.experiments.file;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code plasticity run}. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the command that a file in YAML asks for: the key command, and a key for each of"
                    + " its options (without dashes) and parameters.",
            "A list stands for several values, true and false for options without a value."
        })
public final class RunCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The experiment file.")
    private Path file;

    @Override
    public Integer call() {
        CommandLine all = spec.commandLine().getParent();
        return all.execute(ExperimentFile.read(file).commandLine(all).toArray(new String[0]));
    }
}
