package org.dl4jplasticity.datasets;

import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Programs of the machine, found on a search path and run without a shell.
 *
 * @param searchPath folders, separated as in the environment variable PATH
 */
record ExternalTools(String searchPath) {

    private static final Duration LIMIT = Duration.ofMinutes(10);

    static ExternalTools ofThisMachine() {
        String path = System.getenv("PATH");
        return new ExternalTools(path == null ? "" : path);
    }

    /**
     * Where a program is.
     *
     * @throws IOException saying that it isn't there
     */
    Path find(String program) throws IOException {
        for (String folder : searchPath.split(File.pathSeparator, -1)) {
            if (folder.isEmpty()) {
                continue; // The current folder: nothing is run from there.
            }
            for (String ending : List.of(".cmd", ".exe", "")) {
                try {
                    Path candidate = Path.of(folder, program + ending);
                    if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                        return candidate.toAbsolutePath();
                    }
                } catch (InvalidPathException e) {
                    // An entry that names no folder holds no program.
                }
            }
        }
        throw new IOException("no %s on the PATH".formatted(program));
    }

    /**
     * Runs a program to its end.
     *
     * @param folder where it runs; its output is kept there in a file while it runs
     * @throws IOException if it isn't on the path, fails or takes longer than ten minutes, with the
     *     last line it said
     */
    void run(Path folder, String program, String... arguments)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, program, ".log");
        List<String> command =
                Stream.concat(Stream.of(find(program).toString()), Stream.of(arguments)).toList();
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectInput(ProcessBuilder.Redirect.from(output.toFile()))
                        .redirectOutput(ProcessBuilder.Redirect.to(output.toFile()))
                        .start();
        try {
            if (!process.waitFor(LIMIT.toMinutes(), TimeUnit.MINUTES)) {
                throw new IOException(
                        "%s took longer than %d minutes".formatted(program, LIMIT.toMinutes()));
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
        if (process.exitValue() != 0) {
            throw new IOException(
                    "%s ended with exit code %d: %s"
                            .formatted(program, process.exitValue(), lastLine(output)));
        }
    }

    private static String lastLine(Path output) throws IOException {
        String text = new String(Files.readAllBytes(output), Charset.defaultCharset()).strip();
        return text.isEmpty() ? "it said nothing" : text.substring(text.lastIndexOf('\n') + 1);
    }
}
