package org.dl4jplasticity.layers.runtime;

import java.util.Arrays;
import java.util.Map;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.dl4jplasticity.kernel.FusedActivation;
import org.dl4jplasticity.layers.SparseDenseLayer;
import org.dl4jplasticity.layers.SparseLayer;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A {@link SparseDenseLayer} at work. */
public final class SparseDense extends BaseLayer<SparseDenseLayer> implements SparseRuntime {
    private static final long serialVersionUID = 1;

    private final transient LayerComputation computation;

    /** The input that the computation's forward pass was given, or null if there was none. */
    private transient INDArray forwardInput;

    /**
     * Creates a layer without parameters.
     *
     * @param conf the configuration, whose layer is a {@link SparseDenseLayer} with a topology
     * @param dataType the type of parameters and activations
     */
    public SparseDense(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
        computation = LayerComputation.create(dataType);
    }

    @Override
    public SparseLayer sparseConf() {
        return layerConf();
    }

    @Override
    public void setInput(INDArray input, LayerWorkspaceMgr workspaceMgr) {
        super.setInput(input, workspaceMgr);
        forwardInput = null;
    }

    /** The kernels' activation function, or identity where ND4J applies the layer's own. */
    private FusedActivation kernelActivation() {
        FusedActivation fused = FusedActivations.of(layerConf().getActivationFn());
        return fused == null ? FusedActivation.IDENTITY : fused;
    }

    private boolean isFused() {
        return FusedActivations.of(layerConf().getActivationFn()) != null;
    }

    private void forward(boolean training, LayerWorkspaceMgr workspaceMgr) {
        assertInputSet(false);
        applyDropOutIfNecessary(training, workspaceMgr);
        if (forwardInput == input) {
            return;
        }
        requireInput(input, layerConf(), layerId());
        computation.forward(
                layerConf().getTopology(),
                input,
                getParamWithNoise(DefaultParamInitializer.WEIGHT_KEY, training, workspaceMgr),
                hasBias()
                        ? getParamWithNoise(
                                DefaultParamInitializer.BIAS_KEY, training, workspaceMgr)
                        : null,
                kernelActivation());
        forwardInput = input;
    }

    static void requireInput(INDArray input, SparseLayer layer, String layerId) {
        if (input.rank() != 2 || input.size(1) != layer.getNIn()) {
            throw new DL4JInvalidInputException(
                    "expected input of shape [minibatch, %d], got %s; is a preprocessor missing? %s"
                            .formatted(layer.getNIn(), Arrays.toString(input.shape()), layerId));
        }
    }

    @Override
    public INDArray preOutput(boolean training, LayerWorkspaceMgr workspaceMgr) {
        throw new UnsupportedOperationException(
                "a sparse layer computes pre-activation and activation together " + layerId());
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaceMgr) {
        forward(training, workspaceMgr);
        INDArray output = read(ArrayType.ACTIVATIONS, workspaceMgr);
        if (!isFused()) {
            output = layerConf().getActivationFn().getActivation(output, training);
        }
        if (maskArray != null) {
            applyMask(output);
        }
        return output;
    }

    /** What the computation has as its output, as a new array [minibatch, nOut]. */
    private INDArray read(ArrayType type, LayerWorkspaceMgr workspaceMgr) {
        INDArray output =
                workspaceMgr.createUninitialized(
                        type, dataType, new long[] {input.size(0), layerConf().getNOut()}, 'f');
        computation.readOutput(output);
        return output;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(
            INDArray epsilon, LayerWorkspaceMgr workspaceMgr) {
        assertInputSet(true);
        forward(true, workspaceMgr);
        INDArray delta = epsilon;
        if (!isFused()) {
            INDArray z = read(ArrayType.BP_WORKING_MEM, workspaceMgr);
            delta = layerConf().getActivationFn().backprop(z, epsilon).getFirst();
        }
        if (maskArray != null) {
            applyMask(delta);
        }
        computation.setOutputGradient(delta);
        Pair<Gradient, INDArray> result = backward(computation, gradientViews, input, workspaceMgr);
        weightNoiseParams.clear();
        backpropDropOutIfPresent(result.getSecond());
        return result;
    }

    /** Gradients into the layer's views, and the gradient at its input as a new array. */
    static Pair<Gradient, INDArray> backward(
            LayerComputation computation,
            Map<String, INDArray> gradientViews,
            INDArray input,
            LayerWorkspaceMgr workspaceMgr) {
        INDArray weightGradient = gradientViews.get(DefaultParamInitializer.WEIGHT_KEY);
        INDArray epsilonNext =
                workspaceMgr.createUninitialized(
                        ArrayType.ACTIVATION_GRAD, weightGradient.dataType(), input.shape(), 'f');
        computation.backward(
                weightGradient, gradientViews.get(DefaultParamInitializer.BIAS_KEY), epsilonNext);
        Gradient gradient = new DefaultGradient();
        gradient.gradientForVariable().putAll(gradientViews);
        return new Pair<>(gradient, epsilonNext);
    }

    @Override
    public long[] largestGradients(SparseTopology occupied, int k) {
        return computation.largestGradients(occupied, k);
    }

    @Override
    public void clear() {
        super.clear();
        forwardInput = null;
    }

    @Override
    public boolean hasBias() {
        return layerConf().hasBias();
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }
}
