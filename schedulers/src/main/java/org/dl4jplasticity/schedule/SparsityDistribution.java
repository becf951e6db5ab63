package org.dl4jplasticity.schedule;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;

/**
 * How one sparsity for a network is shared out over its layers.
 *
 * <p>{@link #densities} states a distribution's rule in real numbers, {@link #activeCounts} turns
 * it into exact integers. Both take the layers the sparsity is about; layers that stay dense by
 * decision (and biases, always) are left out of the list.
 *
 * <p>A layer that would get fewer than one active connection is refused rather than emptied: no
 * signal and no gradient would pass through it.
 */
public sealed interface SparsityDistribution {

    /**
     * Every layer at the same sparsity.
     *
     * @return the distribution, named {@code uniform}
     */
    static SparsityDistribution uniform() {
        return new Uniform();
    }

    /**
     * The first layer dense and every other layer at the same sparsity.
     *
     * @return the distribution, named {@code uniform-dense-first}
     */
    static SparsityDistribution uniformDenseFirst() {
        return new UniformDenseFirst();
    }

    /**
     * Density in proportion to (n_in + n_out) / (n_in n_out).
     *
     * @return the distribution, named {@code erdos-renyi}
     */
    static SparsityDistribution erdosRenyi() {
        return new ErdosRenyi();
    }

    /**
     * Density in proportion to (n_in + n_out + kernel sizes) / (n_in n_out times kernel sizes).
     *
     * @return the distribution, named {@code erk}
     */
    static SparsityDistribution erdosRenyiKernel() {
        return new ErdosRenyiKernel();
    }

    /**
     * SET's own form, which sets the number of connections per unit instead of a sparsity.
     *
     * @param epsilon the connections per unit of both sides, positive and finite
     * @return the distribution, named {@code epsilon:} and the number
     * @throws IllegalArgumentException if {@code epsilon} is not positive and finite
     */
    static SparsityDistribution epsilon(double epsilon) {
        return new Epsilon(epsilon);
    }

    /**
     * The distribution of a name, as {@link #name()} gives it.
     *
     * @param name {@code uniform}, {@code uniform-dense-first}, {@code erdos-renyi}, {@code erk},
     *     or {@code epsilon:} and a positive decimal number such as {@code epsilon:20}
     * @return the distribution
     * @throws IllegalArgumentException if there is no such name, or epsilon is not positive
     */
    static SparsityDistribution parse(String name) {
        return DistributionNames.parse(name);
    }

    /**
     * The density of each layer, before it is rounded to whole connections.
     *
     * @param layers the layers the sparsity is about, at least one, in the network's order
     * @param sparsity the sparsity s of those layers together, in [0, 1); ignored unless {@link
     *     #usesSparsity()}
     * @return one density in [0, 1] per layer, in the order of {@code layers}
     * @throws IllegalArgumentException if there is no layer, the sparsity is outside [0, 1), or the
     *     layers together have more than 2^53 connections, which doubles could not count
     */
    double[] densities(List<LayerShape> layers, double sparsity);

    /**
     * The number of active connections of each layer. The numbers sum to {@code Math.round((1 -
     * sparsity) * N)}, N being the connections of all layers, exactly: each layer gets the whole
     * part of density times connections, and the connections left over go one each to the layers
     * with the largest remainder (remainders equal to six decimals: to the layer with the lower
     * index) that are not full. {@link UniformDenseFirst} and {@link Epsilon} have sums of their
     * own.
     *
     * @param layers the layers the sparsity is about, at least one, in the network's order
     * @param sparsity the sparsity s of those layers together, in [0, 1); ignored unless {@link
     *     #usesSparsity()}
     * @return one count in [1, connections] per layer, in the order of {@code layers}
     * @throws IllegalArgumentException under the conditions of {@link #densities}, or if a layer
     *     would get fewer than 1 active connection before rounding
     */
    default long[] activeCounts(List<LayerShape> layers, double sparsity) {
        double[] quotas = ActiveCounts.quotas(this, layers, sparsity);
        long sum = ActiveCounts.rounded(ActiveCounts.connections(layers), sparsity);
        return ActiveCounts.largestRemainder(layers, quotas, sum);
    }

    /**
     * Whether the sparsity given to {@link #densities} and {@link #activeCounts} has any effect.
     *
     * @return false for {@link Epsilon} only
     */
    default boolean usesSparsity() {
        return true;
    }

    /**
     * The name {@link #parse} accepts, which is also what {@code toString()} returns.
     *
     * @return the name on the command line
     */
    String name();

    /** Every layer at the same sparsity: density 1 - s. */
    record Uniform() implements SparsityDistribution {

        @Override
        public double[] densities(List<LayerShape> layers, double sparsity) {
            ActiveCounts.check(layers, sparsity);
            double[] densities = new double[layers.size()];
            Arrays.fill(densities, 1 - sparsity);
            return densities;
        }

        @Override
        public String name() {
            return DistributionNames.UNIFORM;
        }

        @Override
        public String toString() {
            return name();
        }
    }

    /**
     * The first layer dense, every other layer at density 1 - s: "uniform" as RigL has it (Evci et
     * al. 2020, arXiv:1911.11134, section 3, "sparsity distribution").
     *
     * <p>The sparsity speaks of the other layers only and the first layer comes on top, so the
     * counts sum to N_0 + {@code Math.round((1 - s) * (N - N_0))}, N_0 being the connections of the
     * first layer, and not to (1 - s) N. A single layer stays dense.
     */
    record UniformDenseFirst() implements SparsityDistribution {

        @Override
        public double[] densities(List<LayerShape> layers, double sparsity) {
            double[] densities = new Uniform().densities(layers, sparsity);
            densities[0] = 1;
            return densities;
        }

        @Override
        public long[] activeCounts(List<LayerShape> layers, double sparsity) {
            double[] quotas = ActiveCounts.quotas(this, layers, sparsity);
            long first = layers.get(0).connections();
            long others = ActiveCounts.connections(layers) - first;
            long sum = first + ActiveCounts.rounded(others, sparsity);
            return ActiveCounts.largestRemainder(layers, quotas, sum);
        }

        @Override
        public String name() {
            return DistributionNames.UNIFORM_DENSE_FIRST;
        }

        @Override
        public String toString() {
            return name();
        }
    }

    /**
     * Density in proportion to (n_in + n_out) / (n_in n_out), whatever the kernel, scaled to the
     * sparsity of all layers together; layers that would exceed density 1 are dense and the others
     * pay for them (Mocanu et al. 2018, Nature Communications 9:2383, equation 1, scaled as in Evci
     * et al. 2020, arXiv:1911.11134, section 3).
     */
    record ErdosRenyi() implements SparsityDistribution {

        @Override
        public double[] densities(List<LayerShape> layers, double sparsity) {
            return ScaledDensities.of(
                    layers,
                    sparsity,
                    layer ->
                            ((double) layer.inputs() + layer.outputs())
                                    / ((double) layer.inputs() * layer.outputs()));
        }

        @Override
        public String name() {
            return DistributionNames.ERDOS_RENYI;
        }

        @Override
        public String toString() {
            return name();
        }
    }

    /**
     * Density in proportion to (n_in + n_out + k_w + k_h) / (n_in n_out k_w k_h), scaled to the
     * sparsity of all layers together; layers that would exceed density 1 are dense and the others
     * pay for them (Evci et al. 2020, arXiv:1911.11134, section 3, "sparsity distribution"). A
     * layer without kernel counts as in {@link ErdosRenyi}; a kernel may have any number of
     * dimensions.
     */
    record ErdosRenyiKernel() implements SparsityDistribution {

        @Override
        public double[] densities(List<LayerShape> layers, double sparsity) {
            return ScaledDensities.of(
                    layers,
                    sparsity,
                    layer -> {
                        double sum = (double) layer.inputs() + layer.outputs();
                        for (int size : layer.kernel()) {
                            sum += size;
                        }
                        return sum / layer.connections();
                    });
        }

        @Override
        public String name() {
            return DistributionNames.ERDOS_RENYI_KERNEL;
        }

        @Override
        public String toString() {
            return name();
        }
    }

    /**
     * SET's own form: epsilon (n_in + n_out) active connections in a layer, rounded half up, and
     * all of them where the layer has no more (Mocanu et al. 2018, Nature Communications 9:2383,
     * equation 1). The sparsity given is ignored, whatever it is, and the kernel of a convolution
     * adds nothing to the number.
     *
     * @param epsilon the connections per unit of both sides, positive and finite; SET uses 20 for
     *     perceptrons and 11 for restricted Boltzmann machines
     */
    record Epsilon(double epsilon) implements SparsityDistribution {

        /**
         * Checks the range.
         *
         * @param epsilon the connections per unit, positive and finite
         * @throws IllegalArgumentException if {@code epsilon} is not positive and finite
         */
        public Epsilon {
            Arguments.positive("epsilon", epsilon);
        }

        @Override
        public double[] densities(List<LayerShape> layers, double sparsity) {
            ActiveCounts.check(layers);
            return layers.stream()
                    .mapToDouble(
                            layer ->
                                    epsilon
                                            * ((double) layer.inputs() + layer.outputs())
                                            / layer.connections())
                    .map(density -> Math.min(1, density))
                    .toArray();
        }

        @Override
        public long[] activeCounts(List<LayerShape> layers, double sparsity) {
            return ActiveCounts.nearest(ActiveCounts.quotas(this, layers, sparsity));
        }

        @Override
        public boolean usesSparsity() {
            return false;
        }

        @Override
        public String name() {
            return DistributionNames.EPSILON_PREFIX
                    + BigDecimal.valueOf(epsilon).stripTrailingZeros().toPlainString();
        }

        @Override
        public String toString() {
            return name();
        }
    }
}
