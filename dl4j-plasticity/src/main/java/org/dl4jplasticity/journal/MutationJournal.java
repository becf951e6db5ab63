package org.dl4jplasticity.journal;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A journal open for writing. Each mutation is a line in the file when {@link #append} returns, so
 * that it survives the end of the process; {@link #force} makes it survive that of the machine.
 * Only one journal at a time may write to a file. Not safe for use by several threads.
 */
public final class MutationJournal implements Closeable {
    private final RandomAccessFile file;
    private Position position;

    /** The file is not a channel, which an interrupt of the training thread would close. */
    private MutationJournal(RandomAccessFile file, Position position) {
        this.file = file;
        this.position = position;
    }

    /**
     * All of a journal.
     *
     * @param mutations in order
     * @param truncated a sentence on the last line if it was cut off and left out
     */
    public record Contents(List<Mutation> mutations, Optional<String> truncated) {}

    /**
     * {@return a new journal, empty} A new run starts a new journal: what an earlier run wrote is
     * not overwritten.
     *
     * @param journal a file that doesn't exist yet, in a folder that does
     * @throws FileAlreadyExistsException if it exists
     * @throws IOException if it can't be created
     */
    public static MutationJournal create(Path journal) throws IOException {
        try {
            Files.createFile(journal);
        } catch (FileAlreadyExistsException e) {
            FileAlreadyExistsException refusal =
                    new FileAlreadyExistsException(
                            journal.toString(),
                            null,
                            "a new run starts a new journal, and a journal is here already");
            refusal.initCause(e);
            throw refusal;
        }
        return new MutationJournal(new RandomAccessFile(journal.toFile(), "rw"), Position.START);
    }

    /**
     * {@return a journal that goes on at a position} What follows the position, of a run that went
     * on after its last checkpoint, is cut off. Up to there every line's check is confirmed first.
     *
     * @param journal the file
     * @param position what {@link #position} was when the checkpoint was written
     * @throws JournalException if the file is shorter than the position, a line up to there isn't
     *     as it was written, or the lines don't lead to that position; the file is unchanged
     * @throws IOException if the file is missing or can't be read or written
     */
    public static MutationJournal resume(Path journal, Position position) throws IOException {
        requireLeadsTo(journal, position);
        RandomAccessFile file = new RandomAccessFile(journal.toFile(), "rw");
        try {
            file.setLength(position.bytes());
        } catch (IOException e) {
            file.close();
            throw e;
        }
        return new MutationJournal(file, position);
    }

    private static void requireLeadsTo(Path journal, Position position) throws IOException {
        if (!Files.exists(journal)) {
            throw new NoSuchFileException(
                    journal.toString(),
                    null,
                    "the journal that a checkpoint goes on with is missing");
        }
        try (ChainedLines lines =
                new ChainedLines(Files.newInputStream(journal), journal.toString())) {
            while (lines.position().bytes() < position.bytes()) {
                if (lines.next().isEmpty()) {
                    break;
                }
            }
            Position got = lines.position();
            if (!got.equals(position)) {
                throw lines.fault(
                        Math.max(1, got.sequence()),
                        ("the checkpoint goes on after %s, but the journal leads to %s: it is not"
                                        + " the journal of this checkpoint, or not all of it")
                                .formatted(words(position), words(got)),
                        null);
            }
        }
    }

    private static String words(Position position) {
        return "%d mutations in %d bytes with check %s"
                .formatted(position.sequence(), position.bytes(), position.check());
    }

    /**
     * {@return all of a journal; a long one is better read by a {@link JournalReader}}
     *
     * @param journal the file
     * @throws JournalException if a line isn't as it was written, except a last one that is cut off
     * @throws IOException if the file can't be read
     */
    public static Contents read(Path journal) throws IOException {
        try (JournalReader reader = JournalReader.open(journal)) {
            return readAll(reader);
        }
    }

    static Contents readAll(JournalReader reader) throws IOException {
        List<Mutation> mutations = new ArrayList<>();
        Optional<Mutation> next = reader.next();
        while (next.isPresent()) {
            mutations.add(next.get());
            next = reader.next();
        }
        return new Contents(mutations, reader.truncated());
    }

    /**
     * Appends a mutation, in the file when this returns. After a failure the same mutation may be
     * tried again: what a failed attempt left in the file is overwritten.
     *
     * @param mutation what happened, with {@link #nextSequence} for its sequence number
     * @throws IllegalArgumentException if it has another sequence number
     * @throws IOException if it can't be written
     */
    public void append(Mutation mutation) throws IOException {
        if (mutation.sequence() != nextSequence()) {
            throw new IllegalArgumentException(
                    "the next mutation of the journal must have sequence number %d, got %s"
                            .formatted(nextSequence(), mutation));
        }
        String object = MutationJson.write(mutation);
        String open = object.substring(0, object.length() - 1);
        String check = Chain.check(position.check(), open);
        byte[] line =
                (open + Chain.BEFORE_CHECK + check + Chain.AFTER_CHECK + "\n")
                        .getBytes(StandardCharsets.US_ASCII);
        write(line);
        position = new Position(position.bytes() + line.length, position.sequence() + 1, check);
    }

    /** A failed attempt may have left a part of a line behind the position. */
    private void write(byte[] line) throws IOException {
        long length = file.length();
        if (length < position.bytes()) {
            throw new IOException(
                    "the journal was cut while it was written: expected %d bytes, got %d"
                            .formatted(position.bytes(), length));
        }
        if (length > position.bytes()) {
            file.setLength(position.bytes());
        }
        file.seek(position.bytes());
        file.write(line);
    }

    /** {@return the sequence number that the next mutation must have} */
    public long nextSequence() {
        return position.sequence();
    }

    /** {@return the place after the last mutation appended: what a checkpoint records} */
    public Position position() {
        return position;
    }

    /**
     * Has the machine write everything appended so far to its storage; to be called before a
     * checkpoint records the {@link #position}.
     *
     * @throws IOException if it can't
     */
    public void force() throws IOException {
        file.getFD().sync();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
