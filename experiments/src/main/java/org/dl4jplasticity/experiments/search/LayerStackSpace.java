package org.dl4jplasticity.experiments.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.arbiter.layers.ConvolutionLayerSpace;
import org.deeplearning4j.arbiter.layers.DenseLayerSpace;
import org.deeplearning4j.arbiter.layers.LayerSpace;
import org.deeplearning4j.arbiter.layers.OutputLayerSpace;
import org.deeplearning4j.arbiter.layers.fixed.FixedLayerSpace;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.FixedValue;
import org.deeplearning4j.arbiter.optimize.parameter.math.MathOp;
import org.deeplearning4j.arbiter.optimize.parameter.math.Op;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * The layers of a network as spaces: a perceptron's, or convolutions in blocks and hidden layers
 * above, as the models of the command {@code train} have them. Layers are sparse for methods that
 * draw connections at random, and else DL4J's own.
 */
final class LayerStackSpace {
    private final Map<Parameter, ParameterSpace<?>> dimensions;
    private final NetworkShape shape;
    private final boolean sparse;
    private final ParameterSpace<Double> sparsity;

    /**
     * The layers of a network.
     *
     * @param values that decide which layers there are
     * @param dimensions sizes that are searched are taken from there
     */
    LayerStackSpace(Values values, Map<Parameter, ParameterSpace<?>> dimensions) {
        this.dimensions = dimensions;
        shape = NetworkShape.of(values);
        sparse = CandidateSettings.method(values.text(Parameter.METHOD)).drawsTopologies();
        sparsity = dimension(Parameter.SPARSITY, values.number(Parameter.SPARSITY));
    }

    /**
     * {@return the layers at a point of the space}
     *
     * @param point a number in [0, 1] for each dimension
     * @param classes units of the output layer
     */
    List<Layer> layers(double[] point, int classes) {
        List<Layer> layers = new ArrayList<>();
        for (int block = 0; block < shape.blocks().length; block++) {
            for (int i = 0; i < shape.blocks()[block].length; i++) {
                String name = "conv-" + (block + 1) + (char) ('a' + i);
                layers.add(named(name, convolution(block, i), point));
            }
            layers.add(pooling().getValue(point));
        }
        for (int i = 0; i < shape.hidden().length; i++) {
            boolean isFirst = i == 0 && shape.blocks().length == 0;
            layers.add(named("hidden-" + (i + 1), hidden(i, !isFirst), point));
        }
        layers.add(named("output", output(classes), point));
        return layers;
    }

    private static Layer named(String name, LayerSpace<?> space, double[] point) {
        Layer layer = space.getValue(point);
        layer.setLayerName(name);
        return layer;
    }

    private LayerSpace<?> convolution(int block, int index) {
        ParameterSpace<Integer> channels =
                dimensions.containsKey(Parameter.CHANNELS)
                        ? new MathOp<>(dimension(Parameter.CHANNELS, 0), Op.MUL, 1 << block)
                        : new FixedValue<>(shape.blocks()[block][index]);
        return sparse
                ? new SparseConvolutionLayerSpace.Builder()
                        .nOut(channels)
                        .kernelSize(new FixedValue<>(new int[] {3, 3}))
                        .convolutionMode(ConvolutionMode.Same)
                        .sparsity(sparsity)
                        .build()
                : new ConvolutionLayerSpace.Builder()
                        .nOut(channels)
                        .kernelSize(3, 3)
                        .convolutionMode(ConvolutionMode.Same)
                        .build();
    }

    private static LayerSpace<?> pooling() {
        return new FixedLayerSpace<>(
                new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build());
    }

    private LayerSpace<?> hidden(int index, boolean inputGradient) {
        ParameterSpace<Integer> width = dimension(Parameter.WIDTH, shape.hidden()[index]);
        return sparse
                ? new SparseDenseLayerSpace.Builder()
                        .nOut(width)
                        .inputGradient(inputGradient)
                        .sparsity(sparsity)
                        .build()
                : new DenseLayerSpace.Builder().nOut(width).build();
    }

    private LayerSpace<?> output(int classes) {
        return sparse
                ? new SparseOutputLayerSpace.Builder()
                        .nOut(classes)
                        .activation(Activation.SOFTMAX)
                        .iLossFunction(LossFunction.MCXENT.getILossFunction())
                        .sparsity(sparsity)
                        .build()
                : new OutputLayerSpace.Builder()
                        .nOut(classes)
                        .activation(Activation.SOFTMAX)
                        .iLossFunction(LossFunction.MCXENT.getILossFunction())
                        .build();
    }

    /** A dimension if the parameter is searched, else its value. */
    @SuppressWarnings("unchecked") // a parameter's kind decides the type of its dimension's values
    private <T> ParameterSpace<T> dimension(Parameter parameter, T value) {
        return dimensions.containsKey(parameter)
                ? (ParameterSpace<T>) dimensions.get(parameter)
                : new FixedValue<>(value);
    }
}
