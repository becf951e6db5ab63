package org.dl4jplasticity.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Images of 4 x 4, two 3 x 3 kernels at 2 x 2 places, then 8-3: 18 weights four times, 24 once. */
class InferenceCostTest {

    static Model[] networks() {
        MultiLayerNetwork sequence =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .list()
                                .layer(convolution())
                                .layer(output())
                                .setInputType(InputType.convolutionalFlat(4, 4, 1))
                                .build());
        sequence.init();
        ComputationGraph graph =
                new ComputationGraph(
                        new NeuralNetConfiguration.Builder()
                                .graphBuilder()
                                .addInputs("in")
                                .addLayer("conv", convolution(), "in")
                                .addLayer("out", output(), "conv")
                                .setOutputs("out")
                                .setInputTypes(InputType.convolutionalFlat(4, 4, 1))
                                .build());
        graph.init();
        return new Model[] {sequence, graph};
    }

    private static ConvolutionLayer convolution() {
        return new ConvolutionLayer.Builder(3, 3).nOut(2).build();
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MSE).nOut(3).build();
    }

    @ParameterizedTest
    @MethodSource("networks")
    void aWeightCostsTwoOperationsWhereverItIsApplied(Model network) {
        InferenceCost cost = InferenceCost.of(network, Nd4j.ones(5, 16));
        assertThat(cost).isEqualTo(new InferenceCost(2 * (18 * 4 + 24), 2 * (18 * 4 + 24)));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void whatIsMaskedCostsNothing(Model network) {
        MaskableWeights kernels = MaskableWeights.of(network).get(0);
        kernels.setMask(SparseTopology.of(9, 2, new long[] {0, 4, 11}));
        InferenceCost cost = InferenceCost.of(network, Nd4j.ones(1, 16));
        assertThat(cost).isEqualTo(new InferenceCost(2 * (3 * 4 + 24), 2 * (18 * 4 + 24)));
    }
}
