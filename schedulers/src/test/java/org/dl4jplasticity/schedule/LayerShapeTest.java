package org.dl4jplasticity.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayerShapeTest {

    @Test
    void aDenseLayerConnectsEveryInputWithEveryOutput() {
        assertThat(LayerShape.dense("hidden", 784, 300).connections()).isEqualTo(235_200);
    }

    @Test
    void aConvolutionHasAKernelPerPairOfChannels() {
        assertThat(LayerShape.convolution("conv", 3, 64, 5, 7).connections()).isEqualTo(6_720);
        assertThat(LayerShape.convolution("conv3d", 2, 3, 2, 2, 2).connections()).isEqualTo(48);
    }

    @Test
    void layersWithTheSameSizesAreEqual() {
        assertThat(LayerShape.convolution("conv", 3, 64, 3, 3))
                .isEqualTo(LayerShape.convolution("conv", 3, 64, 3, 3))
                .hasSameHashCodeAs(LayerShape.convolution("conv", 3, 64, 3, 3))
                .isNotEqualTo(LayerShape.convolution("conv", 3, 64, 3, 5));
    }

    @Test
    void keepsItsKernelWhenTheListGivenChanges() {
        List<Integer> kernel = new ArrayList<>(List.of(3, 3));
        LayerShape shape = new LayerShape("conv", 2, 4, kernel);

        kernel.set(0, 99);

        assertThat(shape.kernel()).containsExactly(3, 3);
        assertThat(shape.connections()).isEqualTo(72);
    }

    @Test
    void countsTheConnectionsOfAHugeLayer() {
        assertThat(LayerShape.dense("huge", 100_000, 100_000).connections())
                .isEqualTo(10_000_000_000L);
    }

    @Test
    void refusesMoreConnectionsThanALongHolds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LayerShape.convolution("huge", 1L << 31, 1L << 31, 2, 1))
                .withMessage(
                        "Layer huge: connections must be fewer than 2^63, got 2147483648 inputs,"
                                + " 2147483648 outputs and kernel [2, 1]");
    }

    @Test
    void refusesASizeBelowOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LayerShape.dense("hidden", 0, 10))
                .withMessage("Layer hidden: inputs must be at least 1, got 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LayerShape.dense("hidden", 10, -1))
                .withMessage("Layer hidden: outputs must be at least 1, got -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LayerShape.convolution("conv", 3, 8, 3, 0))
                .withMessage("Layer conv: kernel size must be at least 1, got 0");
    }

    @Test
    void refusesAConvolutionWithoutKernel() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LayerShape.convolution("conv", 3, 8))
                .withMessage(
                        "Layer conv: a convolution must have at least 1 kernel size, got none");
    }

    @Test
    void refusesALayerWithoutName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LayerShape.dense(" ", 3, 8))
                .withMessage("name of a layer must not be blank");
        assertThatNullPointerException().isThrownBy(() -> LayerShape.dense(null, 3, 8));
    }
}
