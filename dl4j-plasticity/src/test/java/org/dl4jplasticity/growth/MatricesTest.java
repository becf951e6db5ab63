package org.dl4jplasticity.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MatricesTest {

    /** [[3, 0], [0, -5]]: the right vector of 5 is (0, 1), its left one (0, -1). */
    @Test
    void settlesTheSignOfSingularVectorsByTheRightOnes() {
        SingularVectors vectors = SingularVectors.of(new double[] {3, 0, 0, -5}, 2, 2);
        assertThat(vectors.values()).containsExactly(new double[] {5, 3}, within(1e-15));
        assertThat(vectors.right()[0]).containsExactly(new double[] {0, 1}, within(1e-15));
        assertThat(vectors.left()[0]).containsExactly(new double[] {0, -1}, within(1e-15));
        assertThat(vectors.right()[1]).containsExactly(new double[] {1, 0}, within(1e-15));
        assertThat(vectors.left()[1]).containsExactly(new double[] {1, 0}, within(1e-15));
        assertThat(vectors.energy()).isEqualTo(34, within(1e-13));
    }

    /** Two rows of one direction have one singular value: the root of 1 + 4 + 4 + 16. */
    @Test
    void leavesDirectionsOutThatAreNone() {
        SingularVectors vectors = SingularVectors.of(new double[] {1, 2, 2, 4}, 2, 2);
        assertThat(vectors.values()).containsExactly(new double[] {5}, within(1e-14));
        assertThat(SingularVectors.of(new double[6], 2, 3).count()).isZero();
        assertThat(SingularVectors.of(new double[0], 0, 3).count()).isZero();
    }

    @Test
    void takesTheFirstAndThoseAboveAThreshold() {
        SingularVectors vectors =
                SingularVectors.of(new double[] {3, 0, 0, 0, 2, 0, 0, 0, 1}, 3, 3);
        assertThat(vectors.first(2).values()).containsExactly(new double[] {3, 2}, within(1e-15));
        assertThat(vectors.first(9).count()).isEqualTo(3);
        assertThat(vectors.from(1.5).count()).isEqualTo(2);
        assertThat(vectors.from(4).count()).isZero();
    }

    @Test
    void singularVectorsMakeUpTheMatrixWideOrTall() {
        SplittableRandom random = new SplittableRandom(3);
        for (int[] shape : new int[][] {{3, 7}, {7, 3}, {5, 5}, {1, 4}, {4, 1}}) {
            double[] matrix = random.doubles((long) shape[0] * shape[1], -1, 1).toArray();
            SingularVectors vectors = SingularVectors.of(matrix, shape[0], shape[1]);
            double[] sum = new double[matrix.length];
            for (int i = 0; i < vectors.count(); i++) {
                for (int place = 0; place < sum.length; place++) {
                    sum[place] +=
                            vectors.values()[i]
                                    * vectors.left()[i][place / shape[1]]
                                    * vectors.right()[i][place % shape[1]];
                }
            }
            assertThat(sum).containsExactly(matrix, within(1e-13));
        }
    }

    /** [[4, 0], [0, 9]]: columns of 1/3 and 1/2. */
    @Test
    void inverseRootTurnsTheMatrixIntoTheUnitMatrix() {
        InverseRoot root = InverseRoot.of(new double[] {4, 0, 0, 9}, 0);
        assertThat(root.root()).containsExactly(new double[] {0, 0.5, 1 / 3.0, 0}, within(1e-15));
        // [[2, 1], [1, 2]] x = (3, 0) has the solution (2, -1)
        assertThat(InverseRoot.of(new double[] {2, 1, 1, 2}, 0).solve(new double[] {3, 0}, 1))
                .containsExactly(new double[] {2, -1}, within(1e-14));
    }

    /** Of [[1, 1], [1, 1]] the pseudo-inverse is a quarter of itself. */
    @Test
    void inverseRootLeavesOutWhatTheMatrixDoesNotHave() {
        InverseRoot root = InverseRoot.of(new double[] {1, 1, 1, 1}, 1e-6);
        assertThat(root.rank()).isEqualTo(1);
        assertThat(root.solve(new double[] {1, 0, 0, 1}, 2))
                .containsExactly(new double[] {0.25, 0.25, 0.25, 0.25}, within(1e-15));
        assertThat(InverseRoot.of(new double[] {4, 0, 0, 1}, 0.3).rank()).isEqualTo(1);
        assertThat(InverseRoot.of(new double[] {4, 0, 0, 1}, 0.2).rank()).isEqualTo(2);
        assertThat(InverseRoot.of(new double[4], 1e-6).rank()).isZero();
    }

    @Test
    void multipliesMatrices() {
        double[] a = {1, 2, 3, 4, 5, 6};
        // [[1, 2], [3, 4], [5, 6]] times [[1, 0, 2], [0, 1, 3]]
        assertThat(Products.product(a, 3, 2, new double[] {1, 0, 2, 0, 1, 3}, 3))
                .containsExactly(1, 2, 8, 3, 4, 18, 5, 6, 28);
        // transposed [[1, 3, 5], [2, 4, 6]] times [[1], [0], [2]]
        double[] into = {100, 200};
        Products.addTransposed(a, 3, 2, new double[] {1, 0, 2}, 1, into);
        assertThat(into).containsExactly(111, 214);
    }

    @Test
    void amplitudeIsWhereTheLossIsLeast() {
        // the loss of an output gain g^2 whose best value is t
        for (double best : new double[] {1e-4, 0.3, 1, 7, 3000}) {
            double found = Amplitude.search(best * best, g -> Math.pow(g * g - best, 2));
            assertThat(found * found / best).isEqualTo(1, within(1e-5));
        }
    }

    @Test
    void amplitudeIsZeroWhereNothingHelps() {
        assertThat(Amplitude.search(1, g -> 1 + g)).isZero();
        assertThat(Amplitude.search(1, g -> 1)).isZero();
        assertThat(Amplitude.search(1, g -> Double.NaN)).isZero();
    }

    /** Best at 0.25, and no number at all from 0.5 on. */
    @Test
    void amplitudeShunsWhatIsNoNumber() {
        double found = Amplitude.search(1, g -> g >= 0.5 ? Double.NaN : Math.pow(4 * g - 1, 2));
        assertThat(found).isEqualTo(0.25, within(1e-5));
    }
}
