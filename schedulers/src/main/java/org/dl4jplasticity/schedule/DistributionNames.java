package org.dl4jplasticity.schedule;

import java.math.BigDecimal;
import java.util.Objects;

/** The names of the sparsity distributions on the command line, and the way back from them. */
final class DistributionNames {

    static final String UNIFORM = "uniform";
    static final String UNIFORM_DENSE_FIRST = "uniform-dense-first";
    static final String ERDOS_RENYI = "erdos-renyi";
    static final String ERDOS_RENYI_KERNEL = "erk";
    static final String EPSILON_PREFIX = "epsilon:";

    private DistributionNames() {}

    static SparsityDistribution parse(String name) {
        Objects.requireNonNull(name, "name of a sparsity distribution");
        return switch (name) {
            case UNIFORM -> SparsityDistribution.uniform();
            case UNIFORM_DENSE_FIRST -> SparsityDistribution.uniformDenseFirst();
            case ERDOS_RENYI -> SparsityDistribution.erdosRenyi();
            case ERDOS_RENYI_KERNEL -> SparsityDistribution.erdosRenyiKernel();
            default -> SparsityDistribution.epsilon(epsilon(name));
        };
    }

    private static double epsilon(String name) {
        if (!name.startsWith(EPSILON_PREFIX)) {
            throw unknown(name);
        }
        try {
            // Double.parseDouble would take "NaN", "20d" and "0x1p4" too.
            return new BigDecimal(name.substring(EPSILON_PREFIX.length())).doubleValue();
        } catch (NumberFormatException notDecimal) {
            throw unknown(name);
        }
    }

    private static IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException(
                "sparsity distribution must be uniform, uniform-dense-first, erdos-renyi, erk or"
                        + " epsilon:NUMBER (such as epsilon:20), got \""
                        + name
                        + "\"");
    }
}
