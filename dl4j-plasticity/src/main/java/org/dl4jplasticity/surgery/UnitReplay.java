package org.dl4jplasticity.surgery;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.api.Model;
import org.dl4jplasticity.journal.Mutation;
import org.dl4jplasticity.journal.UnitMutations;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.topology.SparseTopology;

/**
 * Replays changes of units on a network of the run's first structure: its widths follow the
 * journal, its weights don't matter.
 */
public final class UnitReplay implements UnitMutations {
    private static final int DIGITS = 16;

    private final Model network;

    /**
     * Begins where the journal does.
     *
     * @param network the network as it was before the first mutation; it will be changed
     */
    public UnitReplay(Model network) {
        this.network = network;
    }

    /**
     * {@return a fingerprint of a layer's width: the first 8 bytes of the SHA-256 of "width " and
     * the number, as hexadecimal digits}
     *
     * @param width the number of units
     */
    static String digest(int width) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(("width " + width).getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(hash).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public Map<String, SparseTopology> apply(
            Mutation mutation, Map<String, SparseTopology> topologies) {
        NetworkSurgery surgery = NetworkSurgery.of(network);
        String layerId = mutation.weights();
        int width = surgery.width(layerId);
        requireDigest("before", mutation.before(), width);
        if (mutation.kind().equals("recycle")) {
            requireDigest("after", mutation.after(), width);
            return Map.of();
        }
        UnitChange change =
                mutation.kind().equals("widen")
                        ? UnitChange.widen(width, mutation.grown().length)
                        : UnitChange.narrow(width, ints(mutation.dropped()));
        if (!Arrays.equals(change.added(), ints(mutation.grown()))) {
            throw new IllegalArgumentException(
                    "expected new units %s, got %s"
                            .formatted(
                                    Arrays.toString(change.added()),
                                    Arrays.toString(mutation.grown())));
        }
        requireDigest("after", mutation.after(), change.after());
        Map<String, SparseTopology> kept = new LinkedHashMap<>();
        for (ResizedTopology resized : surgery.resize(layerId, change, topologies)) {
            kept.put(resized.weights(), resized.kept());
        }
        return kept;
    }

    @Override
    public Optional<SparseTopology> unmasked(String weights) {
        return MaskableWeights.of(network).stream()
                .filter(each -> each.id().equals(weights))
                .map(each -> SparseTopology.dense(each.rowLength(), each.rows()))
                .findFirst();
    }

    private static void requireDigest(String when, String expected, int width) {
        if (!digest(width).equals(expected)) {
            throw new IllegalArgumentException(
                    "expected a width of digest %s %s it, got %d with digest %s"
                            .formatted(expected, when, width, digest(width)));
        }
    }

    private static int[] ints(long[] ids) {
        return LongStream.of(ids).mapToInt(Math::toIntExact).toArray();
    }
}
