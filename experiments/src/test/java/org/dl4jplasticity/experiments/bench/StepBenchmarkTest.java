package org.dl4jplasticity.experiments.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.experiments.bench.Workload.Contestant;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.layers.SparseConvolutionLayer;
import org.dl4jplasticity.schedule.SparsityDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A benchmark runs each of its contestants, and its workloads are what they say they are. */
class StepBenchmarkTest {

    static Stream<Consumer<Contestant>> steps() {
        return Stream.of(Contestant::train, Contestant::infer);
    }

    private static void assertTimed(Workload workload, Consumer<Contestant> step) {
        List<StepBenchmark.Result> results =
                new StepBenchmark(workload, step, 3, 1).run(new double[] {0.5, 0.1});
        assertThat(results)
                .extracting(StepBenchmark.Result::contestant)
                .containsExactly("dense", "packed", "packed");
        assertThat(results)
                .extracting(StepBenchmark.Result::density)
                .containsExactly(1.0, 0.5, 0.1);
        assertThat(results)
                .allSatisfy(
                        result -> {
                            assertThat(result.minMs()).isPositive();
                            assertThat(result.medianMs()).isGreaterThanOrEqualTo(result.minMs());
                            assertThat(result.ratioToDense())
                                    .isEqualTo(results.get(0).medianMs() / result.medianMs());
                        });
    }

    @ParameterizedTest
    @MethodSource("steps")
    void aPerceptronIsTimedDenseAndAtEachDensity(Consumer<Contestant> step) {
        assertTimed(new PerceptronWorkload(new int[] {20, 30, 5}, 8), step);
    }

    @ParameterizedTest
    @MethodSource("steps")
    void aConvolutionIsTimedDenseAndAtEachDensity(Consumer<Contestant> step) {
        assertTimed(ConvolutionWorkload.parse("3-4:5x3/2:7x9", 2), step);
    }

    @ParameterizedTest
    @MethodSource("steps")
    void aModelIsTimedDenseAndAtEachDensity(Consumer<Contestant> step) {
        assertTimed(new ModelWorkload("mlp:20", SparsityDistribution.uniform(), 2), step);
    }

    @Test
    void theSameModelIsBuiltDenseAndPacked() {
        ModelWorkload workload = new ModelWorkload("vgg-11", SparsityDistribution.uniform(), 1);
        Network dense = ((NetworkContestant) workload.dense()).network();
        Network packed = ((NetworkContestant) workload.packed(0.1)).network();
        // 9 (3 64 + 64 128 + 128 256 + 256 256 + 256 512 + 3 512 512) + 512 10 weights.
        assertThat(dense.totalWeights()).isEqualTo(9_222_848);
        assertThat(dense.topologies()).isEmpty();
        assertThat(packed.totalWeights()).isEqualTo(dense.totalWeights());
        // A tenth of each layer's, to the next whole number; and 2,762 biases.
        assertThat(packed.activeWeights()).isBetween(922_280L, 922_290L);
        assertThat(packed.parameters()).isEqualTo(packed.activeWeights() + 2_762);
        assertThat(((MultiLayerNetwork) packed.model()).getLayer(0).conf().getLayer())
                .isInstanceOf(SparseConvolutionLayer.class);
    }

    @Test
    void aConvolutionIsReadFromItsText() {
        assertThat(ConvolutionWorkload.parse("64-32:3x3:16x16", 8))
                .isEqualTo(new ConvolutionWorkload(64, 32, 3, 3, 1, 16, 16, 8));
        assertThat(ConvolutionWorkload.parse("3-64:5x1/2:32x24", 1))
                .isEqualTo(new ConvolutionWorkload(3, 64, 5, 1, 2, 32, 24, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"64", "64-64:3:16", "a-b:3x3:4x4", "64-64:3x3/:16x16"})
    void aTextThatIsNoConvolutionIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConvolutionWorkload.parse(text, 8))
                .withMessageContaining("--convolution must be IN-OUT:KERNEL:IMAGE")
                .withMessageContaining("got '%s'", text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0-64:3x3:16x16", "64-64:3x3/0:16x16", "64-64:3x3:16x9999999"})
    void aConvolutionOfNoSizeIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConvolutionWorkload.parse(text, 8))
                .withMessageContaining("--convolution: sizes must be in [1, 999999], got ");
    }
}
