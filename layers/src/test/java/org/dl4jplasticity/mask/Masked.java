package org.dl4jplasticity.mask;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.dl4jplasticity.topology.SparseTopology;

/** What the masks of a network are, and whether its weights obey them. */
final class Masked {
    private Masked() {}

    static List<SparseTopology> masks(Model network) {
        return MaskableWeights.of(network).stream()
                .map(weights -> weights.mask().orElseThrow())
                .toList();
    }

    static void assertInactiveAreZero(Model network) {
        List<MaskableWeights> all = MaskableWeights.of(network);
        assertThat(all).isNotEmpty();
        for (MaskableWeights weights : all) {
            double[] values = Design.flat(weights.array());
            SparseTopology mask = weights.mask().orElseThrow();
            double inactive = 0;
            int active = 0;
            for (int id = 0; id < mask.possibleCount(); id++) {
                if (Arrays.binarySearch(mask.ids(), id) < 0) {
                    inactive += Math.abs(values[id]);
                } else if (values[id] != 0) {
                    active++;
                }
            }
            assertThat(inactive).as("inactive weights of %s", weights).isEqualTo(0);
            assertThat(active).as("active weights of %s", weights).isEqualTo(mask.activeCount());
        }
    }
}
