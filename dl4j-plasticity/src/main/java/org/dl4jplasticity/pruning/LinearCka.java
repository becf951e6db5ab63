package org.dl4jplasticity.pruning;

import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Linear centered kernel alignment: how alike two representations of the same examples are.
 *
 * <p>Kornblith, Norouzi, Lee and Hinton, "Similarity of Neural Network Representations Revisited"
 * (ICML 2019), section 3: with columns centered,
 *
 * <pre>
 *     CKA(X, Y) = ||Y^T X||_F^2 / (||X^T X||_F ||Y^T Y||_F)
 * </pre>
 *
 * <p>It is in [0, 1], 1 for representations that differ in a rotation, a reflection, one factor for
 * all features or an offset, and 0 where no feature of one is correlated with one of the other.
 * Other linear maps change it.
 */
public final class LinearCka {
    private LinearCka() {}

    /**
     * {@return how alike two representations are, in [0, 1]} A representation that is the same for
     * all examples says nothing of them: it is like no other, nor itself, and the answer is 0.
     *
     * @param x [examples, features], finite
     * @param y [examples, other features], finite, of the same examples in the same order
     * @throws IllegalArgumentException if they are of different numbers of examples, have none,
     *     have rows of different lengths, or numbers that aren't finite
     */
    public static double of(double[][] x, double[][] y) {
        if (x.length == 0 || x.length != y.length) {
            throw new IllegalArgumentException(
                    "linear CKA: expected two representations of the same examples, got %d and %d examples"
                            .formatted(x.length, y.length));
        }
        double[][] a = centered("first", x);
        double[][] b = centered("second", y);
        int examples = x.length;
        if (Math.max(a.length, b.length) > examples) {
            a = gram(a, examples);
            b = gram(b, examples);
            return ratio(inner(a, b), inner(a, a), inner(b, b));
        }
        return ratio(squaredNorm(a, b), squaredNorm(a, a), squaredNorm(b, b));
    }

    /**
     * {@return how alike what two layers or vertices of a network put out for examples are, in [0,
     * 1]} What they put out for an example is one row, whatever its shape.
     *
     * @param network an initialized network
     * @param first index of a layer in a MultiLayerNetwork, name of a vertex in a ComputationGraph
     * @param second another one, or the same
     * @param examples features, without masks; labels aren't looked at
     * @throws IllegalArgumentException if there is no such layer, or they have masks
     * @see #of(double[][], double[][])
     */
    public static double of(Model network, String first, String second, DataSet examples) {
        return of(network, first, second, examples.toMultiDataSet());
    }

    /**
     * {@return how alike what two layers or vertices of a network put out for examples are, in [0,
     * 1]}
     *
     * @param network an initialized network
     * @param first index of a layer in a MultiLayerNetwork, name of a vertex in a ComputationGraph
     * @param second another one, or the same
     * @param examples features, without masks; labels aren't looked at
     * @throws IllegalArgumentException if there is no such layer, or they have masks
     * @see #of(double[][], double[][])
     */
    public static double of(Model network, String first, String second, MultiDataSet examples) {
        List<double[][]> both = Representation.of(network, List.of(first, second), examples);
        return of(both.get(0), both.get(1));
    }

    private static double ratio(double both, double first, double second) {
        if (first == 0 || second == 0) {
            return 0;
        }
        return Math.min(1, both / (Math.sqrt(first) * Math.sqrt(second)));
    }

    /** {@return the features, each without its mean: [features, examples]} */
    private static double[][] centered(String which, double[][] rows) {
        double[][] columns = new double[rows[0].length][rows.length];
        for (int example = 0; example < rows.length; example++) {
            if (rows[example].length != columns.length) {
                throw new IllegalArgumentException(
                        "linear CKA: expected %d features for each example of the %s representation, got %d for example %d"
                                .formatted(columns.length, which, rows[example].length, example));
            }
            for (int feature = 0; feature < columns.length; feature++) {
                columns[feature][example] = rows[example][feature];
            }
        }
        for (int feature = 0; feature < columns.length; feature++) {
            center(which, feature, columns[feature]);
        }
        return columns;
    }

    /** Subtracts the mean; from equal numbers so that nothing is left to rounding. */
    private static void center(String which, int feature, double[] column) {
        double first = column[0];
        double sum = 0;
        for (double value : column) {
            sum += value - first;
        }
        double mean = sum / column.length;
        for (int example = 0; example < column.length; example++) {
            double value = column[example];
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException(
                        "linear CKA: expected finite numbers, got %s as feature %d of example %d of the %s representation"
                                .formatted(value, feature, example, which));
            }
            column[example] = value - first - mean;
        }
    }

    /** {@return ||B^T A||_F^2 of matrices given by their columns} */
    private static double squaredNorm(double[][] a, double[][] b) {
        double sum = 0;
        for (double[] left : a) {
            for (double[] right : b) {
                double product = dot(left, right);
                sum += product * product;
            }
        }
        return sum;
    }

    /** {@return K(i, j) = sum_f A(i, f) A(j, f) of a matrix given by its columns} */
    private static double[][] gram(double[][] columns, int examples) {
        double[][] products = new double[examples][examples];
        for (double[] column : columns) {
            for (int i = 0; i < examples; i++) {
                double value = column[i];
                for (int j = 0; j < examples && value != 0; j++) {
                    products[i][j] += value * column[j];
                }
            }
        }
        return products;
    }

    private static double inner(double[][] a, double[][] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += dot(a[i], b[i]);
        }
        return sum;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
