package org.dl4jplasticity.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.shade.jackson.databind.ObjectMapper;

class TopologyTextTest {
    private final SparseTopology small = SparseTopology.of(4, 3, 1, 3, 8, 9);

    @Test
    void theTextHoldsVersionShapeCountAndDeflatedGaps() throws IOException {
        String[] parts = small.toText().split(":", -1);
        assertThat(parts).hasSize(5).startsWith("1", "4", "3", "4");
        assertThat(inflate(parts[4])).containsExactly(1, 1, 4, 0);
    }

    @Test
    void gapsAreWrittenSevenBitsAtATime() throws IOException {
        // 300 = 2 * 128 + 44; the low bits come first, 128 marks that more follow.
        String text = SparseTopology.of(1_000, 1, 300, 428, 556).toText();
        assertThat(inflate(text.substring(text.lastIndexOf(':') + 1)))
                .containsExactly(128 + 44, 2, 127, 127);
    }

    private static byte[] inflate(String data) throws IOException {
        byte[] bytes = Base64.getDecoder().decode(data);
        try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(bytes))) {
            return in.readAllBytes();
        }
    }

    private static String deflate(int... bytes) throws IOException {
        ByteArrayOutputStream deflated = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(deflated)) {
            for (int value : bytes) {
                out.write(value);
            }
        }
        return Base64.getEncoder().withoutPadding().encodeToString(deflated.toByteArray());
    }

    @ParameterizedTest(name = "{0} x {1}, {2} active")
    @CsvSource({
        "1, 1, 1",
        "4, 3, 1",
        "17, 9, 40",
        "300, 100, 3000",
        "300, 100, 29999",
        "100000, 100000, 1000"
    })
    void aTopologyIsReadBackAsItWasWritten(int nIn, int nOut, int active) {
        assertRoundTrip(
                SparseTopology.random(nIn, nOut, active, new SplittableRandom(nIn + active)));
    }

    @Test
    void aTextSavedOnceIsReadForever() {
        assertThat(SparseTopology.parse("1:4:3:4:eJxjZGRhAAAAEwAH")).isEqualTo(small);
    }

    @Test
    void aDenseTopologyIsReadBack() {
        assertRoundTrip(SparseTopology.dense(50, 40));
    }

    @Test
    void aGapOfAlmostTheWholeMatrixIsReadBack() {
        assertRoundTrip(SparseTopology.of(100_000, 100_000, 9_999_999_999L));
        assertRoundTrip(SparseTopology.of(100_000, 100_000, 0, 9_999_999_999L));
        assertRoundTrip(SparseTopology.of(Integer.MAX_VALUE, 2, 0, 2L * Integer.MAX_VALUE - 1));
    }

    private static void assertRoundTrip(SparseTopology topology) {
        assertThat(SparseTopology.parse(topology.toText())).isEqualTo(topology);
    }

    @Test
    void theTextIsAboutOneAndAHalfCharactersPerConnection() {
        SparseTopology topology =
                SparseTopology.random(784, 1_000, 78_400, new SplittableRandom(1));
        assertThat(topology.toText().length() / 78_400.0).isBetween(0.8, 1.6);
    }

    @Test
    void everyTruncationIsRefused() {
        String text = SparseTopology.random(40, 30, 200, new SplittableRandom(1)).toText();
        for (int length = 0; length < text.length(); length++) {
            String truncated = text.substring(0, length);
            assertThat(catchThrowable(() -> SparseTopology.parse(truncated)))
                    .as("first %d characters", length)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("not the text of a sparse topology: '");
        }
    }

    @Test
    void aChangedCharacterOfTheDataIsRefusedOrChangesNothing() {
        SparseTopology topology = SparseTopology.random(40, 30, 200, new SplittableRandom(2));
        String text = topology.toText();
        for (int at = text.lastIndexOf(':') + 1; at < text.length(); at++) {
            char other = text.charAt(at) == 'A' ? 'B' : 'A';
            String changed = text.substring(0, at) + other + text.substring(at + 1);
            try {
                assertThat(SparseTopology.parse(changed)).isEqualTo(topology);
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageStartingWith("not the text of a sparse topology: '");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "1:4:3:4",
                "1:4:3:4:eJw:more",
                "2:4:3:4:eJxjZGRhAAAACwAH",
                ":4:3:4:eJxjZGRhAAAACwAH"
            })
    void anotherFormOrVersionIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparseTopology.parse(text))
                .withMessage(
                        "not the text of a sparse topology: '%s' (expected 1:nIn:nOut:active:DATA)"
                                .formatted(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1:4:3:3:  | more than the 3 connections it announces",
                "1:4:3:5:  | fewer connections than it announces",
                "1:4:3:0:  | active connections out of range",
                "1:4:3:-4: | active connections out of range",
                "1:4:3:13: | active connections out of range",
                "1:0:3:4:  | active connections out of range",
                "1:-4:-3:4: | a topology needs at least 1 input and 1 output, got -4 x -3",
                "1:4:2:4:  | strictly ascending in [0, 8), got 8 after 3",
                "1:x:3:4:  | For input string",
                "1:4:3:99999999999: | For input string"
            })
    void numbersThatDontFitTheDataAreRefused(String head, String reason) {
        String data = small.toText().substring(small.toText().lastIndexOf(':') + 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparseTopology.parse(head + data))
                .withMessageStartingWith("not the text of a sparse topology: '" + head)
                .withMessageContaining(reason)
                .withMessageNotContaining("\n");
    }

    @Test
    void anAnnouncedNumberThatMemoryCouldNotHoldIsRefused() throws IOException {
        String text = "1:100000:100000:2147483647:" + deflate(1, 1, 4, 0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparseTopology.parse(text))
                .withMessageContaining("fewer connections than it announces");
    }

    @Test
    void dataThatIsNotBase64OrNotDeflatedIsRefused() {
        for (String data : List.of("!!!!", "AAAA", "eJx", "")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> SparseTopology.parse("1:4:3:4:" + data))
                    .withMessageStartingWith("not the text of a sparse topology: '1:4:3:4:");
        }
    }

    @Test
    void gapsThatLeaveTheMatrixAreRefused() throws IOException {
        String tooFar = "1:4:3:2:" + deflate(3, 8);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparseTopology.parse(tooFar))
                .withMessageContaining("got 12 after 3");
        String endless = "1:4:3:1:" + deflate(200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparseTopology.parse(endless))
                .withMessageContaining("a gap that is no number");
        int[] twoGapsOf62Bits = new int[18];
        Arrays.fill(twoGapsOf62Bits, 255);
        twoGapsOf62Bits[8] = 127;
        twoGapsOf62Bits[17] = 127;
        String overflowing = "1:4:3:2:" + deflate(twoGapsOf62Bits);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparseTopology.parse(overflowing))
                .withMessageContaining("strictly ascending in [0, 12)");
    }

    @Test
    void aLongTextIsQuotedByItsBeginning() {
        String text = "x".repeat(500);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparseTopology.parse(text))
                .withMessage(
                        "not the text of a sparse topology: '%s...' (expected"
                                        .formatted("x".repeat(40))
                                + " 1:nIn:nOut:active:DATA)");
    }

    @Test
    void inJsonATopologyIsItsText() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        String json = mapper.writeValueAsString(Map.of("topology", small));
        assertThat(json).isEqualTo("{\"topology\":\"" + small.toText() + "\"}");
        assertThat(mapper.readValue('"' + small.toText() + '"', SparseTopology.class))
                .isEqualTo(small);
    }

    @Test
    void aCorruptedTextInJsonIsRefusedWithTheReason() {
        assertThatThrownBy(() -> new ObjectMapper().readValue("\"oops\"", SparseTopology.class))
                .hasMessageContaining(
                        "not the text of a sparse topology: 'oops' (expected"
                                + " 1:nIn:nOut:active:DATA)");
    }

    @Test
    void javaSerializationKeepsItForConfigurationsAreSerializable() throws Exception {
        SparseTopology topology = SparseTopology.of(4, 3, 1, 3, 8, 9);
        SparseTopology.Transpose transpose = topology.transpose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(topology);
        }
        try (ObjectInputStream in =
                new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            SparseTopology read = (SparseTopology) in.readObject();
            assertThat(read).isEqualTo(topology);
            assertThat(read.transpose().positions()).isEqualTo(transpose.positions());
        }
    }
}
