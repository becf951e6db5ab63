package org.dl4jplasticity.dropout;

import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A {@link FullyConnectedLayer} at work.
 *
 * @param <C> the configuration
 */
abstract class FullyConnected<C extends FullyConnectedLayer> extends BaseLayer<C> {
    private static final long serialVersionUID = 1;

    FullyConnected(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    /** Applies the dropout of the input, if there is one, and checks the input's shape. */
    final void prepareInput(boolean training, LayerWorkspaceMgr workspaceMgr) {
        assertInputSet(!training);
        applyDropOutIfNecessary(training, workspaceMgr);
        if (input.rank() != 2 || input.size(1) != layerConf().getNIn()) {
            throw new DL4JInvalidInputException(
                    "expected an input of shape [minibatch, %d], got %s %s"
                            .formatted(
                                    layerConf().getNIn(),
                                    Arrays.toString(input.shape()),
                                    layerId()));
        }
    }

    /** {@return an array for the layer's output, [minibatch, nOut]} */
    final INDArray newOutput(LayerWorkspaceMgr workspaceMgr) {
        return workspaceMgr.createUninitialized(
                ArrayType.ACTIVATIONS,
                dataType,
                new long[] {input.size(0), layerConf().getNOut()},
                'c');
    }

    /** {@return an array for the gradient by the layer's input, [minibatch, nIn]} */
    final INDArray newInputGradient(LayerWorkspaceMgr workspaceMgr) {
        return workspaceMgr.createUninitialized(
                ArrayType.ACTIVATION_GRAD, dataType, input.shape(), 'c');
    }

    /** {@return x W + b, [minibatch, columns], outside of workspaces} */
    final INDArray weightedSums(boolean training, LayerWorkspaceMgr workspaceMgr) {
        INDArray z =
                Nd4j.createUninitialized(
                        dataType, new long[] {input.size(0), layerConf().columns()}, 'c');
        Nd4j.matmul(input.castTo(dataType), weights(training, workspaceMgr), z);
        return hasBias() ? z.addiRowVector(biases(training, workspaceMgr)) : z;
    }

    final INDArray weights(boolean training, LayerWorkspaceMgr workspaceMgr) {
        return getParamWithNoise(DefaultParamInitializer.WEIGHT_KEY, training, workspaceMgr);
    }

    /** {@return the biases, or null for none} */
    final INDArray biases(boolean training, LayerWorkspaceMgr workspaceMgr) {
        return hasBias()
                ? getParamWithNoise(DefaultParamInitializer.BIAS_KEY, training, workspaceMgr)
                : null;
    }

    final INDArray weightGradient() {
        return gradientViews.get(DefaultParamInitializer.WEIGHT_KEY);
    }

    /** {@return where the gradient of the biases goes, or null for none} */
    final INDArray biasGradient() {
        return gradientViews.get(DefaultParamInitializer.BIAS_KEY);
    }

    /** {@return what a backward pass came to, when all views of the gradient are written} */
    final Pair<Gradient, INDArray> result(INDArray inputGradient) {
        Gradient gradient = new DefaultGradient();
        gradient.gradientForVariable().putAll(gradientViews);
        weightNoiseParams.clear();
        return new Pair<>(gradient, backpropDropOutIfPresent(inputGradient));
    }

    @Override
    public final boolean hasBias() {
        return layerConf().hasBias();
    }

    @Override
    public final boolean isPretrainLayer() {
        return false;
    }
}
