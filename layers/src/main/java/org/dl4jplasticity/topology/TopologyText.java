package org.dl4jplasticity.topology;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/** The compact text form of a topology; see {@link SparseTopology#toText}. */
final class TopologyText {
    private static final String VERSION = "1";

    private TopologyText() {}

    static String write(SparseTopology topology) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(2 * topology.activeCount() + 16);
        try (OutputStream out = new DeflaterOutputStream(bytes)) {
            long previous = -1;
            for (long id : topology.ids()) {
                writeVarint(out, id - previous - 1);
                previous = id;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return String.join(
                ":",
                VERSION,
                Integer.toString(topology.nIn()),
                Integer.toString(topology.nOut()),
                Integer.toString(topology.activeCount()),
                Base64.getEncoder().withoutPadding().encodeToString(bytes.toByteArray()));
    }

    static SparseTopology read(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 5 || !parts[0].equals(VERSION)) {
            throw malformed(text, "expected 1:nIn:nOut:active:DATA", null);
        }
        try {
            int nIn = Integer.parseInt(parts[1]);
            int nOut = Integer.parseInt(parts[2]);
            int active = Integer.parseInt(parts[3]);
            if (active < 1 || active > (long) nIn * nOut) {
                throw new IllegalArgumentException("active connections out of range");
            }
            return SparseTopology.of(nIn, nOut, readIds(parts[4], active));
        } catch (IOException | IllegalArgumentException e) {
            throw malformed(text, e.getMessage(), e);
        }
    }

    private static long[] readIds(String data, int active) throws IOException {
        byte[] bytes = Base64.getDecoder().decode(data);
        try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(bytes))) {
            // Grows as connections are read: a corrupted number must not cost the memory it
            // announces.
            long[] ids = new long[Math.min(active, 1 << 16)];
            long previous = -1;
            for (int i = 0; i < active; i++) {
                if (i == ids.length) {
                    ids = Arrays.copyOf(ids, (int) Math.min(active, 2L * i));
                }
                previous += readVarint(in) + 1;
                ids[i] = previous;
            }
            if (in.read() >= 0) {
                throw new IOException("more than the " + active + " connections it announces");
            }
            return ids;
        }
    }

    private static void writeVarint(OutputStream out, long value) throws IOException {
        long rest = value;
        while (rest >= 0x80) {
            out.write((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
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

    private static IllegalArgumentException malformed(String text, String why, Exception cause) {
        String start = text.length() > 40 ? text.substring(0, 40) + "..." : text;
        return new IllegalArgumentException(
                "not the text of a sparse topology: '%s' (%s)".formatted(start, why), cause);
    }
}
