package org.dl4jplasticity.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.dl4jplasticity.topology.ConnectionIds;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A journal that isn't as it was written is refused with the line; a cut last line is reported. */
class DamagedJournalTest {
    private static final String NO_IDS = ConnectionIds.toText(new long[0]);
    private static final String OBJECT =
            "{\"version\":1,\"sequence\":0,\"iteration\":1,\"epoch\":0,\"kind\":\"grow\",\"weights\":\"W\","
                    + "\"dropped\":\"%s\",\"grown\":\"%s\",".formatted(NO_IDS, NO_IDS)
                    + "\"seed\":1,\"scores\":{\"a\":1},"
                    + "\"before\":\"0123456789abcdef\",\"after\":\"0123456789abcdef\"";

    @TempDir private Path folder;
    private byte[] whole;

    /** The lines with their newlines. */
    private List<byte[]> lines;

    @BeforeEach
    void writeAJournal() throws IOException {
        Path journal = folder.resolve("journal.jsonl");
        JournalFiles.write(journal, JournalFiles.THREE);
        whole = Files.readAllBytes(journal);
        lines =
                new String(whole, StandardCharsets.US_ASCII)
                        .lines()
                        .map(line -> JournalFiles.bytes(line + "\n"))
                        .toList();
    }

    private static JournalException refusal(byte[] journal) {
        return catchThrowableOfType(JournalException.class, () -> JournalFiles.read(journal));
    }

    private static void refuses(byte[] journal, int line, String... parts) {
        JournalException refusal = refusal(journal);
        assertThat(refusal)
                .hasMessageStartingWith("journal.jsonl, line %d: ".formatted(line))
                .hasMessageContainingAll(parts)
                .hasMessageNotContaining("\n");
        assertThat(refusal.line()).isEqualTo(line);
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @Test
    void anyChangedByteIsFoundAndItsLineNamed() {
        int line = 1;
        for (int position = 0; position < whole.length; position++) {
            byte right = whole[position];
            int[] wrongs =
                    IntStream.concat(
                                    IntStream.range(0, 8).map(bit -> right ^ (1 << bit)),
                                    IntStream.of(0, '\n', '"', '}', 0xff))
                            .filter(wrong -> (byte) wrong != right)
                            .toArray();
            for (int wrong : wrongs) {
                whole[position] = (byte) wrong;
                JournalException refusal = refusal(whole);
                assertThat(refusal)
                        .as("byte %d of line %d changed to %d", position, line, wrong)
                        .isNotNull()
                        .hasMessageContaining("line %d: ".formatted(line));
                assertThat(refusal.line()).isEqualTo(line);
            }
            whole[position] = right;
            if (right == '\n') {
                line++;
            }
        }
        assertThat(line).isEqualTo(4);
    }

    @Test
    void aLastLineCutAnywhereIsLeftOutAndReported() throws IOException {
        int before = 0;
        for (int length = 0; length <= whole.length; length++) {
            MutationJournal.Contents contents = JournalFiles.read(Arrays.copyOf(whole, length));
            int start = IntStream.range(0, before).map(line -> lines.get(line).length).sum();
            if (before < 3 && length == start + lines.get(before).length) {
                start = length;
                before++;
            }
            assertThat(contents.mutations()).isEqualTo(JournalFiles.THREE.subList(0, before));
            if (length == start) {
                assertThat(contents.truncated()).isEmpty();
            } else {
                assertThat(contents.truncated())
                        .contains(
                                "journal.jsonl: line %d is cut off after %d bytes and left out"
                                        .formatted(before + 1, length - start));
            }
        }
        assertThat(before).isEqualTo(3);
    }

    @Test
    void zerosThatAPowerFailureLeftAreACutLine() throws IOException {
        MutationJournal.Contents contents = JournalFiles.read(joined(whole, new byte[4096]));
        assertThat(contents.mutations()).isEqualTo(JournalFiles.THREE);
        assertThat(contents.truncated())
                .contains("journal.jsonl: line 4 is cut off after 4096 bytes and left out");
    }

    @Test
    void linesThatAreMissingRepeatedOrMovedAreFound() {
        byte[] one = lines.get(0);
        byte[] two = lines.get(1);
        byte[] three = lines.get(2);
        refuses(joined(two, three), 1, "expected check ", "not where it was written");
        refuses(joined(one, three), 2, "expected check ");
        refuses(joined(one, one, two, three), 2, "expected check ");
        refuses(joined(one, three, two), 2, "expected check ");
        refuses(joined(one, two, three, three), 4, "expected check ");
    }

    @Test
    void whatIsNoLineIsRefused() {
        refuses(joined(lines.get(0), JournalFiles.bytes("\n")), 2, "got an empty line");
        refuses(
                JournalFiles.bytes("sequence,iteration,kind\n0,1,grow\n"),
                1,
                "expected a JSON object that ends in its check",
                "ends in 'sequence,iteration,kind'");
        byte[] windows =
                JournalFiles.bytes(
                        new String(whole, StandardCharsets.US_ASCII).replace("\n", "\r\n"));
        refuses(windows, 1, "ends in its check");
    }

    @Test
    void aProperChainOfProperLinesIsRead() throws IOException {
        assertThat(JournalFiles.read(JournalFiles.chained(OBJECT)).mutations()).hasSize(1);
    }

    @Test
    void aGapInTheSequenceIsRefused() {
        String next = OBJECT.replace("\"sequence\":0", "\"sequence\":2");
        refuses(JournalFiles.chained(OBJECT, next), 2, "expected sequence number 1, got 2");
        refuses(JournalFiles.chained(next), 1, "expected sequence number 0, got 2");
    }

    @Test
    void anotherVersionIsRefusedWhateverItsFields() {
        refuses(
                JournalFiles.chained("{\"version\":2,\"news\":[1,2]"),
                1,
                "version",
                "expected 1",
                "got 2");
    }

    /** Properly chained, so that only the content is wrong. */
    @ParameterizedTest(name = "{0} instead of {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "\"version\":1        | \"version\":\"1\"         | field 'version': expected an integer",
                "\"version\":1,       | \"news\":1,               | field 'version': expected an integer",
                "\"epoch\":0,         | \"epoch\":0,\"news\":1,   | expected the fields [version, sequence",
                "\"epoch\":0,         | ''                        | expected the fields [version, sequence",
                "\"epoch\":0,         | \"epoch\":0,\"epoch\":0,  | expected a JSON object",
                "\"epoch\":0,         | \"epoch\":,               | expected a JSON object",
                "\"iteration\":1      | \"iteration\":2147483648  | at most 2147483647, got 2147483648",
                "\"iteration\":1      | \"iteration\":1.5         | an integer of at most 2147483647, got 1.5",
                "\"iteration\":1      | \"iteration\":-1          | at least 0, got -1",
                "\"sequence\":0       | \"sequence\":-1           | at least 0, got -1",
                "\"seed\":1           | \"seed\":9223372036854775808 | field 'seed': expected an integer",
                "\"kind\":\"grow\"    | \"kind\":7                | field 'kind': expected a text, got 7",
                "\"kind\":\"grow\"    | \"kind\":\"\"             | one word",
                "\"scores\":{\"a\":1} | \"scores\":[1]            | expected an object of numbers, got [1]",
                "\"scores\":{\"a\":1} | \"scores\":{\"a\":\"1\"}  | got \"1\"",
                "\"scores\":{\"a\":1} | \"scores\":{\"a\":null}   | got null",
                "\"before\":\"0123    | \"before\":\"             | 16 lower-case hexadecimal digits",
                "\"dropped\":\"      | \"dropped\":\"!           | field 'dropped': "
            })
    void contentOfAnotherKindIsRefused(String right, String wrong, String complaint) {
        assertThat(OBJECT).contains(right);
        refuses(JournalFiles.chained(OBJECT.replace(right, wrong)), 1, complaint);
    }

    @Test
    void anythingButAnObjectIsRefused() {
        refuses(JournalFiles.chained("[{\"a\":1"), 1, "expected a JSON object");
        refuses(JournalFiles.chained(OBJECT + "},{\"a\":1"), 1, "expected a JSON object");
    }
}
