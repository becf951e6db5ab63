package org.dl4jplasticity.topology;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The fingerprint of a topology; see {@link SparseTopology#digest}. */
final class TopologyDigest {

    /** Ids are handed to SHA-256 this many at a time. */
    private static final int BLOCK = 4096;

    private static final int BYTES_KEPT = 8;

    private TopologyDigest() {}

    static String of(SparseTopology topology) {
        MessageDigest sha256 = sha256();
        ByteBuffer bytes = ByteBuffer.allocate(BLOCK * Long.BYTES).order(ByteOrder.BIG_ENDIAN);
        bytes.putInt(topology.nIn()).putInt(topology.nOut());
        sha256.update(bytes.array(), 0, 2 * Integer.BYTES);
        bytes.clear();
        topology.forEachId(
                id -> {
                    if (!bytes.hasRemaining()) {
                        sha256.update(bytes.flip());
                        bytes.clear();
                    }
                    bytes.putLong(id);
                });
        sha256.update(bytes.flip());
        return HexFormat.of().formatHex(sha256.digest(), 0, BYTES_KEPT);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
