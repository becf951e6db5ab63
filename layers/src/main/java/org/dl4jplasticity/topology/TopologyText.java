package org.dl4jplasticity.topology;

import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** The compact text form of a topology; see {@link SparseTopology#toText}. */
final class TopologyText {
    private static final String VERSION = "1";

    private TopologyText() {}

    /**
     * {@return the text}
     *
     * @param ids hands the connections over, ascending
     */
    static String write(int nIn, int nOut, long active, Consumer<LongConsumer> ids) {
        return String.join(
                ":",
                VERSION,
                Integer.toString(nIn),
                Integer.toString(nOut),
                Long.toString(active),
                ConnectionIds.encode(ids));
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
            return SparseTopology.of(nIn, nOut, ConnectionIds.decode(parts[4], active));
        } catch (IOException | IllegalArgumentException e) {
            throw malformed(text, e.getMessage(), e);
        }
    }

    private static IllegalArgumentException malformed(String text, String why, Exception cause) {
        return ConnectionIds.malformed("a sparse topology", text, why, cause);
    }
}
