package org.dl4jplasticity.experiments.search;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.dl4jplasticity.experiments.Plasticity;
import picocli.CommandLine;

/** A folder with data that are learned in no time, spaces, and calls of the command. */
record SearchFiles(Path folder) {

    /** What a call came to. */
    record Call(int code, String errors) {}

    /** {@return a file of points on two rings} */
    Path rings() throws IOException {
        SplittableRandom random = new SplittableRandom(7);
        StringBuilder csv = new StringBuilder();
        for (int i = 0; i < 400; i++) {
            int label = i % 2;
            for (int feature = 0; feature < 10; feature++) {
                csv.append(
                        String.format(Locale.ROOT, "%.4f,", random.nextGaussian(0, 1 + 2 * label)));
            }
            csv.append(label).append('\n');
        }
        return Files.writeString(folder.resolve("rings.csv"), csv);
    }

    /** {@return a file of these lines} */
    Path space(String... lines) throws IOException {
        return Files.writeString(folder.resolve("space.yaml"), String.join("\n", lines) + "\n");
    }

    /** {@return a space of small networks, with lines that say what is searched} */
    Path small(String... searched) throws IOException {
        List<String> lines =
                new ArrayList<>(
                        List.of(
                                "settings: {model: 'mlp:12-8', epochs: 2, batch: 20, validation: 0.25,"
                                        + " learningRate: 0.05, sparsity: 0.6}",
                                "search:"));
        lines.addAll(List.of(searched));
        return space(lines.toArray(String[]::new));
    }

    /** {@return the arguments of a search on the rings} */
    List<String> arguments(Path space, Path out, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("search", "--dataset", "csv:" + rings()));
        arguments.addAll(List.of("--space", space.toString(), "--out", out.toString()));
        arguments.addAll(List.of(options));
        return arguments;
    }

    /** Searches in this process. */
    Call search(Path space, Path out, String... options) throws IOException {
        StringWriter errors = new StringWriter();
        CommandLine command = Plasticity.commandLine().setErr(new PrintWriter(errors, true));
        int code = command.execute(arguments(space, out, options).toArray(String[]::new));
        return new Call(code, errors.toString());
    }
}
