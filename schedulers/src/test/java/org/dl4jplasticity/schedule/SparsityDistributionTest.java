package org.dl4jplasticity.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SparsityDistributionTest {

    private static final Offset<Double> FOUR_DIGITS = within(0.00005);
    private static final Offset<Double> TIGHT = within(1e-12);

    /** 235,200 + 30,000 + 1,000 = 266,200 connections. */
    private static final List<LayerShape> LENET_300_100 =
            List.of(
                    LayerShape.dense("hidden1", 784, 300),
                    LayerShape.dense("hidden2", 300, 100),
                    LayerShape.dense("output", 100, 10));

    /** 72 + 64 + 32 = 168 connections; each layer's sizes sum to 12. */
    private static final List<LayerShape> CONVOLUTIONS =
            List.of(
                    LayerShape.convolution("conv3x3", 2, 4, 3, 3),
                    LayerShape.convolution("conv2x2", 4, 4, 2, 2),
                    LayerShape.dense("output", 8, 4));

    static List<SparsityDistribution> all() {
        return List.of(
                SparsityDistribution.uniform(),
                SparsityDistribution.uniformDenseFirst(),
                SparsityDistribution.erdosRenyi(),
                SparsityDistribution.erdosRenyiKernel(),
                SparsityDistribution.epsilon(20));
    }

    // Uniform

    @Test
    void uniformGivesEveryLayerTheSameDensity() {
        SparsityDistribution uniform = SparsityDistribution.uniform();

        assertThat(uniform.densities(LENET_300_100, 0.9))
                .containsExactly(new double[] {0.1, 0.1, 0.1}, TIGHT);
        assertThat(uniform.activeCounts(LENET_300_100, 0.9)).containsExactly(23_520, 3_000, 100);
    }

    @Test
    void everyLayerIsDenseAtSparsityZero() {
        for (SparsityDistribution distribution : all().subList(0, 4)) {
            assertThat(distribution.activeCounts(LENET_300_100, 0))
                    .as(distribution.name())
                    .containsExactly(235_200, 30_000, 1_000);
        }
    }

    @Test
    void aConnectionLeftOverGoesToTheLargestRemainder() {
        List<LayerShape> layers =
                List.of(
                        LayerShape.dense("a", 3, 7), // a quarter: 5.25
                        LayerShape.dense("b", 1, 11), // 2.75
                        LayerShape.dense("c", 1, 8)); // 2

        assertThat(SparsityDistribution.uniform().activeCounts(layers, 0.75))
                .containsExactly(5, 3, 2);
    }

    @Test
    void aConnectionLeftOverGoesToTheLowerIndexWhenRemaindersAreEqual() {
        List<LayerShape> layers =
                List.of(
                        LayerShape.dense("a", 10, 5), // half: 25
                        LayerShape.dense("b", 5, 3), // 7.5
                        LayerShape.dense("c", 3, 3)); // 4.5

        assertThat(SparsityDistribution.uniform().activeCounts(layers, 0.5))
                .containsExactly(25, 8, 4);
    }

    @Test
    void roundingErrorDoesNotDecideATie() {
        // A tenth of 15, 25 and 20 is 1.5, 2.5 and 2, but 1 - 0.9 is a little less than 0.1.
        List<LayerShape> layers =
                List.of(
                        LayerShape.dense("a", 5, 3),
                        LayerShape.dense("b", 5, 5),
                        LayerShape.dense("c", 5, 4));

        assertThat(SparsityDistribution.uniform().activeCounts(layers, 0.9))
                .containsExactly(2, 2, 2);
    }

    @Test
    void roundingErrorDoesNotEmptyALayerWithOneConnection() {
        List<LayerShape> layers =
                List.of(LayerShape.dense("a", 100, 10), LayerShape.dense("b", 10, 1));

        assertThat(SparsityDistribution.uniform().activeCounts(layers, 0.9))
                .containsExactly(100, 1);
    }

    @Test
    void denseFirstLeavesTheFirstLayerOutOfTheSparsity() {
        SparsityDistribution denseFirst = SparsityDistribution.uniformDenseFirst();

        assertThat(denseFirst.densities(LENET_300_100, 0.9))
                .containsExactly(new double[] {1, 0.1, 0.1}, TIGHT);
        assertThat(denseFirst.activeCounts(LENET_300_100, 0.9))
                .containsExactly(235_200, 3_000, 100);
    }

    @Test
    void denseFirstLeavesASingleLayerDense() {
        assertThat(
                        SparsityDistribution.uniformDenseFirst()
                                .activeCounts(LENET_300_100.subList(0, 1), 0.9))
                .containsExactly(235_200);
    }

    // Erdos-Renyi

    @ParameterizedTest
    @CsvSource({
        "0.90, 0.0796, 0.2302, 1.0000",
        "0.95, 0.0385, 0.1113, 0.9185",
        "0.98, 0.0154, 0.0445, 0.3674",
        "0.99, 0.0077, 0.0223, 0.1837"
    })
    void erdosRenyiKernelGivesTheKnownDensitiesOfLeNet(
            double sparsity, double first, double second, double third) {
        assertThat(SparsityDistribution.erdosRenyiKernel().densities(LENET_300_100, sparsity))
                .containsExactly(new double[] {first, second, third}, FOUR_DIGITS);
    }

    @ParameterizedTest
    @CsvSource({
        // 1,000 dense, then 25,620 shared 1084 : 400, which is 18,714.34 + 6,905.66
        "0.90, 18714, 6906, 1000, 26620",
        // 13,310 shared 1084 : 400 : 110, which is 9,051.47 + 3,340.03 + 918.51
        "0.95,  9051, 3340,  919, 13310",
        // 3,620.59 + 1,336.01 + 367.40
        "0.98,  3621, 1336,  367,  5324",
        // 1,810.29 + 668.01 + 183.70
        "0.99,  1810,  668,  184,  2662"
    })
    void erdosRenyiKernelGivesCountsOfLeNetThatSumExactly(
            double sparsity, long first, long second, long third, long sum) {
        long[] counts =
                SparsityDistribution.erdosRenyiKernel().activeCounts(LENET_300_100, sparsity);

        assertThat(counts).containsExactly(first, second, third);
        assertThat(sum(counts)).isEqualTo(sum);
    }

    @Test
    void erdosRenyiIsTheSameAsErdosRenyiKernelWithoutKernels() {
        assertThat(SparsityDistribution.erdosRenyi().activeCounts(LENET_300_100, 0.95))
                .containsExactly(9_051, 3_340, 919);
    }

    @Test
    void erdosRenyiKernelSharesConvolutionsByTheSumOfTheirSizes() {
        // Half of 168 is 84, and the sums are 12 each: 28 connections for every layer.
        SparsityDistribution erk = SparsityDistribution.erdosRenyiKernel();

        assertThat(erk.densities(CONVOLUTIONS, 0.5))
                .containsExactly(new double[] {28 / 72.0, 28 / 64.0, 28 / 32.0}, TIGHT);
        assertThat(erk.activeCounts(CONVOLUTIONS, 0.5)).containsExactly(28, 28, 28);
    }

    @Test
    void erdosRenyiKernelFixesALayerDenseAndTheOthersPayForIt() {
        // Three quarters of 168 is 126, 42 each; the output has only 32, so 94 remain for two.
        SparsityDistribution erk = SparsityDistribution.erdosRenyiKernel();

        assertThat(erk.densities(CONVOLUTIONS, 0.25))
                .containsExactly(new double[] {47 / 72.0, 47 / 64.0, 1}, TIGHT);
        assertThat(erk.activeCounts(CONVOLUTIONS, 0.25)).containsExactly(47, 47, 32);
    }

    @Test
    void erdosRenyiKernelFixesFurtherLayersInFurtherRounds() {
        // 168 / 24 = 7 dropped leaves 161: output 32 of 53.7, then conv2x2 64 of 64.5, then 65.
        assertThat(SparsityDistribution.erdosRenyiKernel().activeCounts(CONVOLUTIONS, 1 / 24.0))
                .containsExactly(65, 64, 32);
    }

    @Test
    void erdosRenyiCountsChannelsOnly() {
        // (n_in + n_out) / (n_in n_out) is 6/8, 8/16, 12/32: 54, 32, 12 of all connections, 98
        // together. Sparsity 17/24 leaves 49, so every layer gets half of that.
        SparsityDistribution erdosRenyi = SparsityDistribution.erdosRenyi();

        assertThat(erdosRenyi.densities(CONVOLUTIONS, 17 / 24.0))
                .containsExactly(new double[] {0.375, 0.25, 0.1875}, TIGHT);
        assertThat(erdosRenyi.activeCounts(CONVOLUTIONS, 17 / 24.0)).containsExactly(27, 16, 6);
    }

    @Test
    void aKernelOfOneByOneCountsInErdosRenyiKernel() {
        // Sums (4 + 4 + 1 + 1) : (8 + 2) = 1 : 1, where without the kernel it were 8 : 10.
        List<LayerShape> layers =
                List.of(
                        LayerShape.convolution("1x1", 4, 4, 1, 1),
                        LayerShape.dense("output", 8, 2));

        assertThat(SparsityDistribution.erdosRenyiKernel().activeCounts(layers, 0.5))
                .containsExactly(8, 8);
    }

    // SET's epsilon

    @Test
    void epsilonGivesSetsOwnCountsAndFillsALayerThatHasNoMore() {
        List<LayerShape> layers =
                List.of(
                        LayerShape.dense("hidden1", 784, 1000),
                        LayerShape.dense("hidden2", 1000, 1000),
                        LayerShape.dense("hidden3", 1000, 1000),
                        LayerShape.dense("output", 1000, 10));
        SparsityDistribution set = SparsityDistribution.epsilon(20);

        // 20 * 1784, 20 * 2000 twice, and 20 * 1010 = 20,200 of 10,000
        assertThat(set.activeCounts(layers, 0)).containsExactly(35_680, 40_000, 40_000, 10_000);
        assertThat(set.densities(layers, 0))
                .containsExactly(new double[] {0.0455102, 0.04, 0.04, 1}, within(1e-7));
    }

    @Test
    void epsilonRoundsEachLayerOnItsOwn() {
        List<LayerShape> layers =
                List.of(
                        LayerShape.dense("a", 3, 4), // 0.5 * 7 = 3.5
                        LayerShape.dense("b", 5, 4), // 4.5
                        LayerShape.convolution("c", 2, 3, 3, 3)); // 2.5, kernel or not

        assertThat(SparsityDistribution.epsilon(0.5).activeCounts(layers, 0))
                .containsExactly(4, 5, 3);
    }

    @Test
    void onlyEpsilonIgnoresTheSparsity() {
        SparsityDistribution epsilon = SparsityDistribution.epsilon(20);

        assertThat(all()).filteredOn(d -> !d.usesSparsity()).containsExactly(epsilon);
        assertThat(epsilon.activeCounts(LENET_300_100, Double.NaN))
                .containsExactly(21_680, 8_000, 1_000);
    }

    // Refusals

    @Test
    void refusesToEmptyALayerAndNamesIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                SparsityDistribution.uniform()
                                        .activeCounts(
                                                List.of(
                                                        LayerShape.dense("hidden", 100, 10),
                                                        LayerShape.dense("output", 10, 2)),
                                                0.98))
                .withMessage(
                        "Layer 1 (output): uniform at sparsity 0.98 must leave at least 1 of 20"
                                + " connections active, got 0 (0.400 before rounding): lower the"
                                + " sparsity or keep this layer dense");
    }

    @Test
    void refusesToEmptyALayerByTooSmallAnEpsilon() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                SparsityDistribution.epsilon(0.1)
                                        .activeCounts(List.of(LayerShape.dense("output", 4, 2)), 0))
                .withMessage(
                        "Layer 0 (output): epsilon:0.1 must leave at least 1 of 8 connections"
                                + " active, got 0 (0.600 before rounding): raise epsilon or keep"
                                + " this layer dense");
    }

    @ParameterizedTest
    @ValueSource(doubles = {1.2, 1, -0.1, Double.NaN})
    void refusesASparsityOutsideItsRange(double sparsity) {
        for (SparsityDistribution distribution : all().subList(0, 4)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> distribution.activeCounts(LENET_300_100, sparsity))
                    .withMessage("sparsity must be in [0, 1), got " + sparsity);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> distribution.densities(LENET_300_100, sparsity))
                    .withMessage("sparsity must be in [0, 1), got " + sparsity);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void refusesAnEmptyListOfLayers(SparsityDistribution distribution) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> distribution.activeCounts(List.of(), 0.5))
                .withMessage("a sparsity distribution must have at least 1 layer, got none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> distribution.densities(List.of(), 0.5))
                .withMessage("a sparsity distribution must have at least 1 layer, got none");
    }

    @ParameterizedTest
    @MethodSource("all")
    void refusesMoreConnectionsThanItCanCountExactly(SparsityDistribution distribution) {
        List<LayerShape> layers =
                List.of(
                        LayerShape.dense("small", 10, 10),
                        LayerShape.dense("huge", Integer.MAX_VALUE, Integer.MAX_VALUE));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> distribution.activeCounts(layers, 0.5))
                .withMessage(
                        "the layers together must have at most 2^53 connections, got more with"
                                + " layer huge");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -20, Double.POSITIVE_INFINITY, Double.NaN})
    void refusesAnEpsilonOutsideItsRange(double epsilon) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparsityDistribution.epsilon(epsilon))
                .withMessage("epsilon must be positive and finite, got " + epsilon);
    }

    // Names

    @ParameterizedTest
    @ValueSource(
            strings = {
                "uniform",
                "uniform-dense-first",
                "erdos-renyi",
                "erk",
                "epsilon:20",
                "epsilon:0.5",
                "epsilon:1000000"
            })
    void givesBackTheNameItWasParsedFrom(String name) {
        SparsityDistribution distribution = SparsityDistribution.parse(name);

        assertThat(distribution.name()).isEqualTo(name);
        assertThat(distribution).hasToString(name);
    }

    @Test
    void parsesEveryNameToItsDistribution() {
        assertThat(
                        List.of(
                                        "uniform",
                                        "uniform-dense-first",
                                        "erdos-renyi",
                                        "erk",
                                        "epsilon:20")
                                .stream()
                                .map(SparsityDistribution::parse))
                .isEqualTo(all());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ERK",
                "er",
                "epsilon",
                "epsilon:",
                "epsilon:many",
                "epsilon:NaN",
                "epsilon:20d"
            })
    void refusesAnUnknownNameAndNamesTheKnownOnes(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparsityDistribution.parse(name))
                .withMessage(
                        "sparsity distribution must be uniform, uniform-dense-first, erdos-renyi,"
                                + " erk or epsilon:NUMBER (such as epsilon:20), got \""
                                + name
                                + "\"");
    }

    @Test
    void refusesAParsedEpsilonOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparsityDistribution.parse("epsilon:-3"))
                .withMessage("epsilon must be positive and finite, got -3.0");
        assertThatNullPointerException().isThrownBy(() -> SparsityDistribution.parse(null));
    }

    private static long sum(long[] counts) {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }
}
