package org.dl4jplasticity.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dl4jplasticity.topology.ConnectionIds;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MutationJournalTest {
    @TempDir private Path folder;
    private Path journal;

    @BeforeEach
    void nameTheJournal() {
        journal = folder.resolve("journal.jsonl");
    }

    private static Mutation first(String weights, long seed, Map<String, Double> scores) {
        return new Mutation(
                0,
                Integer.MAX_VALUE,
                0,
                "rewire",
                weights,
                new long[] {0, 4_611_686_014_132_420_609L},
                new long[0],
                seed,
                scores,
                "0123456789abcdef",
                "fedcba9876543210");
    }

    @Test
    void mutationsAreReadBackAsTheyWereWritten() throws IOException {
        JournalFiles.write(journal, JournalFiles.THREE);
        MutationJournal.Contents contents = MutationJournal.read(journal);
        assertThat(contents.mutations()).isEqualTo(JournalFiles.THREE);
        assertThat(contents.truncated()).isEmpty();
    }

    @Test
    void aLineIsTheJsonThatTheFormatTells() throws IOException {
        JournalFiles.write(journal, JournalFiles.THREE.subList(0, 2));
        byte[] expected =
                JournalFiles.chained(
                        "{\"version\":1,\"sequence\":0,\"iteration\":100,\"epoch\":0,\"kind\":\"rewire\","
                                + "\"weights\":\"0/W\",\"dropped\":\"%s\",\"grown\":\"%s\",\"seed\":42,"
                                        .formatted(
                                                ConnectionIds.toText(new long[] {1, 5}),
                                                ConnectionIds.toText(new long[] {2, 7}))
                                + "\"scores\":{\"fraction\":0.3,\"threshold\":0.25},"
                                + "\"before\":\"00000000000000aa\",\"after\":\"00000000000000bb\"",
                        "{\"version\":1,\"sequence\":1,\"iteration\":100,\"epoch\":0,\"kind\":\"prune\","
                                + "\"weights\":\"out/W\",\"dropped\":\"%s\",\"grown\":\"%s\",\"seed\":-7,"
                                        .formatted(
                                                ConnectionIds.toText(new long[] {0}),
                                                ConnectionIds.toText(new long[0]))
                                + "\"scores\":{},"
                                + "\"before\":\"00000000000000cc\",\"after\":\"00000000000000dd\"");
        assertThat(journal).hasBinaryContent(expected);
    }

    @Test
    void scoresKeepEveryDouble() throws IOException {
        Map<String, Double> scores =
                Map.of(
                        "nan", Double.NaN,
                        "up", Double.POSITIVE_INFINITY,
                        "down", Double.NEGATIVE_INFINITY,
                        "minus zero", -0.0,
                        "least", Double.MIN_VALUE,
                        "least normal", Double.MIN_NORMAL,
                        "most", Double.MAX_VALUE,
                        "third", 1.0 / 3);
        JournalFiles.write(journal, List.of(first("0/W", 1, scores)));
        assertThat(MutationJournal.read(journal).mutations().get(0).scores()).isEqualTo(scores);
        assertThat(Files.readString(journal))
                .contains("\"nan\":\"NaN\"", "\"up\":\"Infinity\"", "\"down\":\"-Infinity\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lstm/RW",
                "\u5c64/W",
                "cut \ud800 pair/W",
                "a \"quoted\\\" name\n/W",
                ",\"check\":\"0123456789abcdef\"}"
            })
    void weightsOfAnyNameAreKeptInAscii(String weights) throws IOException {
        JournalFiles.write(journal, List.of(first(weights, Long.MIN_VALUE, Map.of())));
        assertThat(MutationJournal.read(journal).mutations())
                .containsExactly(first(weights, Long.MIN_VALUE, Map.of()));
        for (byte value : Files.readAllBytes(journal)) {
            assertThat(value).isBetween((byte) 10, (byte) 126);
        }
    }

    @Test
    void aMutationIsInTheFileAtOnce() throws IOException {
        try (MutationJournal writer = MutationJournal.create(journal)) {
            for (int written = 0; written < 3; written++) {
                assertThat(MutationJournal.read(journal).mutations()).hasSize(written);
                writer.append(JournalFiles.THREE.get(written));
            }
            writer.force();
            assertThat(MutationJournal.read(journal).mutations()).hasSize(3);
        }
    }

    @Test
    void thePositionIsTheEndOfTheFile() throws IOException {
        try (MutationJournal writer = MutationJournal.create(journal)) {
            assertThat(writer.position()).isEqualTo(Position.START);
            for (Mutation mutation : JournalFiles.THREE) {
                writer.append(mutation);
                String text = Files.readString(journal);
                String check = text.substring(text.length() - 19, text.length() - 3);
                assertThat(writer.position())
                        .isEqualTo(new Position(text.length(), mutation.sequence() + 1, check));
                assertThat(writer.nextSequence()).isEqualTo(mutation.sequence() + 1);
            }
        }
    }

    @Test
    void theReaderIsWhereTheWriterWas() throws IOException {
        try (MutationJournal writer = MutationJournal.create(journal);
                JournalReader reader = JournalReader.open(journal)) {
            for (Mutation mutation : JournalFiles.THREE) {
                writer.append(mutation);
                assertThat(reader.next()).contains(mutation);
                assertThat(reader.position()).isEqualTo(writer.position());
            }
        }
    }

    @Test
    void linesLongerThanTheReadersBufferAreReadBack() throws IOException {
        long[] many = new long[200_000];
        for (int i = 0; i < many.length; i++) {
            many[i] = (long) i * i;
        }
        Mutation big =
                new Mutation(
                        0,
                        1,
                        0,
                        "rewire",
                        "0/W",
                        many,
                        many,
                        1,
                        Map.of(),
                        "0123456789abcdef",
                        "0123456789abcdef");
        JournalFiles.write(journal, List.of(big, JournalFiles.THREE.get(1)));
        assertThat(Files.size(journal)).isGreaterThan(200_000);
        assertThat(MutationJournal.read(journal).mutations())
                .containsExactly(big, JournalFiles.THREE.get(1));
    }

    @Test
    void aNewJournalDoesNotOverwriteAnother() throws IOException {
        Files.writeString(journal, "of another run");
        assertThatThrownBy(() -> MutationJournal.create(journal))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContainingAll(journal.toString(), "a new run starts a new journal");
        assertThat(journal).hasContent("of another run");
    }

    @Test
    void aMutationOutOfTurnIsRefusedAndNotWritten() throws IOException {
        try (MutationJournal writer = MutationJournal.create(journal)) {
            writer.append(JournalFiles.THREE.get(0));
            Position before = writer.position();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> writer.append(JournalFiles.THREE.get(2)))
                    .withMessageContainingAll("must have sequence number 1", "Mutation[2");
            assertThat(writer.position()).isEqualTo(before);
            assertThat(Files.size(journal)).isEqualTo(before.bytes());
        }
    }

    @Test
    void aClosedJournalTakesNothing() throws IOException {
        MutationJournal writer = MutationJournal.create(journal);
        writer.close();
        assertThatIOException().isThrownBy(() -> writer.append(JournalFiles.THREE.get(0)));
        assertThat(journal).isEmptyFile();
    }

    @Test
    void anInterruptOfTheThreadDoesNotHurtTheJournal() throws IOException {
        try (MutationJournal writer = MutationJournal.create(journal)) {
            Thread.currentThread().interrupt();
            for (Mutation mutation : JournalFiles.THREE) {
                writer.append(mutation);
            }
            writer.force();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(MutationJournal.read(journal).mutations()).isEqualTo(JournalFiles.THREE);
    }

    @Test
    void whatAFailedAttemptLeftInTheFileIsOverwritten() throws IOException {
        try (MutationJournal writer = MutationJournal.create(journal)) {
            writer.append(JournalFiles.THREE.get(0));
            Files.writeString(
                    journal,
                    Files.readString(journal) + "{\"version\":1,\"seq" + "x".repeat(1_000));
            writer.append(JournalFiles.THREE.get(1));
        }
        assertThat(MutationJournal.read(journal).mutations())
                .isEqualTo(JournalFiles.THREE.subList(0, 2));
    }

    @Test
    void aJournalThatSomethingElseCutIsNotWrittenOn() throws IOException {
        try (MutationJournal writer = MutationJournal.create(journal)) {
            writer.append(JournalFiles.THREE.get(0));
            Files.writeString(journal, "cut");
            assertThatIOException()
                    .isThrownBy(() -> writer.append(JournalFiles.THREE.get(1)))
                    .withMessageContainingAll(
                            "expected %d bytes".formatted(writer.position().bytes()), "got 3");
        }
        assertThat(journal).hasContent("cut");
    }

    @Test
    void anEmptyJournalHoldsNothing() throws IOException {
        MutationJournal.create(journal).close();
        MutationJournal.Contents contents = MutationJournal.read(journal);
        assertThat(contents.mutations()).isEmpty();
        assertThat(contents.truncated()).isEmpty();
    }
}
