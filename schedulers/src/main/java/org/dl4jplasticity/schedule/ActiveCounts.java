package org.dl4jplasticity.schedule;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** From real-valued densities to whole numbers of active connections. */
final class ActiveCounts {

    /** Up to here a double counts connections exactly. */
    private static final long MOST_CONNECTIONS = 1L << 53;

    /** Quotas closer than this differ by rounding error: 1 - 0.9 is a little less than 0.1. */
    private static final double SAME = 1e-6;

    private ActiveCounts() {}

    static void check(List<LayerShape> layers, double sparsity) {
        Arguments.sparsity("sparsity", sparsity);
        check(layers);
    }

    static void check(List<LayerShape> layers) {
        if (layers.isEmpty()) {
            throw new IllegalArgumentException(
                    "a sparsity distribution must have at least 1 layer, got none");
        }
        connections(layers);
    }

    /** The connections of all layers together, at most 2^53. */
    static long connections(List<LayerShape> layers) {
        long total = 0;
        for (LayerShape layer : layers) {
            long connections = layer.connections();
            if (connections > MOST_CONNECTIONS - total) {
                throw new IllegalArgumentException(
                        "the layers together must have at most 2^53 connections, got more with"
                                + " layer "
                                + layer.name());
            }
            total += connections;
        }
        return total;
    }

    /** The whole number of active connections that a sparsity leaves of so many. */
    static long rounded(long connections, double sparsity) {
        return Math.round((1 - sparsity) * connections);
    }

    /** Density times connections of every layer; refuses a layer that would be left with none. */
    static double[] quotas(
            SparsityDistribution distribution, List<LayerShape> layers, double sparsity) {
        double[] quotas = distribution.densities(layers, sparsity);
        for (int l = 0; l < quotas.length; l++) {
            quotas[l] *= layers.get(l).connections();
            if (whole(quotas[l]) < 1) {
                throw emptied(distribution, layers, sparsity, l, quotas[l]);
            }
        }
        return quotas;
    }

    /** Each quota rounded on its own, halves up. */
    static long[] nearest(double[] quotas) {
        long[] counts = new long[quotas.length];
        for (int l = 0; l < counts.length; l++) {
            counts[l] = whole(quotas[l] + 0.5);
        }
        return counts;
    }

    /**
     * The quotas rounded so that they sum to {@code sum}: whole parts first, then one each by
     * remainder. Each quota must be in [1, connections] and their sum within 1/2 of {@code sum},
     * but for rounding error, which in layers of 10^15 connections can exceed 1: hence both loops.
     */
    static long[] largestRemainder(List<LayerShape> layers, double[] quotas, long sum) {
        long[] counts = new long[quotas.length];
        long left = sum;
        for (int l = 0; l < counts.length; l++) {
            counts[l] = whole(quotas[l]);
            left -= counts[l];
        }
        int[] byRemainder =
                IntStream.range(0, counts.length)
                        .boxed()
                        .sorted(
                                Comparator.comparingLong(
                                        l -> -Math.round((quotas[l] - counts[l]) / SAME)))
                        .mapToInt(Integer::intValue)
                        .toArray();
        while (left > 0) {
            for (int i = 0; i < byRemainder.length && left > 0; i++) {
                int l = byRemainder[i];
                if (counts[l] < layers.get(l).connections()) {
                    counts[l]++;
                    left--;
                }
            }
        }
        while (left < 0) {
            for (int i = byRemainder.length - 1; i >= 0 && left < 0; i--) {
                int l = byRemainder[i];
                if (counts[l] > 1) {
                    counts[l]--;
                    left++;
                }
            }
        }
        return counts;
    }

    private static long whole(double quota) {
        return (long) Math.floor(quota + SAME);
    }

    private static IllegalArgumentException emptied(
            SparsityDistribution distribution,
            List<LayerShape> layers,
            double sparsity,
            int index,
            double quota) {
        LayerShape layer = layers.get(index);
        boolean sparse = distribution.usesSparsity();
        return new IllegalArgumentException(
                String.format(
                        Locale.ROOT,
                        "Layer %d (%s): %s%s must leave at least 1 of %d connections active, got 0"
                                + " (%.3g before rounding): %s",
                        index,
                        layer.name(),
                        distribution.name(),
                        sparse ? " at sparsity " + sparsity : "",
                        layer.connections(),
                        quota,
                        sparse
                                ? "lower the sparsity or keep this layer dense"
                                : "raise epsilon or keep this layer dense"));
    }
}
