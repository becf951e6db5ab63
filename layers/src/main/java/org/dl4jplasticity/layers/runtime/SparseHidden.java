package org.dl4jplasticity.layers.runtime;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.dl4jplasticity.kernel.FusedActivation;
import org.dl4jplasticity.layers.SparseLayer;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A sparse layer that is not the network's last one, at work: any linear map, then any activation
 * function, which the kernels apply where they know it.
 *
 * @param <C> the configuration
 */
public abstract sealed class SparseHidden<C extends FeedForwardLayer & SparseLayer>
        extends BaseLayer<C> implements SparseRuntime permits SparseDense, SparseConvolution {
    private static final long serialVersionUID = 1;

    private final transient ForwardPass<?> pass;

    SparseHidden(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
        pass = createPass(dataType);
    }

    /** {@return the computation of the layer that the configuration is for} */
    abstract ForwardPass<?> createPass(DataType dataType);

    @Override
    public SparseLayer sparseConf() {
        return layerConf();
    }

    @Override
    public void setInput(INDArray input, LayerWorkspaceMgr workspaceMgr) {
        super.setInput(input, workspaceMgr);
        pass.forget();
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
        if (!pass.isOf(input)) {
            if (training && layerConf().getIDropout() != null) {
                pass.computation().inputDiffers();
            }
            pass.run(
                    input,
                    getParamWithNoise(DefaultParamInitializer.WEIGHT_KEY, training, workspaceMgr),
                    hasBias()
                            ? getParamWithNoise(
                                    DefaultParamInitializer.BIAS_KEY, training, workspaceMgr)
                            : null,
                    kernelActivation(),
                    layerId());
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
        INDArray output = pass.output(ArrayType.ACTIVATIONS, workspaceMgr);
        if (!isFused()) {
            output = layerConf().getActivationFn().getActivation(output, training);
        }
        if (maskArray != null) {
            applyMask(output);
        }
        if (isFused() && maskArray == null) {
            pass.computation().outputIs(output);
        }
        return output;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(
            INDArray epsilon, LayerWorkspaceMgr workspaceMgr) {
        assertInputSet(true);
        forward(true, workspaceMgr);
        INDArray delta = epsilon;
        if (!isFused()) {
            INDArray z = pass.output(ArrayType.BP_WORKING_MEM, workspaceMgr);
            delta = layerConf().getActivationFn().backprop(z, epsilon).getFirst();
        }
        if (maskArray != null) {
            applyMask(delta);
        }
        pass.computation().setOutputGradient(delta);
        Pair<Gradient, INDArray> result = pass.backward(gradientViews, workspaceMgr);
        weightNoiseParams.clear();
        if (result.getSecond() != null) {
            backpropDropOutIfPresent(result.getSecond());
        }
        return result;
    }

    LayerComputation computation() {
        return pass.computation();
    }

    @Override
    public double[] gradientRow(int unit) {
        return pass.computation().gradientRow(unit);
    }

    @Override
    public long[] largestGradients(SparseTopology occupied, int k) {
        return pass.computation().largestGradients(occupied, k);
    }

    @Override
    public long[] largestSampledGradients(SparseTopology occupied, int k, long draws, long seed) {
        return pass.computation().largestSampledGradients(occupied, k, draws, seed);
    }

    @Override
    public void clear() {
        super.clear();
        pass.forget();
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
