package org.dl4jplasticity.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.dl4jplasticity.sparse.Budgets.RedistributedByMomentum;
import org.junit.jupiter.api.Test;

/** How sparse momentum shares out over the layers what all of them have dropped. */
class RedistributionTest {

    @Test
    void sharesAreInProportionAndWhatRoundingLeavesGoesToTheLargest() {
        // 7.5 and 2.5: 7 and 2, and the one left over to the first.
        assertThat(share(10, new double[] {3, 1}, 100, 100)).containsExactly(8, 2);
        assertThat(share(12, new double[] {1, 2, 3}, 100, 100, 100)).containsExactly(2, 4, 6);
    }

    @Test
    void whatALayerHasNoRoomForGoesToTheOthersInTheSameProportion() {
        // 7 of 10 to the first, which takes 4; 2 to the second; the 4 left all to the second.
        assertThat(share(10, new double[] {3, 1}, 4, 100)).containsExactly(4, 6);
        // 6, 3, 3 of 12 with room for 2 in the first: 4 left, 2 and 2.
        assertThat(share(12, new double[] {2, 1, 1}, 2, 100, 100)).containsExactly(2, 5, 5);
    }

    @Test
    void withoutAnyMomentumTheFirstLayersWithRoomGetAll() {
        assertThat(share(7, new double[] {0, 0, 0}, 3, 3, 3)).containsExactly(3, 3, 1);
        assertThat(share(0, new double[] {1, 1}, 0, 0)).containsExactly(0, 0);
    }

    @Test
    void nothingIsLostAndNoLayerGetsMoreThanItHasRoomFor() {
        SplittableRandom random = new SplittableRandom(11);
        for (int trial = 0; trial < 500; trial++) {
            int layers = 1 + random.nextInt(5);
            long[] room = random.longs(layers, 0, 50).toArray();
            double[] proportion = random.doubles(layers).toArray();
            int total = random.nextInt((int) Arrays.stream(room).sum() + 1);
            int[] shares = share(total, proportion, room);
            assertThat(Arrays.stream(shares).sum()).isEqualTo(total);
            for (int layer = 0; layer < layers; layer++) {
                assertThat((long) shares[layer]).isBetween(0L, room[layer]);
            }
        }
    }

    private static int[] share(int total, double[] proportion, long... room) {
        return RedistributedByMomentum.shareOut(total, proportion, room);
    }
}
