package org.dl4jplasticity.experiments.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;

/** The folder a run writes into. A file appears in it whole or not at all. */
public final class RunFolder {
    private final Path folder;

    public RunFolder(Path folder) {
        this.folder = folder;
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new IllegalArgumentException("--out: expected a folder, got the file " + folder);
        }
    }

    public Path folder() {
        return folder;
    }

    /**
     * Writes a file under another name, which a later attempt uses again, and moves it to its
     * place.
     */
    public void write(String name, Consumer<Path> content) {
        Path unfinished = folder.resolve("." + name + ".unfinished");
        try {
            Files.createDirectories(folder);
            content.accept(unfinished);
            Files.move(
                    unfinished,
                    folder.resolve(name),
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "can't write %s: %s".formatted(folder.resolve(name), e.getMessage()), e);
        } finally {
            deleteIfThere(unfinished);
        }
    }

    public void write(String name, String text) {
        write(
                name,
                path -> {
                    try {
                        Files.writeString(path, text);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    /** Removes files of an earlier run that this one would be taken for otherwise. */
    public void clear(String... names) {
        try {
            Files.createDirectories(folder);
            for (String name : names) {
                Files.deleteIfExists(folder.resolve(name));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "can't clear %s: %s".formatted(folder, e.getMessage()), e);
        }
    }

    private static void deleteIfThere(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // An unfinished file that stays behind hurts nobody.
        }
    }
}
