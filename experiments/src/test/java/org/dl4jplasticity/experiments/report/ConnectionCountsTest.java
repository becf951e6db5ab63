package org.dl4jplasticity.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.Test;

class ConnectionCountsTest {
    @Test
    void countsTheConnectionsOfEachInput() {
        // Units 0 and 1 of three inputs: 0-0, 0-2, 1-2.
        SparseTopology topology = SparseTopology.of(3, 2, 0, 2, 5);

        assertThat(ConnectionCounts.ofInputs(topology)).containsExactly(1, 0, 2);
    }

    @Test
    void aMatrixOfItsOwnSizeHasOneWhereAConnectionIs() {
        SparseTopology topology = SparseTopology.of(3, 2, 0, 2, 5);

        assertThat(ConnectionCounts.matrix(topology, 2, 3)).containsExactly(1, 0, 1, 0, 0, 1);
    }

    @Test
    void aSmallerMatrixHasTheShareOfEachField() {
        SplittableRandom random = new SplittableRandom(20261122);
        SparseTopology topology = SparseTopology.random(17, 11, 60, random);
        double[] slow = new double[4 * 5];
        double[] possible = new double[slow.length];
        for (int unit = 0; unit < 11; unit++) {
            for (int input = 0; input < 17; input++) {
                int field = unit * 4 / 11 * 5 + input * 5 / 17;
                possible[field]++;
                slow[field] += topology.contains(unit * 17L + input) ? 1 : 0;
            }
        }
        for (int i = 0; i < slow.length; i++) {
            slow[i] /= possible[i];
        }

        assertThat(ConnectionCounts.matrix(topology, 4, 5)).containsExactly(slow, within(1e-12));
    }

    @Test
    void aLayerOfAMillionUnitsTakesAFewFields() {
        int units = 1_000_000;
        long[] ids = new long[units];
        Arrays.setAll(ids, unit -> (long) unit * units + unit);
        SparseTopology diagonal = SparseTopology.of(units, units, ids);

        double[] fields = ConnectionCounts.matrix(diagonal, 2, 2);

        assertThat(fields).containsExactly(2e-6, 0, 0, 2e-6);
    }

    @Test
    void smoothingIsTheMeanOfThePixelAndTheNeighboursThereAre() {
        double[] image = {1, 2, 3, 4, 5, 6};

        // Of 2 x 3 pixels a corner has four, a middle one six.
        assertThat(ConnectionCounts.smooth(image, 2, 3))
                .containsExactly(new double[] {3, 3.5, 4, 3, 3.5, 4}, within(1e-12));
    }

    @Test
    void theMiddleIsHalfOfTheHeightAndOfTheWidth() {
        double[] image = {
            1, 1, 1, 1,
            1, 6, 6, 1,
            1, 6, 6, 1,
            1, 1, 1, 4
        };

        // Four of 6 inside; eleven of 1 and a 4 outside.
        assertThat(ConnectionCounts.middleOverRest(image, 4, 4)).isCloseTo(6 / 1.25, within(1e-12));
    }
}
