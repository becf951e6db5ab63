package org.dl4jplasticity.journal;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads a journal one mutation after the other, with no more than one in memory. What it returns is
 * as it was written: a line counts when its newline is there, its check follows from everything
 * before it, and its sequence number is its turn. A file that ends within a line, as after a power
 * failure, is read up to that line, and {@link #truncated} tells; anything else is refused with the
 * number of the line. Not safe for use by several threads.
 */
public final class JournalReader implements Closeable {
    private final ChainedLines lines;

    JournalReader(InputStream in, String name) {
        this.lines = new ChainedLines(in, name);
    }

    /**
     * {@return a reader of a journal from its first line}
     *
     * @param journal the file
     * @throws IOException if it can't be opened
     */
    public static JournalReader open(Path journal) throws IOException {
        return new JournalReader(Files.newInputStream(journal), journal.toString());
    }

    /**
     * {@return the next mutation, or nothing at the end}
     *
     * @throws IOException if the file can't be read
     * @throws JournalException if the line isn't as it was written, or is of a newer format
     */
    public Optional<Mutation> next() throws IOException {
        long expected = lines.position().sequence();
        Optional<byte[]> line = lines.next();
        if (line.isEmpty()) {
            return Optional.empty();
        }
        Mutation mutation;
        try {
            mutation = MutationJson.read(line.get());
        } catch (IllegalArgumentException e) {
            throw lines.fault(expected + 1, e.getMessage(), e);
        }
        if (mutation.sequence() != expected) {
            throw lines.fault(
                    expected + 1,
                    "expected sequence number %d, got %d".formatted(expected, mutation.sequence()),
                    null);
        }
        return Optional.of(mutation);
    }

    /** {@return the place after the last line read} */
    public Position position() {
        return lines.position();
    }

    /**
     * {@return a sentence on the last line if it was found to be cut off and left out; known once
     * {@link #next} has returned nothing}
     */
    public Optional<String> truncated() {
        return lines.truncated();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
