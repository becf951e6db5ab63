package org.dl4jplasticity.journal;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The lines of a journal from its start, each with its check confirmed, none of them read. */
final class ChainedLines implements Closeable {
    private final InputStream in;
    private final String name;
    private final byte[] buffer = new byte[1 << 16];
    private int next;
    private int end;
    private Position position = Position.START;
    private String truncated;

    ChainedLines(InputStream in, String name) {
        this.in = in;
        this.name = name;
    }

    /** {@return the place after the last line returned} */
    Position position() {
        return position;
    }

    /** {@return what is cut off, once the end is reached and if something is} */
    Optional<String> truncated() {
        return Optional.ofNullable(truncated);
    }

    /**
     * {@return the next line without its newline, or nothing at the end}
     *
     * @throws JournalException if the line isn't as it was written
     */
    Optional<byte[]> next() throws IOException {
        if (truncated != null) {
            return Optional.empty();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean whole = readTo('\n', bytes);
        byte[] line = bytes.toByteArray();
        if (whole) {
            confirm(line);
            return Optional.of(line);
        }
        if (line.length > 0) {
            reportCut(line);
        }
        return Optional.empty();
    }

    private boolean readTo(char last, ByteArrayOutputStream bytes) throws IOException {
        while (true) {
            int from = next;
            while (next < end) {
                if (buffer[next++] == last) {
                    bytes.write(buffer, from, next - 1 - from);
                    return true;
                }
            }
            bytes.write(buffer, from, end - from);
            next = 0;
            end = Math.max(0, in.read(buffer));
            if (end == 0) {
                return false;
            }
        }
    }

    private void confirm(byte[] line) {
        String check;
        try {
            check = Chain.confirm(position.check(), line);
        } catch (IllegalArgumentException e) {
            throw fault(number(), e.getMessage(), e);
        }
        position = new Position(position.bytes() + line.length + 1, position.sequence() + 1, check);
    }

    private void reportCut(byte[] line) {
        if (!Chain.isCutLine(line)) {
            throw fault(number(), "expected a newline after its check, got something else", null);
        }
        truncated =
                "%s: line %d is cut off after %d bytes and left out"
                        .formatted(name, number(), line.length);
    }

    private long number() {
        return position.sequence() + 1;
    }

    /** {@return the complaint about a line} */
    JournalException fault(long line, String what, Throwable cause) {
        return new JournalException(line, "%s, line %d: %s".formatted(name, line, what), cause);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
