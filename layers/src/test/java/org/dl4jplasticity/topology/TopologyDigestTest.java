package org.dl4jplasticity.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopologyDigestTest {

    /** What {@code sha256sum} says of the 8 + 8 n bytes that the Javadoc describes. */
    @Test
    void theDigestIsTheBeginningOfTheSha256OfShapeAndIds() {
        assertThat(SparseTopology.of(4, 3, 1, 3, 8, 9).digest()).isEqualTo("944678c8401d808b");
        assertThat(SparseTopology.of(3, 4, 1, 3, 8, 9).digest()).isEqualTo("b787be771c2fad18");
        assertThat(SparseTopology.of(1, 1, 0).digest()).isEqualTo("d66c3b2546298fcb");
    }

    /** Around and beyond the number of ids that are hashed at a time. */
    @ParameterizedTest(name = "{0} active")
    @ValueSource(ints = {1, 4095, 4096, 4097, 8192, 8193, 30_000})
    void manyIdsAreHashedAsOneStreamOfBigEndianNumbers(int active) throws Exception {
        SparseTopology topology =
                SparseTopology.random(100_000, 70_000, active, new SplittableRandom(active));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes); // big-endian by definition
        out.writeInt(100_000);
        out.writeInt(70_000);
        for (long id : topology.ids()) {
            out.writeLong(id);
        }
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
        String digits = "%064x".formatted(new BigInteger(1, hash));

        assertThat(topology.digest()).isEqualTo(digits.substring(0, 16));
    }

    @Test
    void equalTopologiesHaveEqualDigestsHoweverTheyCameAbout() {
        SparseTopology topology = SparseTopology.of(4, 3, 1, 3, 8, 9);
        SparseTopology regrown =
                SparseTopology.of(4, 3, 1, 3, 8).rewire(new int[0], new long[] {9}).topology();
        assertThat(regrown.digest()).isEqualTo(topology.digest());
        assertThat(SparseTopology.parse(topology.toText()).digest()).isEqualTo(topology.digest());
    }

    @Test
    void oneConnectionMoreLessOrMovedChangesTheDigest() {
        String digest = SparseTopology.of(4, 3, 1, 3, 8, 9).digest();
        assertThat(SparseTopology.of(4, 3, 1, 3, 8, 10).digest()).isNotEqualTo(digest);
        assertThat(SparseTopology.of(4, 3, 1, 3, 8).digest()).isNotEqualTo(digest);
        assertThat(SparseTopology.of(4, 3, 1, 3, 8, 9, 10).digest()).isNotEqualTo(digest);
        assertThat(SparseTopology.of(4, 4, 1, 3, 8, 9).digest()).isNotEqualTo(digest);
    }
}
