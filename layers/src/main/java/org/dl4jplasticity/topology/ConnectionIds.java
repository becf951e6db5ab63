package org.dl4jplasticity.topology;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * The compact text form of any number of connection ids, none included: {@code count:DATA}.
 *
 * <p>DATA is the Base64, without padding, of the deflated gaps between consecutive ids. The first
 * gap is the first id, the next ones are what is skipped (0 for neighbours). A gap is written seven
 * bits a byte, the low ones first; the high bit of a byte says that another follows.
 */
public final class ConnectionIds {
    private ConnectionIds() {}

    /**
     * {@return the text {@code count:DATA} of some ids}
     *
     * @param ascendingIds connection ids, strictly ascending, each at least 0; there may be none
     * @throws IllegalArgumentException if one is negative or the order is not strictly ascending
     */
    public static String toText(long[] ascendingIds) {
        requireAscending(ascendingIds);
        return ascendingIds.length + ":" + encode(LongStream.of(ascendingIds)::forEachOrdered);
    }

    /**
     * {@return the ids that {@link #toText} wrote, strictly ascending}
     *
     * @param text the text {@code count:DATA}
     * @throws IllegalArgumentException if the text is not one, with what is wrong
     */
    public static long[] parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 2) {
            throw malformed("connection ids", text, "expected count:DATA", null);
        }
        try {
            int count = Integer.parseInt(parts[0]);
            if (count < 0) {
                throw new IllegalArgumentException("a negative count");
            }
            long[] ids = decode(parts[1], count);
            requireAscending(ids);
            return ids;
        } catch (IOException | IllegalArgumentException e) {
            throw malformed("connection ids", text, e.getMessage(), e);
        }
    }

    private static void requireAscending(long[] ids) {
        long previous = -1;
        for (long id : ids) {
            if (id <= previous) {
                throw new IllegalArgumentException(
                        "connection ids must be strictly ascending and at least 0, got %d after %d"
                                .formatted(id, previous));
            }
            previous = id;
        }
    }

    /**
     * {@return the DATA of ids}
     *
     * @param ids hands the ids over, which are known to be ascending and not negative
     */
    static String encode(Consumer<LongConsumer> ids) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        OutputStream base64 = Base64.getEncoder().withoutPadding().wrap(text);
        try (OutputStream out = new BufferedOutputStream(new DeflaterOutputStream(base64))) {
            ids.accept(new GapWriter(out));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString(StandardCharsets.ISO_8859_1);
    }

    /** Writes the gaps between the ids that it gets. */
    private static final class GapWriter implements LongConsumer {
        private final OutputStream out;
        private final byte[] gap = new byte[9];
        private long previous = -1;

        GapWriter(OutputStream out) {
            this.out = out;
        }

        @Override
        public void accept(long id) {
            try {
                out.write(gap, 0, putVarint(gap, 0, id - previous - 1));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            previous = id;
        }
    }

    /**
     * {@return the {@code count} ids of DATA} Gaps too large to add up give ids out of order: the
     * caller checks.
     *
     * @throws IOException if DATA is not deflated gaps, or of another number of ids
     * @throws IllegalArgumentException if DATA is not Base64
     */
    static long[] decode(String data, int count) throws IOException {
        byte[] bytes = Base64.getDecoder().decode(data);
        try (InputStream in =
                new BufferedInputStream(new InflaterInputStream(new ByteArrayInputStream(bytes)))) {
            // Grows as connections are read: a corrupted number must not cost the memory it
            // announces.
            long[] ids = new long[Math.min(count, 1 << 16)];
            long previous = -1;
            for (int i = 0; i < count; i++) {
                if (i == ids.length) {
                    ids = Arrays.copyOf(ids, (int) Math.min(count, 2L * i));
                }
                previous += readVarint(in) + 1;
                ids[i] = previous;
            }
            if (in.read() >= 0) {
                throw new IOException("more than the " + count + " connections it announces");
            }
            return ids;
        }
    }

    /** Writes a gap at an index of an array and returns the index behind it. */
    static int putVarint(byte[] bytes, int index, long value) {
        int next = index;
        long rest = value;
        while (rest >= 0x80) {
            bytes[next++] = (byte) ((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        bytes[next++] = (byte) rest;
        return next;
    }

    private static long readVarint(InputStream in) throws IOException {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("fewer connections than it announces");
            }
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new IOException("a gap that is no number");
    }

    /**
     * {@return the refusal of a text that should be that of {@code what}, quoting its beginning}
     */
    static IllegalArgumentException malformed(
            String what, String text, String why, Exception cause) {
        String start = text.length() > 40 ? text.substring(0, 40) + "..." : text;
        return new IllegalArgumentException(
                "not the text of %s: '%s' (%s)".formatted(what, start, why), cause);
    }
}
