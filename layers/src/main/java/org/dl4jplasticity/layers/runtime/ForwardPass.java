package org.dl4jplasticity.layers.runtime;

import java.util.Map;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.dl4jplasticity.kernel.DoubleConvolutionOperations;
import org.dl4jplasticity.kernel.FloatConvolutionOperations;
import org.dl4jplasticity.kernel.FusedActivation;
import org.dl4jplasticity.kernel.KernelChoice;
import org.dl4jplasticity.layers.SparseConvolutionLayer;
import org.dl4jplasticity.layers.SparseLayer;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A layer's computation and the input it last ran on, so that the backward pass and the score need
 * no second forward pass: what the layer classes share.
 */
final class ForwardPass<C extends LayerComputation> {
    private final SparseLayer layer;
    private final DataType dataType;
    private final C computation;
    private final ActivationShapes shapes;

    /** Null if there was none since it was last forgotten. */
    private INDArray input;

    private long[] outputShape;

    ForwardPass(SparseLayer layer, DataType dataType, C computation, ActivationShapes shapes) {
        this.layer = layer;
        this.dataType = dataType;
        this.computation = computation;
        this.shapes = shapes;
    }

    /** {@return the pass of a fully connected layer} */
    static ForwardPass<MatrixComputation> ofMatrices(SparseLayer layer, DataType dataType) {
        return new ForwardPass<>(
                layer,
                dataType,
                MatrixComputation.create(dataType),
                ActivationShapes.ofMatrices(layer));
    }

    /** {@return the pass of a convolution} */
    static ForwardPass<LayerComputation> ofImages(SparseConvolutionLayer layer, DataType dataType) {
        return new ForwardPass<>(
                layer, dataType, convolution(layer, dataType), ImageShapes.of(layer));
    }

    private static LayerComputation convolution(SparseConvolutionLayer layer, DataType dataType) {
        KernelChoice choice = HeapKernels.of(dataType);
        if (choice == KernelChoice.ND4J) {
            return new Nd4jConvolutionComputation(layer);
        }
        return dataType == DataType.FLOAT
                ? new FloatConvolutionComputation(layer, FloatConvolutionOperations.of(choice))
                : new DoubleConvolutionComputation(layer, DoubleConvolutionOperations.of(choice));
    }

    C computation() {
        return computation;
    }

    /** {@return whether the last run was on this very array} */
    boolean isOf(INDArray array) {
        return input == array;
    }

    void forget() {
        input = null;
        computation.forget();
    }

    void run(
            INDArray array,
            INDArray weights,
            INDArray bias,
            FusedActivation activation,
            String layerId) {
        outputShape = shapes.output(array, layerId);
        computation.forward(layer.getTopology(), array, weights, bias, activation);
        input = array;
    }

    /** {@return the output of the last run as a new array} */
    INDArray output(ArrayType type, LayerWorkspaceMgr workspaceMgr) {
        INDArray output =
                workspaceMgr.createUninitialized(type, dataType, outputShape, shapes.order());
        computation.readOutput(output);
        return output;
    }

    /**
     * Gradients into the layer's views, and the gradient at its input as a new array, or null if
     * the layer is not to have it.
     */
    Pair<Gradient, INDArray> backward(
            Map<String, INDArray> gradientViews, LayerWorkspaceMgr workspaceMgr) {
        INDArray epsilonNext =
                layer.hasInputGradient()
                        ? workspaceMgr.createUninitialized(
                                ArrayType.ACTIVATION_GRAD, dataType, input.shape(), shapes.order())
                        : null;
        computation.backward(
                gradientViews.get(DefaultParamInitializer.WEIGHT_KEY),
                gradientViews.get(DefaultParamInitializer.BIAS_KEY),
                epsilonNext);
        Gradient gradient = new DefaultGradient();
        gradient.gradientForVariable().putAll(gradientViews);
        return new Pair<>(gradient, epsilonNext);
    }
}
