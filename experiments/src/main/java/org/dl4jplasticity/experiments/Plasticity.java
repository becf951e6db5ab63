package org.dl4jplasticity.experiments;

import org.dl4jplasticity.experiments.bench.BenchCommand;
import org.dl4jplasticity.experiments.bench.ScaleCommand;
import org.dl4jplasticity.experiments.dropout.DropoutCommand;
import org.dl4jplasticity.experiments.file.RunCommand;
import org.dl4jplasticity.experiments.grow.GrowCommand;
import org.dl4jplasticity.experiments.lottery.LotteryCommand;
import org.dl4jplasticity.experiments.prune.PruneCommand;
import org.dl4jplasticity.experiments.report.ReportCommand;
import org.dl4jplasticity.experiments.run.Failure;
import org.dl4jplasticity.experiments.search.SearchCommand;
import org.dl4jplasticity.experiments.sweep.SweepCommand;
import org.dl4jplasticity.experiments.train.TrainCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line, {@code ./plasticity COMMAND}. */
@Command(
        name = "plasticity",
        mixinStandardHelpOptions = true,
        versionProvider = Plasticity.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Networks whose structure learns while they train, on Deeplearning4j.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:failure", "2:wrong use or bad input"},
        subcommands = {
            TrainCommand.class,
            SweepCommand.class,
            PruneCommand.class,
            GrowCommand.class,
            LotteryCommand.class,
            DropoutCommand.class,
            SearchCommand.class,
            BenchCommand.class,
            ScaleCommand.class,
            FetchCommand.class,
            ReplayCommand.class,
            ReportCommand.class,
            RunCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Plasticity implements Runnable {
    @Spec private CommandSpec spec;

    /** For picocli. */
    Plasticity() {}

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "expected a command: " + String.join(", ", spec.subcommands().keySet()));
    }

    /**
     * Runs a command and exits with its code.
     *
     * @param arguments the command and its options
     */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** {@return the command line with all its commands, whose failures are told in one sentence} */
    public static CommandLine commandLine() {
        return new CommandLine(new Plasticity())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(sentenceAndCode());
    }

    /** What a user can mend is told in one sentence; what is our own fault with its trace. */
    private static IExecutionExceptionHandler sentenceAndCode() {
        return (exception, command, parsed) -> {
            Failure.tell(command.getErr(), exception.getMessage(), exception);
            return Failure.isBadInput(exception)
                    ? CommandLine.ExitCode.USAGE
                    : CommandLine.ExitCode.SOFTWARE;
        };
    }

    /** Tells the version that the build wrote into the jar. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Plasticity.class.getPackage().getImplementationVersion();
            return new String[] {"dl4j-plasticity " + (version == null ? "(unpackaged)" : version)};
        }
    }
}
