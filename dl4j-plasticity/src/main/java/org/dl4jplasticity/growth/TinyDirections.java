package org.dl4jplasticity.growth;

import java.util.Arrays;

/**
 * The new units that TINY asks for. With {@code S} the covariance of the layer's inputs, {@code C}
 * a root of its inverse, {@code N} what the next layer's own weights can't give, and {@code C^T N =
 * U Sigma V^T}, unit i starts with incoming weights {@code sqrt(sigma_i) C u_i} and outgoing ones
 * {@code sqrt(sigma_i) v_i}.
 *
 * @param incoming for every unit its incoming weights, then its bias if the layer has biases
 * @param outgoing for every unit its outgoing weights
 * @param gain the sum of the squares of the singular values: what the squared distance between what
 *     the next layer wants and what it gets would lose, were the units linear
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, compared by nobody
record TinyDirections(double[][] incoming, double[][] outgoing, double gain) {

    /** Eigenvalues not above this share of the largest are taken for zero. */
    static final double EIGENVALUE = 1e-6;

    /** By less than this share two gains don't differ. */
    private static final double ROUNDING = 1e-9;

    /**
     * {@return the directions}
     *
     * @param threshold singular values below it are left out
     * @param most the largest number of units
     */
    static TinyDirections of(GrowthStatistics statistics, double threshold, int most) {
        InverseRoot root = InverseRoot.of(statistics.covariance(), EIGENVALUE);
        double[] reduced =
                root.reduced(statistics.residual(EIGENVALUE), statistics.outgoingLength());
        SingularVectors vectors =
                SingularVectors.of(reduced, root.rank(), statistics.outgoingLength())
                        .from(threshold)
                        .first(most);
        double[][] incoming = new double[vectors.count()][];
        double[][] outgoing = new double[vectors.count()][];
        for (int unit = 0; unit < vectors.count(); unit++) {
            double half = Math.sqrt(vectors.values()[unit]);
            double[] direction =
                    Products.product(
                            root.root(), root.size(), root.rank(), vectors.left()[unit], 1);
            incoming[unit] = Matrices.scaled(direction, half);
            outgoing[unit] = Matrices.scaled(vectors.right()[unit], half);
        }
        return new TinyDirections(incoming, outgoing, vectors.energy());
    }

    int count() {
        return incoming.length;
    }

    /**
     * {@return the same units, each as it is or with all its weights negative, which would be the
     * same were units linear: the one of the two that lowers the loss more to first order}
     *
     * @param function what is applied to units' weighted sums
     */
    TinyDirections oriented(GrowthStatistics statistics, UnitFunction function) {
        double[][] in = incoming.clone();
        double[][] out = outgoing.clone();
        for (int unit = 0; unit < count(); unit++) {
            double[] opposite = Matrices.scaled(in[unit], -1);
            double[] descent = statistics.descent(new double[][] {in[unit], opposite}, function);
            int length = statistics.outgoingLength();
            double here = Matrices.product(Arrays.copyOf(descent, length), out[unit]);
            double there =
                    -Matrices.product(Arrays.copyOfRange(descent, length, 2 * length), out[unit]);
            if (there > here + ROUNDING * Math.abs(here)) {
                in[unit] = opposite;
                out[unit] = Matrices.scaled(out[unit], -1);
            }
        }
        return new TinyDirections(in, out, gain);
    }
}
