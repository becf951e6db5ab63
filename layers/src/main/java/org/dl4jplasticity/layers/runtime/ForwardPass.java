package org.dl4jplasticity.layers.runtime;

import java.util.Arrays;
import java.util.Map;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.dl4jplasticity.kernel.FusedActivation;
import org.dl4jplasticity.layers.SparseLayer;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A layer's computation and the input it last ran on, so that the backward pass and the score need
 * no second forward pass: what the two layer classes share.
 */
final class ForwardPass {
    private final SparseLayer layer;
    private final DataType dataType;
    private final LayerComputation computation;

    /** Null if there was none since it was last forgotten. */
    private INDArray input;

    ForwardPass(SparseLayer layer, DataType dataType) {
        this.layer = layer;
        this.dataType = dataType;
        this.computation = LayerComputation.create(dataType);
    }

    LayerComputation computation() {
        return computation;
    }

    /** {@return whether the last run was on this very array} */
    boolean isOf(INDArray array) {
        return input == array;
    }

    void forget() {
        input = null;
    }

    void run(
            INDArray array,
            INDArray weights,
            INDArray bias,
            FusedActivation activation,
            String layerId) {
        if (array.rank() != 2 || array.size(1) != layer.getNIn()) {
            throw new DL4JInvalidInputException(
                    "expected input of shape [minibatch, %d], got %s; is a preprocessor missing? %s"
                            .formatted(layer.getNIn(), Arrays.toString(array.shape()), layerId));
        }
        computation.forward(layer.getTopology(), array, weights, bias, activation);
        input = array;
    }

    /** {@return the output of the last run as a new array, [minibatch, nOut]} */
    INDArray output(ArrayType type, LayerWorkspaceMgr workspaceMgr) {
        INDArray output =
                workspaceMgr.createUninitialized(
                        type, dataType, new long[] {input.size(0), layer.getNOut()}, 'f');
        computation.readOutput(output);
        return output;
    }

    /** Gradients into the layer's views, and the gradient at its input as a new array. */
    Pair<Gradient, INDArray> backward(
            Map<String, INDArray> gradientViews, LayerWorkspaceMgr workspaceMgr) {
        INDArray epsilonNext =
                workspaceMgr.createUninitialized(
                        ArrayType.ACTIVATION_GRAD, dataType, input.shape(), 'f');
        computation.backward(
                gradientViews.get(DefaultParamInitializer.WEIGHT_KEY),
                gradientViews.get(DefaultParamInitializer.BIAS_KEY),
                epsilonNext);
        Gradient gradient = new DefaultGradient();
        gradient.gradientForVariable().putAll(gradientViews);
        return new Pair<>(gradient, epsilonNext);
    }
}
