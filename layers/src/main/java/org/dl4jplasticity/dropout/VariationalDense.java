package org.dl4jplasticity.dropout;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** A {@link VariationalDenseLayer} at work. */
final class VariationalDense extends FullyConnected<VariationalDenseLayer> {
    private static final long serialVersionUID = 1;

    /** The weights, variances and draws of the last forward pass in training; or null. */
    private transient INDArray means;

    private transient INDArray variances;
    private transient GaussianSums sums;
    private transient GaussianDraws draws;

    VariationalDense(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    private VariationalNoise noise() {
        return layerConf().noise();
    }

    private INDArray noiseParameter() {
        return getParam(VariationalParameters.NOISE_KEY);
    }

    /** {@return the weights that are used at inference; not a copy where all are} */
    private INDArray inferenceWeights(LayerWorkspaceMgr workspaceMgr) {
        INDArray w = weights(false, workspaceMgr);
        return Double.isFinite(noise().largest())
                ? w
                : w.mul(VariationalPruning.kept(noise(), w, noiseParameter()));
    }

    private void draw(LayerWorkspaceMgr workspaceMgr) {
        means = weights(true, workspaceMgr);
        variances = noise().variances(means, noiseParameter());
        sums = new GaussianSums(input, means, variances, biases(true, workspaceMgr));
        draws =
                GaussianDraws.of(
                        sums,
                        Draws.of(
                                layerConf().seed(),
                                getIndex(),
                                getIterationCount(),
                                input.size(0)));
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaceMgr) {
        prepareInput(training, workspaceMgr);
        INDArray output = newOutput(workspaceMgr);
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            if (training) {
                draw(workspaceMgr);
                output.assign(draws.sums());
            } else {
                INDArray w = inferenceWeights(workspaceMgr);
                Nd4j.matmul(input.castTo(dataType), w, output);
                if (hasBias()) {
                    output.addiRowVector(biases(false, workspaceMgr));
                }
            }
        }
        INDArray activated = layerConf().getActivationFn().getActivation(output, training);
        if (maskArray != null) {
            applyMask(activated);
        }
        return activated;
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
                draw(workspaceMgr);
            }
            INDArray delta =
                    layerConf()
                            .getActivationFn()
                            .backprop(draws.sums().dup(), epsilon.castTo(dataType).dup('c'))
                            .getFirst();
            INDArray ofVariances =
                    sums.backward(
                            delta,
                            draws.ofVariance(delta),
                            weightGradient(),
                            biasGradient(),
                            epsilonNext);
            INDArray a = noiseParameter();
            INDArray aGradient = gradientViews.get(VariationalParameters.NOISE_KEY);
            noise().backward(means, a, variances, ofVariances, weightGradient(), aGradient);
            // The updater divides the gradient by the number of examples, unless told not to.
            double factor = divergenceWeight() * (conf().isMiniBatch() ? input.size(0) : 1);
            if (factor > 0) {
                noise().addDivergence(means, a, factor, weightGradient(), aGradient);
            }
        }
        forget();
        return result(epsilonNext);
    }

    private double divergenceWeight() {
        return layerConf().divergenceWeight(getIterationCount(), getEpochCount());
    }

    @Override
    public double calcRegularizationScore(boolean backpropParamsOnly) {
        double others = super.calcRegularizationScore(backpropParamsOnly);
        double weight = divergenceWeight();
        if (weight == 0) {
            return others;
        }
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            INDArray w = getParam(DefaultParamInitializer.WEIGHT_KEY);
            return others + weight * noise().divergence(w, noiseParameter());
        }
    }

    /** Keeps alpha where its divergence is known (Kingma et al. 2015, sec. 3.3). */
    @Override
    public void applyConstraints(int iteration, int epoch) {
        super.applyConstraints(iteration, epoch);
        if (Double.isFinite(noise().largest())) {
            INDArray a = noiseParameter();
            try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
                a.assign(Transforms.min(a, noise().largest(), true));
            }
        }
    }

    private void forget() {
        means = null;
        variances = null;
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
