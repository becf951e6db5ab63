package org.dl4jplasticity.packing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.dl4jplasticity.packing.Networks.dense;
import static org.dl4jplasticity.packing.Networks.layerClasses;
import static org.dl4jplasticity.packing.Networks.masked;
import static org.dl4jplasticity.packing.Networks.output;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.constraint.NonNegativeConstraint;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.conf.weightnoise.WeightNoise;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.kernel.KernelChoice;
import org.dl4jplasticity.layers.SparseConvolutionLayer;
import org.dl4jplasticity.layers.SparseDenseLayer;
import org.dl4jplasticity.layers.SparseOutputLayer;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.mask.WeightFilter;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;

/** Only layers that compute the same are packed, and of these only the chosen ones. */
class WhatIsPackedTest {

    private static Arguments layer(String name, UnaryOperator<DenseLayer.Builder> change) {
        return Arguments.of(name, dense(change));
    }

    static Stream<Arguments> unpackable() {
        return Stream.of(
                layer("layer normalization", b -> b.hasLayerNorm(true)),
                layer("a norm per unit", b -> b.constrainWeights(new MaxNormConstraint(1, 1))),
                layer(
                        "a norm of all parameters",
                        b -> b.constrainAllParameters(new MaxNormConstraint(1, 0))),
                layer(
                        "added noise",
                        b -> b.weightNoise(new WeightNoise(new NormalDistribution(0, 1)))));
    }

    static Stream<Arguments> packable() {
        return Stream.of(
                layer("nothing special", b -> b),
                layer("no bias", b -> b.hasBias(false)),
                layer("non-negativity", b -> b.constrainWeights(new NonNegativeConstraint())),
                layer("a norm of biases", b -> b.constrainBias(new MaxNormConstraint(1, 0))),
                layer("DropConnect", b -> b.weightNoise(new DropConnect(0.5))),
                layer(
                        "multiplied noise",
                        b ->
                                b.weightNoise(
                                        new WeightNoise(new NormalDistribution(1, 0.1), false))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unpackable")
    void staysMasked(String what, DenseLayer layer) {
        MultiLayerNetwork network = masked(layer, output());
        MultiLayerNetwork packed = Packing.pack(network);
        assertThat(layerClasses(packed))
                .isEqualTo(List.of(DenseLayer.class, SparseOutputLayer.class));
        assertThat(packed.getLayer(0).params()).isEqualTo(network.getLayer(0).params());
        assertThat(packed.getLayerWiseConfigurations().getConf(0))
                .isEqualTo(network.getLayerWiseConfigurations().getConf(0));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("packable")
    void isPackedAndUnpacked(String what, DenseLayer layer) {
        MultiLayerNetwork network = masked(layer, output());
        MultiLayerNetwork packed = Packing.pack(network);
        assertThat(layerClasses(packed))
                .isEqualTo(List.of(SparseDenseLayer.class, SparseOutputLayer.class));
        assertThat(NetworkCopy.json(Packing.unpack(packed))).isEqualTo(NetworkCopy.json(network));
    }

    @Test
    void convolutionsAndDenseLayersArePacked() {
        MultiLayerNetwork network = Networks.convolutional();
        MultiLayerNetwork packed = Packing.pack(network);
        assertThat(layerClasses(packed))
                .isEqualTo(
                        List.of(
                                SparseConvolutionLayer.class,
                                SparseDenseLayer.class,
                                SparseOutputLayer.class));
        assertThat(MaskableWeights.of(packed)).isEmpty();
        INDArray images = Networks.images().getFeatures();
        assertThat(packed.output(images).equalsWithEps(network.output(images), 1e-6)).isTrue();
        packed.fit(Networks.images());
        assertThat(packed.getIterationCount()).isEqualTo(2);
    }

    @Test
    void onlyDenseLayersAmongRecurrentOnesArePacked() {
        ComputationGraph network = Networks.recurrent();
        ComputationGraph packed = Packing.pack(network);
        assertThat(layerClasses(packed))
                .isEqualTo(List.of(LSTM.class, SparseDenseLayer.class, RnnOutputLayer.class));
        INDArray sequences = Networks.sequences();
        assertThat(
                        packed.outputSingle(sequences)
                                .equalsWithEps(network.outputSingle(sequences), 1e-6))
                .isTrue();
        assertThat(NetworkCopy.json(Packing.unpack(packed))).isEqualTo(NetworkCopy.json(network));
    }

    @Test
    void aNetworkWithoutMasksIsCopied() {
        MultiLayerNetwork network =
                (MultiLayerNetwork)
                        NetworkClass.SEQUENTIAL
                                .of(
                                        NetworkClass.settings(DataType.FLOAT, new Sgd(1), 3),
                                        dense(b -> b),
                                        output())
                                .model();
        MultiLayerNetwork copy = Packing.pack(network);
        assertThat(copy).isNotSameAs(network);
        assertThat(copy.params()).isEqualTo(network.params()).isNotSameAs(network.params());
        assertThat(NetworkCopy.json(copy)).isEqualTo(NetworkCopy.json(network));
    }

    @Test
    void onlyChosenLayersArePacked() {
        MultiLayerNetwork network = masked(dense(b -> b), output());
        assertThat(layerClasses(Packing.pack(network, WeightFilter.layerNamed("hidden"))))
                .isEqualTo(List.of(SparseDenseLayer.class, OutputLayer.class));
    }

    /** The masks are uniform: 29 of 48 and 14 of 24 weights are active. */
    @Test
    void layersOfFewActiveWeightsCanBeChosen() {
        MultiLayerNetwork network = masked(dense(b -> b), output());
        List<MaskableWeights> weights = MaskableWeights.of(network);
        weights.get(0).setMask(SparseTopology.of(6, 8, 3, 7, 20));
        assertThat(layerClasses(Packing.pack(network, Packing.densityAtMost(3 / 48.0))))
                .isEqualTo(List.of(SparseDenseLayer.class, OutputLayer.class));
        assertThat(layerClasses(Packing.pack(network, Packing.densityAtMost(0.06))))
                .isEqualTo(List.of(DenseLayer.class, OutputLayer.class));
        assertThat(layerClasses(Packing.pack(network, Packing.densityAtMost(1))))
                .isEqualTo(List.of(SparseDenseLayer.class, SparseOutputLayer.class));
    }

    @Test
    void whatIsFasterPackedDependsOnTheKernels() {
        Layer dense = new DenseLayer.Builder().build();
        Layer convolution = new ConvolutionLayer.Builder(3, 3).build();
        for (long possible : new long[] {1_000, 200_000, 2_000_000}) {
            for (Layer layer : List.of(dense, convolution)) {
                assertThat(Packing.limit(layer, possible, KernelChoice.ND4J)).isZero();
                assertThat(Packing.limit(layer, possible, KernelChoice.SCALAR))
                        .isPositive()
                        .isLessThan(Packing.limit(layer, possible, KernelChoice.VECTOR));
            }
            for (KernelChoice kernels : List.of(KernelChoice.SCALAR, KernelChoice.VECTOR)) {
                assertThat(Packing.limit(dense, possible, kernels))
                        .isLessThan(Packing.limit(convolution, possible, kernels));
            }
        }
        for (KernelChoice kernels : List.of(KernelChoice.SCALAR, KernelChoice.VECTOR)) {
            assertThat(Packing.limit(convolution, 2_000_000, kernels))
                    .isLessThan(Packing.limit(convolution, 1_000, kernels));
        }
        assertThat(Packing.fasterPacked(dense, SparseTopology.dense(6, 8))).isFalse();
        MultiLayerNetwork network = masked(dense(b -> b), output());
        MaskableWeights.of(network).get(0).setMask(SparseTopology.dense(6, 8));
        MaskableWeights.of(network).get(1).setMask(SparseTopology.dense(8, 3));
        assertThat(layerClasses(Packing.pack(network, Packing.whereFaster())))
                .isEqualTo(List.of(DenseLayer.class, OutputLayer.class));
    }

    /** Of a fresh mask the weights are cleared by the next step. */
    @Test
    void inactiveWeightsCountAsZeroWhateverTheyAre() {
        MultiLayerNetwork network = masked(dense(b -> b), output());
        MaskableWeights hidden = MaskableWeights.of(network).get(0);
        hidden.array().assign(2);
        hidden.setMask(SparseTopology.of(6, 8, 3, 7, 20));
        INDArray packed = Packing.pack(network).getLayer(0).getParam("W");
        assertThat(packed.toFloatVector()).containsExactly(2, 2, 2);
        INDArray exported = Packing.export(network).getLayer(0).getParam("W");
        assertThat(exported.sumNumber().doubleValue()).isEqualTo(6);
        assertThat(exported.getDouble(3, 0)).isEqualTo(2); // id 3 = 0 * 6 + 3
        assertThat(exported.getDouble(1, 1)).isEqualTo(2); // id 7 = 1 * 6 + 1
        assertThat(exported.getDouble(2, 3)).isEqualTo(2); // id 20 = 3 * 6 + 2
        assertThat(hidden.array().sumNumber().doubleValue()).isEqualTo(96);
    }

    @Test
    void aNetworkWithoutParametersIsRefused() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        masked(dense(b -> b), output()).getLayerWiseConfigurations().clone());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Packing.pack(network))
                .withMessage(
                        "expected an initialized network, got one without parameters: call init()"
                                + " first");
        ComputationGraph graph = new ComputationGraph(Networks.recurrent().getConfiguration());
        assertThatIllegalArgumentException().isThrownBy(() -> Packing.pack(graph));
        assertThatIllegalArgumentException().isThrownBy(() -> Packing.unpack(graph));
        assertThatIllegalArgumentException().isThrownBy(() -> Packing.export(graph));
    }

    @Test
    void densitiesOutOfRangeAreRefused() {
        for (double density : new double[] {-0.1, 1.1, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Packing.densityAtMost(density))
                    .withMessage("density must be in [0, 1], got " + density);
        }
    }

    private static MultiLayerNetwork sparse(SparseDenseLayer.Builder layer) {
        return (MultiLayerNetwork)
                NetworkClass.SEQUENTIAL
                        .of(
                                NetworkClass.settings(DataType.FLOAT, new Sgd(1), 3),
                                layer.name("hidden").build(),
                                output())
                        .model();
    }

    @Test
    void whatAMaskedLayerHasNoEqualOfIsNotUnpacked() {
        MultiLayerNetwork norm =
                sparse(
                        NetworkClass.sparse(6, 8, 0.5)
                                .constrainWeights(new MaxNormConstraint(1, 0)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Packing.unpack(norm))
                .withMessageStartingWith(
                        "Layer 0 (hidden): can't be unpacked with its constraint on the weights:")
                .withMessageContaining("MaxNormConstraint");
        MultiLayerNetwork noise =
                sparse(
                        NetworkClass.sparse(6, 8, 0.5)
                                .weightNoise(new WeightNoise(new NormalDistribution(0, 1))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Packing.export(noise))
                .withMessageStartingWith(
                        "Layer 0 (hidden): can't be unpacked with its weight noise")
                .withMessageContaining("additive=true");
    }
}
