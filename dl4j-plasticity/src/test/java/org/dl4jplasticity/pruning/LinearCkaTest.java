package org.dl4jplasticity.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.deeplearning4j.nn.api.Model;
import org.dl4jplasticity.testing.NetworkClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** How alike two representations are. */
class LinearCkaTest {
    private static final double CLOSE = 1e-12;

    /**
     * Centered columns of X: (-1, 0, 1) and (1, -2, 1); of Y: (-1, 0, 1) and (0, -1, 1). Y^T X has
     * the rows (2, 0) and (1, 3), so 14; X^T X is diagonal with 2 and 6, so 40; Y^T Y has the rows
     * (2, 1) and (1, 2), so 10.
     */
    @Test
    void isWhatItIsByHand() {
        double[][] x = {{1, 5}, {2, 2}, {3, 5}};
        double[][] y = {{-7, 3}, {-6, 2}, {-5, 4}};

        assertThat(LinearCka.of(x, y)).isCloseTo(14 / Math.sqrt(400), within(CLOSE));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 9, 30})
    void isOneForTheSame(int features) {
        double[][] x = gaussian(1, 9, features);

        assertThat(LinearCka.of(x, x)).isCloseTo(1, within(CLOSE));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 12})
    void doesNotSeeRotationsReflectionsFactorsAndOffsets(int features) {
        double[][] x = gaussian(1, 8, features);
        double[][] y = gaussian(2, 8, 5);
        double[][] turned = new double[8][];
        for (int example = 0; example < 8; example++) {
            double[] row = x[example].clone();
            row[0] = 0.6 * x[example][0] - 0.8 * x[example][1];
            row[1] = -0.8 * x[example][0] - 0.6 * x[example][1];
            for (int feature = 0; feature < features; feature++) {
                row[feature] = -3 * row[feature] + 100 * feature;
            }
            turned[example] = row;
        }

        assertThat(LinearCka.of(turned, y)).isCloseTo(LinearCka.of(x, y), within(1e-10));
        assertThat(LinearCka.of(x, turned)).isCloseTo(1, within(1e-10));
    }

    /** One of two features is stretched. */
    @Test
    void seesOtherLinearMaps() {
        double[][] x = {{-1, 1}, {0, -2}, {1, 1}};
        double[][] y = {{-10, 1}, {0, -2}, {10, 1}};

        // Y^T X = diag(20, 6), Y^T Y = diag(200, 6)
        double expected = (400 + 36) / Math.sqrt(4 + 36) / Math.sqrt(40_000 + 36);
        assertThat(LinearCka.of(x, y)).isCloseTo(expected, within(CLOSE));
        assertThat(expected).isLessThan(0.4);
    }

    @Test
    void isNothingForUncorrelatedFeatures() {
        double[][] x = {{1}, {1}, {-1}, {-1}};
        double[][] y = {{1, 5}, {-1, 5}, {1, -5}, {-1, -5}};
        double[][] neither = {{1}, {-1}, {-1}, {1}};

        assertThat(LinearCka.of(x, neither)).isZero();
        assertThat(LinearCka.of(y, neither)).isZero();
        assertThat(LinearCka.of(x, y)).isPositive();
    }

    /** 6 features of 7 examples go one way, beside 40 constant ones the other way. */
    @Test
    void isTheSameFromFeaturesAndFromExamples() {
        double[][] x = gaussian(3, 7, 6);
        double[][] y = gaussian(4, 7, 5);
        double[][] wide = new double[7][46];
        for (int example = 0; example < 7; example++) {
            Arrays.fill(wide[example], 0.1);
            System.arraycopy(x[example], 0, wide[example], 20, 6);
        }

        assertThat(LinearCka.of(wide, y)).isCloseTo(LinearCka.of(x, y), within(CLOSE));
    }

    @Test
    void isNothingForWhatDoesNotVary() {
        double[][] constant = {{0.1, 3}, {0.1, 3}, {0.1, 3}};
        double[][] x = {{1, 5}, {2, 2}, {3, 5}};

        assertThat(LinearCka.of(constant, x)).isZero();
        assertThat(LinearCka.of(constant, constant)).isZero();
    }

    @Test
    void refusesWhatIsNoPairOfRepresentations() {
        double[][] two = {{1}, {2}};
        assertThatThrownBy(() -> LinearCka.of(two, new double[][] {{1}, {2}, {3}}))
                .hasMessageContaining("got 2 and 3 examples");
        assertThatThrownBy(() -> LinearCka.of(new double[0][], new double[0][]))
                .hasMessageContaining("got 0 and 0 examples");
        assertThatThrownBy(() -> LinearCka.of(two, new double[][] {{1}, {2, 3}}))
                .hasMessageContaining("second representation, got 2 for example 1");
        assertThatThrownBy(() -> LinearCka.of(new double[][] {{1}, {Double.NaN}}, two))
                .hasMessageContaining("got NaN as feature 0 of example 1 of the first");
    }

    /** Layer 0 gives its inputs, layer 1 their difference. */
    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void comparesLayersOfANetwork(NetworkClass type) {
        Model network =
                type.of(
                                Networks.settings(DataType.DOUBLE),
                                Networks.dense(2, 2, Activation.RELU).build(),
                                Networks.dense(2, 1, Activation.IDENTITY).build(),
                                Networks.squaredError(1, 1))
                        .model();
        Networks.setWeights(network, 0, 1, 0, 0, 1); // the identity
        Networks.setWeights(network, 1, 1, -1); // the difference
        double[][] rows = {{1, 0}, {0, 1}, {1, 1}, {2, 0}};
        double[][] differences = {{1}, {-1}, {0}, {2}};
        DataSet examples = new DataSet(Nd4j.createFromArray(rows), Networks.classes(4));
        String prefix = type == NetworkClass.GRAPH ? "layer" : "";

        assertThat(LinearCka.of(network, prefix + 0, prefix + 1, examples))
                .isCloseTo(LinearCka.of(rows, differences), within(CLOSE));
        assertThat(LinearCka.of(network, prefix + 1, prefix + 1, examples))
                .isCloseTo(1, within(CLOSE));
        assertThatThrownBy(() -> LinearCka.of(network, "7", prefix + 1, examples))
                .hasMessageContaining("got '7'");
    }

    /** More examples than go through a network at a time. */
    @ParameterizedTest
    @CsvSource({"300", "128"})
    void takesManyExamples(int examples) {
        Model network = Networks.perceptron(NetworkClass.SEQUENTIAL);
        DataSet data = new DataSet(Networks.gaussian(1, examples, 6), Networks.classes(examples));

        assertThat(LinearCka.of(network, "0", "0", data)).isCloseTo(1, within(CLOSE));
        assertThat(LinearCka.of(network, "0", "1", data)).isBetween(0.0, 1 - 1e-6);
    }

    private static double[][] gaussian(long seed, int examples, int features) {
        Random random = new Random(seed);
        double[][] rows = new double[examples][features];
        for (double[] row : rows) {
            Arrays.setAll(row, i -> random.nextGaussian());
        }
        return rows;
    }
}
