package org.dl4jplasticity.adapter;

import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A {@link LowRankDenseLayer} at work. */
final class LowRankDense extends BaseLayer<LowRankDenseLayer> {
    private static final long serialVersionUID = 1;

    /** What is computed with, apart from the input. Masks are vectors, null at inference. */
    private record Adapter(INDArray down, INDArray up, INDArray inputs, INDArray outputs) {}

    private static final int NONE = -1;

    private int sample = NONE;

    LowRankDense(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    /**
     * Makes inference draw masks, until {@link #dropNothing}.
     *
     * @param sample which of the masks, at least 0; the same number draws the same again
     */
    void drop(int sample) {
        this.sample = sample;
    }

    /** Makes inference what it is by default. */
    void dropNothing() {
        this.sample = NONE;
    }

    private Adapter adapter(boolean training, LayerWorkspaceMgr workspaces) {
        boolean masked = training || sample != NONE;
        return new Adapter(
                getParamWithNoise(LowRankParameters.DOWN, training, workspaces),
                getParamWithNoise(LowRankParameters.UP, training, workspaces),
                masked ? mask(layerConf().getNIn(), 0) : null,
                masked ? mask(layerConf().getNOut(), 1) : null);
    }

    private INDArray mask(long length, int side) {
        double[] factors =
                layerConf()
                        .kept()
                        .factors(
                                "Layer " + layerConf().getLayerName(),
                                Math.toIntExact(length),
                                getIterationCount(),
                                getEpochCount(),
                                2L * (sample + 1) + side);
        return Nd4j.createFromArray(factors).castTo(dataType);
    }

    /** {@return x A, [minibatch, rank]} */
    private static INDArray inner(INDArray x, Adapter adapter) {
        INDArray seen = adapter.inputs == null ? x : x.mulRowVector(adapter.inputs);
        return seen.mmul(adapter.down);
    }

    @Override
    protected Pair<INDArray, INDArray> preOutputWithPreNorm(
            boolean training, boolean forBackprop, LayerWorkspaceMgr workspaces) {
        assertInputSet(forBackprop);
        applyDropOutIfNecessary(training, workspaces);
        INDArray x = requireInput();
        INDArray z =
                workspaces.createUninitialized(
                        ArrayType.ACTIVATIONS, dataType, x.size(0), layerConf().getNOut());
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            Adapter adapter = adapter(training, workspaces);
            INDArray added = inner(x, adapter).mmul(adapter.up).muli(layerConf().scale());
            if (adapter.outputs != null) {
                added.muliRowVector(adapter.outputs);
            }
            z.assign(x.mmul(getParamWithNoise(LowRankParameters.WEIGHTS, training, workspaces)));
            z.addi(added);
            if (hasBias()) {
                z.addiRowVector(getParamWithNoise(LowRankParameters.BIASES, training, workspaces));
            }
        }
        if (maskArray != null) {
            applyMask(z);
        }
        return new Pair<>(z, z);
    }

    private INDArray requireInput() {
        if (input.rank() != 2 || input.size(1) != layerConf().getNIn()) {
            throw new DL4JInvalidInputException(
                    "expected input of shape [minibatch, %d], got %s; is a preprocessor missing? %s"
                            .formatted(
                                    layerConf().getNIn(),
                                    Arrays.toString(input.shape()),
                                    layerId()));
        }
        return input.castTo(dataType);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(
            INDArray epsilon, LayerWorkspaceMgr workspaces) {
        INDArray z = preOutput(true, workspaces);
        INDArray delta = layerConf().getActivationFn().backprop(z, epsilon).getFirst();
        if (maskArray != null) {
            applyMask(delta);
        }
        INDArray x = requireInput();
        INDArray ofInput =
                workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, x.shape(), 'f');
        Gradient gradient = new DefaultGradient();
        gradientViews.forEach(gradient::setGradientFor);
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            gradientViews.get(LowRankParameters.WEIGHTS).assign(0);
            if (hasBias()) {
                gradientViews.get(LowRankParameters.BIASES).assign(0);
            }
            Adapter adapter = adapter(true, workspaces);
            INDArray outer = delta.mulRowVector(adapter.outputs).muli(layerConf().scale());
            INDArray ofInner = outer.mmul(adapter.up.transpose());
            INDArray seen = x.mulRowVector(adapter.inputs);
            gradientViews
                    .get(LowRankParameters.UP)
                    .assign(inner(x, adapter).transpose().mmul(outer));
            gradientViews.get(LowRankParameters.DOWN).assign(seen.transpose().mmul(ofInner));
            INDArray weights = getParamWithNoise(LowRankParameters.WEIGHTS, true, workspaces);
            ofInput.assign(delta.mmul(weights.transpose()));
            ofInput.addi(ofInner.mmul(adapter.down.transpose()).muliRowVector(adapter.inputs));
        }
        weightNoiseParams.clear();
        return new Pair<>(gradient, backpropDropOutIfPresent(ofInput));
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
