package org.dl4jplasticity.layers.runtime;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.dl4jplasticity.layers.ActivationPruningLayer;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** {@link ActivationPruningLayer} at work. */
public final class PrunedActivations extends AbstractLayer<ActivationPruningLayer> {
    private static final long serialVersionUID = 1;

    /** What the last forward pass multiplied by; outside of any workspace. */
    private transient INDArray factors;

    /**
     * Made by {@link ActivationPruningLayer}.
     *
     * @param conf the layer's configuration
     * @param dataType the network's type
     */
    public PrunedActivations(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            double[] all =
                    layerConf()
                            .pruning()
                            .factors(
                                    input.dup('c').data().asDouble(),
                                    Math.toIntExact(input.size(0)),
                                    getIterationCount());
            factors =
                    Nd4j.createFromArray(all).castTo(input.dataType()).reshape('c', input.shape());
        }
        return multiplied(ArrayType.ACTIVATIONS, input, workspaces);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(
            INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        return new Pair<>(
                new DefaultGradient(), multiplied(ArrayType.ACTIVATION_GRAD, epsilon, workspaces));
    }

    private INDArray multiplied(ArrayType as, INDArray array, LayerWorkspaceMgr workspaces) {
        INDArray result = workspaces.createUninitialized(as, array.dataType(), array.shape(), 'c');
        return result.assign(array).muli(factors);
    }

    @Override
    public double calcRegularizationScore(boolean backpropOnlyParams) {
        return 0;
    }

    @Override
    public Type type() {
        return Type.FEED_FORWARD;
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }

    @Override
    public void clearNoiseWeightParams() {
        // there are no weights
    }

    @Override
    public INDArray params() {
        return null;
    }
}
