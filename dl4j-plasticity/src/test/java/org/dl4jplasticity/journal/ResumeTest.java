package org.dl4jplasticity.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal goes on where a checkpoint was, or refuses and stays as it is. */
class ResumeTest {
    @TempDir private Path folder;
    private Path journal;
    private byte[] whole;

    /** The position before each mutation, and after the last. */
    private List<Position> positions;

    @BeforeEach
    void writeAJournal() throws IOException {
        journal = folder.resolve("journal.jsonl");
        positions = new ArrayList<>(List.of(Position.START));
        try (MutationJournal writer = MutationJournal.create(journal)) {
            for (Mutation mutation : JournalFiles.THREE) {
                writer.append(mutation);
                positions.add(writer.position());
            }
        }
        whole = Files.readAllBytes(journal);
    }

    private void refuses(Position position, String... parts) throws IOException {
        byte[] before = Files.readAllBytes(journal);
        assertThatThrownBy(() -> MutationJournal.resume(journal, position))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining(journal.toString())
                .hasMessageContainingAll(parts)
                .hasMessageNotContaining("\n");
        assertThat(journal).hasBinaryContent(before);
    }

    @Test
    void aResumedJournalIsByteForByteTheUninterruptedOne() throws IOException {
        for (int checkpoint = 0; checkpoint <= 3; checkpoint++) {
            int at = (int) positions.get(checkpoint).bytes();
            for (int killed = at; killed <= whole.length; killed++) {
                Files.write(journal, Arrays.copyOf(whole, killed));
                try (MutationJournal resumed =
                        MutationJournal.resume(journal, positions.get(checkpoint))) {
                    assertThat(resumed.position()).isEqualTo(positions.get(checkpoint));
                    assertThat(Files.size(journal)).isEqualTo(at);
                    for (Mutation mutation : JournalFiles.THREE.subList(checkpoint, 3)) {
                        resumed.append(mutation);
                    }
                    assertThat(resumed.position()).isEqualTo(positions.get(3));
                }
                assertThat(Files.readAllBytes(journal)).isEqualTo(whole);
            }
        }
    }

    @Test
    void damageBehindThePositionIsCutOff() throws IOException {
        whole[(int) positions.get(1).bytes()] = 'x';
        Files.write(journal, whole);
        MutationJournal.resume(journal, positions.get(1)).close();
        assertThat(MutationJournal.read(journal).mutations())
                .isEqualTo(JournalFiles.THREE.subList(0, 1));
    }

    @Test
    void aFileShorterThanThePositionIsRefused() throws IOException {
        int end = (int) positions.get(2).bytes();
        for (int length = 0; length < end; length++) {
            Files.write(journal, Arrays.copyOf(whole, length));
            refuses(
                    positions.get(2),
                    "goes on after 2 mutations in %d bytes".formatted(end),
                    "but the journal leads to ");
        }
    }

    @Test
    void damageBeforeThePositionIsRefusedWithItsLine() throws IOException {
        int line = 1;
        for (int changed = 0; changed < positions.get(2).bytes(); changed++) {
            byte right = whole[changed];
            whole[changed] ^= 1;
            Files.write(journal, whole);
            refuses(positions.get(2), "line %d: ".formatted(line));
            whole[changed] = right;
            if (right == '\n') {
                line++;
            }
        }
    }

    @Test
    void thePositionInAnotherJournalIsRefused() throws IOException {
        Position two = positions.get(2);
        refuses(
                new Position(two.bytes(), 2, "0123456789abcdef"),
                "2 mutations",
                "with check 0123456789abcdef, but",
                "with check " + two.check());
        refuses(new Position(two.bytes(), 1, two.check()), "1 mutations", "2 mutations");
        refuses(new Position(two.bytes() - 3, 2, two.check()), "line 2: ");
        refuses(new Position(two.bytes() + 1, 2, two.check()), "line 3: ");
    }

    @Test
    void aMissingJournalIsRefusedAndNotMade() {
        Path missing = folder.resolve("missing.jsonl");
        assertThatThrownBy(() -> MutationJournal.resume(missing, Position.START))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContainingAll("missing.jsonl", "the journal", "is missing");
        assertThat(missing).doesNotExist();
    }
}
