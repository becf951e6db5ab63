package org.dl4jplasticity.topology;

import static org.assertj.core.api.Assertions.assertThat;

/** What holds for every topology, whatever made it. */
final class TopologyStructure {
    private TopologyStructure() {}

    /** Checks the invariants of the compressed rows and that the transpose says the same. */
    static void check(SparseTopology topology) {
        int[] starts = topology.rowStarts();
        int[] columns = topology.columns();
        assertThat(starts).hasSize(topology.nOut() + 1).isSorted();
        assertThat(starts[0]).isZero();
        assertThat(starts[topology.nOut()]).isEqualTo(columns.length);
        assertThat(columns).hasSize(topology.activeCount()).isNotEmpty();
        long[] ids = topology.ids();
        assertThat(ids).hasSize(columns.length);
        for (int row = 0; row < topology.nOut(); row++) {
            for (int p = starts[row]; p < starts[row + 1]; p++) {
                assertThat(columns[p]).isBetween(0, topology.nIn() - 1);
                assertThat(ids[p]).isEqualTo((long) row * topology.nIn() + columns[p]);
                if (p > starts[row]) {
                    assertThat(columns[p]).isGreaterThan(columns[p - 1]);
                }
            }
        }
        checkTranspose(topology, ids);
    }

    private static void checkTranspose(SparseTopology topology, long[] ids) {
        SparseTopology.Transpose transpose = topology.transpose();
        int[] starts = transpose.rowStarts();
        assertThat(starts).hasSize(topology.nIn() + 1).isSorted();
        assertThat(starts[0]).isZero();
        assertThat(starts[topology.nIn()]).isEqualTo(ids.length);
        for (int input = 0; input < topology.nIn(); input++) {
            for (int entry = starts[input]; entry < starts[input + 1]; entry++) {
                int output = transpose.columns()[entry];
                assertThat(ids[transpose.positions()[entry]])
                        .isEqualTo((long) output * topology.nIn() + input);
                if (entry > starts[input]) {
                    assertThat(output).isGreaterThan(transpose.columns()[entry - 1]);
                }
            }
        }
    }
}
