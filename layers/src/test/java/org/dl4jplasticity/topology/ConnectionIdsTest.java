package org.dl4jplasticity.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.SplittableRandom;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionIdsTest {

    @Test
    void theTextHoldsTheCountAndTheDeflatedGaps() throws IOException {
        String[] parts = ConnectionIds.toText(new long[] {1, 3, 8, 9}).split(":", -1);
        assertThat(parts).hasSize(2).startsWith("4");
        assertThat(inflate(parts[1])).containsExactly(1, 1, 4, 0);
    }

    @Test
    void gapsAreWrittenSevenBitsAtATime() throws IOException {
        // 300 = 2 * 128 + 44; the low bits come first, 128 marks that more follow.
        String text = ConnectionIds.toText(new long[] {300, 428, 556});
        assertThat(text).startsWith("3:");
        assertThat(inflate(text.substring(2))).containsExactly(128 + 44, 2, 127, 127);
    }

    @Test
    void noConnectionIsATextToo() throws IOException {
        String text = ConnectionIds.toText(new long[0]);
        assertThat(text).startsWith("0:");
        assertThat(inflate(text.substring(2))).isEmpty();
        assertThat(ConnectionIds.parse(text)).isEmpty();
    }

    @Test
    void theDataIsThatOfATopologyWithTheSameConnections() {
        SparseTopology topology = SparseTopology.random(40, 30, 200, new SplittableRandom(1));
        assertThat("1:40:30:" + ConnectionIds.toText(topology.ids())).isEqualTo(topology.toText());
    }

    @Test
    void aTextWrittenOnceIsReadForever() {
        assertThat(ConnectionIds.parse("4:eJxjZGRhAAAAEwAH")).containsExactly(1, 3, 8, 9);
        assertThat(ConnectionIds.parse("0:eJwDAAAAAAE")).isEmpty();
    }

    @ParameterizedTest(name = "{0} ids, seed {1}")
    @CsvSource({"1, 1", "2, 2", "100, 3", "8191, 4", "8192, 5", "8193, 6", "70000, 7", "200000, 8"})
    void idsAreReadBackAsTheyWereWritten(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long[] ids = new long[count];
        long id = -1;
        for (int i = 0; i < count; i++) {
            // Gaps of one to six bytes.
            id += 1 + random.nextLong(1L << random.nextInt(1, 40));
            ids[i] = id;
        }
        assertThat(ConnectionIds.parse(ConnectionIds.toText(ids))).isEqualTo(ids);
    }

    @Test
    void everyIdThatIsALongIsReadBack() {
        long[] ids = {0, 1, Long.MAX_VALUE - 1, Long.MAX_VALUE};
        assertThat(ConnectionIds.parse(ConnectionIds.toText(ids))).isEqualTo(ids);
        long[] last = {Long.MAX_VALUE};
        assertThat(ConnectionIds.parse(ConnectionIds.toText(last))).isEqualTo(last);
    }

    @ParameterizedTest
    @CsvSource({"5, 5, 5 after 5", "5, 4, 4 after 5", "-1, 3, -1 after -1"})
    void idsOutOfOrderOrNegativeAreRefused(long first, long second, String got) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConnectionIds.toText(new long[] {first, second}))
                .withMessage(
                        "connection ids must be strictly ascending and at least 0, got " + got);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "4", "4:eJxjZGRhAAAAEwAH:", "1:4:3:4:eJxjZGRhAAAAEwAH"})
    void anotherFormIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConnectionIds.parse(text))
                .withMessage(
                        "not the text of connection ids: '%s' (expected count:DATA)"
                                .formatted(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3           | more than the 3 connections it announces",
                "0           | more than the 0 connections it announces",
                "5           | fewer connections than it announces",
                "2147483647  | fewer connections than it announces",
                "-4          | a negative count",
                "''          | For input string",
                "x           | For input string",
                "99999999999 | For input string"
            })
    void aCountThatDoesNotFitTheDataIsRefused(String count, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConnectionIds.parse(count + ":eJxjZGRhAAAAEwAH"))
                .withMessageStartingWith("not the text of connection ids: '" + count + ":")
                .withMessageContaining(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"!!!!", "AAAA", "eJx", ""})
    void dataThatIsNotBase64OrNotDeflatedIsRefused(String data) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConnectionIds.parse("4:" + data))
                .withMessageStartingWith("not the text of connection ids: '4:" + data + "' (");
    }

    @Test
    void gapsThatAddUpToNoLongAreRefused() throws IOException {
        byte[] twoGapsOf63Bits = new byte[18];
        Arrays.fill(twoGapsOf63Bits, (byte) 255);
        twoGapsOf63Bits[8] = 127;
        twoGapsOf63Bits[17] = 127;
        String text = "2:" + deflate(twoGapsOf63Bits);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConnectionIds.parse(text))
                .withMessageContaining(
                        "connection ids must be strictly ascending and at least 0, got -1 after"
                                + " 9223372036854775807");
        byte[] endless = new byte[10];
        Arrays.fill(endless, (byte) 200);
        String tooLong = "1:" + deflate(endless);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConnectionIds.parse(tooLong))
                .withMessageContaining("a gap that is no number");
    }

    @Test
    void everyTruncationIsRefused() {
        String text =
                ConnectionIds.toText(
                        SparseTopology.random(40, 30, 200, new SplittableRandom(2)).ids());
        for (int length = 0; length < text.length(); length++) {
            String truncated = text.substring(0, length);
            assertThat(catchThrowable(() -> ConnectionIds.parse(truncated)))
                    .as("first %d characters", length)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("not the text of connection ids: '");
        }
    }

    private static byte[] inflate(String data) throws IOException {
        byte[] bytes = Base64.getDecoder().decode(data);
        try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(bytes))) {
            return in.readAllBytes();
        }
    }

    private static String deflate(byte[] bytes) throws IOException {
        ByteArrayOutputStream deflated = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(deflated)) {
            out.write(bytes);
        }
        return Base64.getEncoder().withoutPadding().encodeToString(deflated.toByteArray());
    }
}
