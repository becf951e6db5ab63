package org.dl4jplasticity.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What holds of every distribution, on shapes and sparsities drawn from a seed. */
class ActiveCountsOnRandomLayersTest {

    private static final int DRAWS = 2_000;

    private static final List<SparsityDistribution> OF_ALL_LAYERS =
            List.of(
                    SparsityDistribution.uniform(),
                    SparsityDistribution.erdosRenyi(),
                    SparsityDistribution.erdosRenyiKernel());

    @Test
    void countsAreInRangeAndSumExactlyUnlessALayerWouldBeEmptied() {
        int counted = 0;
        for (long seed = 0; seed < DRAWS; seed++) {
            RandomGenerator random = new Random(seed);
            List<LayerShape> layers = layers(random, 60);
            double sparsity = sparsity(random);
            for (SparsityDistribution distribution : OF_ALL_LAYERS) {
                if (wouldEmptyALayer(distribution, layers, sparsity)) {
                    assertThatIllegalArgumentException()
                            .as("%s, seed %d", distribution, seed)
                            .isThrownBy(() -> distribution.activeCounts(layers, sparsity))
                            .withMessageContaining("connections active, got 0");
                } else {
                    assertRangeAndSum(distribution, layers, sparsity, seed);
                    counted++;
                }
            }
        }
        assertThat(counted).as("draws that were counted and not refused").isGreaterThan(DRAWS);
    }

    @Test
    void countsAreWithinOneOfTheDensity() {
        for (long seed = 0; seed < DRAWS; seed++) {
            RandomGenerator random = new Random(seed);
            List<LayerShape> layers = layers(random, 60);
            double sparsity = random.nextDouble() / 2;
            for (SparsityDistribution distribution : OF_ALL_LAYERS) {
                if (wouldEmptyALayer(distribution, layers, sparsity)) {
                    continue;
                }
                double[] densities = distribution.densities(layers, sparsity);
                long[] counts = distribution.activeCounts(layers, sparsity);
                for (int l = 0; l < counts.length; l++) {
                    assertThat((double) counts[l])
                            .as("%s, seed %d, layer %d", distribution, seed, l)
                            .isCloseTo(
                                    densities[l] * layers.get(l).connections(), within(1.000001));
                }
            }
        }
    }

    @Test
    void hugeLayersDoNotOverflowAndSumExactly() {
        List<LayerShape> layers =
                List.of(
                        LayerShape.dense("a", 100_000, 100_000),
                        LayerShape.dense("b", 100_000, 100_000),
                        LayerShape.dense("c", 100_000, 1_000));

        // A thousandth of 20,100,000,000.
        assertThat(SparsityDistribution.uniform().activeCounts(layers, 0.999))
                .containsExactly(10_000_000, 10_000_000, 100_000);
        // 20,100,000 shared 200,000 : 200,000 : 101,000.
        assertThat(SparsityDistribution.erdosRenyiKernel().activeCounts(layers, 0.999))
                .containsExactly(8_023_952, 8_023_952, 4_052_096);
    }

    @Test
    void countsSumExactlyEvenWhereADoubleHoldsNoFractionOfAConnection() {
        for (long seed = 0; seed < DRAWS; seed++) {
            RandomGenerator random = new Random(seed);
            List<LayerShape> layers = hugeAndTinyLayers(random);
            double sparsity = random.nextInt(3) == 0 ? 0 : random.nextDouble() * 0.9;
            for (SparsityDistribution distribution : OF_ALL_LAYERS) {
                if (!wouldEmptyALayer(distribution, layers, sparsity)) {
                    assertRangeAndSum(distribution, layers, sparsity, seed);
                }
            }
        }
    }

    private static void assertRangeAndSum(
            SparsityDistribution distribution,
            List<LayerShape> layers,
            double sparsity,
            long seed) {
        long[] counts = distribution.activeCounts(layers, sparsity);
        long total = layers.stream().mapToLong(LayerShape::connections).sum();
        assertThat(counts).as("%s, seed %d", distribution, seed).hasSameSizeAs(layers);
        for (int l = 0; l < counts.length; l++) {
            assertThat(counts[l])
                    .as("%s, seed %d, layer %d", distribution, seed, l)
                    .isBetween(1L, layers.get(l).connections());
        }
        assertThat(LongStream.of(counts).sum())
                .as("%s, seed %d, sparsity %s of %d", distribution, seed, sparsity, total)
                .isEqualTo(Math.round((1 - sparsity) * total));
    }

    private static boolean wouldEmptyALayer(
            SparsityDistribution distribution, List<LayerShape> layers, double sparsity) {
        double[] densities = distribution.densities(layers, sparsity);
        for (int l = 0; l < densities.length; l++) {
            if (densities[l] * layers.get(l).connections() < 1 - 1e-6) {
                return true;
            }
        }
        return false;
    }

    private static List<LayerShape> layers(RandomGenerator random, int widest) {
        List<LayerShape> layers = new ArrayList<>();
        int count = random.nextInt(1, 8);
        for (int l = 0; l < count; l++) {
            int inputs = random.nextInt(1, widest);
            int outputs = random.nextInt(1, widest);
            layers.add(
                    random.nextBoolean()
                            ? LayerShape.dense("layer" + l, inputs, outputs)
                            : LayerShape.convolution(
                                    "layer" + l,
                                    inputs,
                                    outputs,
                                    random.nextInt(1, 4),
                                    random.nextInt(1, 4)));
        }
        return layers;
    }

    /** A layer of one to three connections among layers that make nearly 2^53 together. */
    private static List<LayerShape> hugeAndTinyLayers(RandomGenerator random) {
        List<LayerShape> layers = new ArrayList<>();
        layers.add(LayerShape.dense("tiny", 1, random.nextInt(1, 4)));
        int count = random.nextInt(1, 5);
        int widest = (int) (90_000_000 / Math.sqrt(count));
        for (int l = 0; l < count; l++) {
            layers.add(
                    random.nextInt(layers.size() + 1),
                    LayerShape.dense(
                            "huge" + l,
                            random.nextInt(widest / 2, widest),
                            random.nextInt(widest / 2, widest)));
        }
        return layers;
    }

    /** Zero, a round number of percent, or any number below 1. */
    private static double sparsity(RandomGenerator random) {
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> random.nextInt(1, 100) / 100.0;
            default -> random.nextDouble();
        };
    }
}
