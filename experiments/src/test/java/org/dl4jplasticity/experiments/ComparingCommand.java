package org.dl4jplasticity.experiments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;

/** A command with options that make it small, and the folder that it writes into. */
public final class ComparingCommand {
    private final String name;
    private final Path out;
    private final String[] small;
    private final StringWriter errors = new StringWriter();

    public ComparingCommand(String name, Path out, String... small) {
        this.name = name;
        this.out = out;
        this.small = small;
    }

    /** Calls it; an option replaces the small one of its name. Returns the exit code. */
    public int call(String... options) {
        List<String> arguments = new ArrayList<>(List.of(name, "--out", out.toString()));
        arguments.addAll(Arrays.asList(small));
        arguments.addAll(Arrays.asList(options));
        CommandLine commandLine = Plasticity.commandLine();
        commandLine.setErr(new PrintWriter(errors));
        commandLine.setOverwrittenOptionsAllowed(true);
        return commandLine.execute(arguments.toArray(new String[0]));
    }

    /** {@return what all calls told of errors} */
    public String errors() {
        return errors.toString();
    }

    /** {@return a file that it wrote} */
    public JsonNode json(String file) throws IOException {
        return new ObjectMapper().readTree(out.resolve(file).toFile());
    }
}
