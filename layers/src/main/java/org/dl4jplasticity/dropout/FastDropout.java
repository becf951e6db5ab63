package org.dl4jplasticity.dropout;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A {@link FastDropoutLayer} at work. */
final class FastDropout extends FullyConnected<FastDropoutLayer> {
    private static final long serialVersionUID = 1;

    /** The sums of the last forward pass in training, and their draws if there are any; or null. */
    private transient GaussianSums sums;

    private transient GaussianDraws draws;

    FastDropout(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    private IActivation activation() {
        return layerConf().getActivationFn();
    }

    private boolean keepsAll() {
        return layerConf().keep() == 1;
    }

    private void sum(LayerWorkspaceMgr workspaceMgr) {
        INDArray w = weights(true, workspaceMgr);
        INDArray variances = w.mul(w).muli(layerConf().varianceFactor());
        sums = new GaussianSums(input, w, variances, biases(true, workspaceMgr));
        if (layerConf().seed() != null && !keepsAll()) {
            draws =
                    GaussianDraws.of(
                            sums,
                            Draws.of(
                                    layerConf().seed(),
                                    getIndex(),
                                    getIterationCount(),
                                    input.size(0)));
        }
    }

    private MeanActivation.Value mean() {
        return MeanActivation.of(activation()).orElseThrow().at(sums.mean(), sums.variance());
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaceMgr) {
        prepareInput(training, workspaceMgr);
        INDArray output = newOutput(workspaceMgr);
        boolean averaged;
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            if (training) {
                sum(workspaceMgr);
            } else if (activation() instanceof GaussianMoments) {
                GaussianMoments.prepare(this, weights(false, workspaceMgr), layerConf().keep());
            }
            averaged = training && draws == null && !keepsAll();
            output.assign(averaged ? mean().mean() : sums(training, workspaceMgr));
        }
        INDArray activated = averaged ? output : activation().getActivation(output, training);
        if (maskArray != null) {
            applyMask(activated);
        }
        return activated;
    }

    /** {@return what the activation function is applied to} */
    private INDArray sums(boolean training, LayerWorkspaceMgr workspaceMgr) {
        if (!training) {
            return weightedSums(false, workspaceMgr);
        }
        return draws == null ? sums.mean() : draws.sums();
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(
            INDArray epsilon, LayerWorkspaceMgr workspaceMgr) {
        prepareInput(true, workspaceMgr);
        if (maskArray != null) {
            applyMask(epsilon);
        }
        INDArray epsilonNext = newInputGradient(workspaceMgr);
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            if (sums == null) {
                sum(workspaceMgr);
            }
            INDArray gradient = epsilon.castTo(dataType).dup('c');
            INDArray ofMean;
            INDArray ofVariance;
            if (draws == null && !keepsAll()) {
                MeanActivation.Value mean = mean();
                ofMean = gradient.mul(mean.byMean());
                ofVariance = gradient.muli(mean.byVariance());
            } else {
                INDArray z = sums(true, workspaceMgr).dup();
                ofMean = activation().backprop(z, gradient).getFirst();
                ofVariance = draws == null ? ofMean.ulike().assign(0) : draws.ofVariance(ofMean);
            }
            INDArray ofWeights =
                    sums.backward(
                            ofMean, ofVariance, weightGradient(), biasGradient(), epsilonNext);
            // dV / dW = 2 W times the factor
            ofWeights.muli(weights(true, workspaceMgr)).muli(2 * layerConf().varianceFactor());
            weightGradient().addi(ofWeights);
        }
        forget();
        return result(epsilonNext);
    }

    private void forget() {
        sums = null;
        draws = null;
    }

    @Override
    public void setInput(INDArray input, LayerWorkspaceMgr workspaceMgr) {
        super.setInput(input, workspaceMgr);
        forget();
    }

    @Override
    public void clear() {
        super.clear();
        forget();
    }
}
