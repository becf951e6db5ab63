package org.dl4jplasticity.layers.runtime;

import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseOutputLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.dl4jplasticity.kernel.FusedActivation;
import org.dl4jplasticity.layers.SparseLayer;
import org.dl4jplasticity.layers.SparseOutputLayer;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossNegativeLogLikelihood;

/**
 * A {@link SparseOutputLayer} at work. Softmax with unweighted multi-class cross-entropy, and
 * without a label mask, is computed in one pass whose loss the score then uses; any other loss is
 * asked as DL4J's own output layer asks it.
 */
public final class SparseOutput extends BaseOutputLayer<SparseOutputLayer>
        implements SparseRuntime {
    private static final long serialVersionUID = 1;

    private final transient ForwardPass<MatrixComputation> pass;

    /** The labels whose summed loss is known for that input, or null. */
    private transient INDArray lossLabels;

    private transient double loss;

    /**
     * Creates a layer without parameters.
     *
     * @param conf the configuration, whose layer is a {@link SparseOutputLayer} with a topology
     * @param dataType the type of parameters and activations
     */
    public SparseOutput(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
        pass = ForwardPass.ofMatrices(layerConf(), dataType);
    }

    @Override
    public SparseLayer sparseConf() {
        return layerConf();
    }

    @Override
    public void setInput(INDArray input, LayerWorkspaceMgr workspaceMgr) {
        super.setInput(input, workspaceMgr);
        pass.forget();
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
                    FusedActivation.IDENTITY,
                    layerId());
            lossLabels = null;
        }
    }

    @Override
    public INDArray preOutput(boolean training, LayerWorkspaceMgr workspaceMgr) {
        forward(training, workspaceMgr);
        return pass.output(ArrayType.ACTIVATIONS, workspaceMgr);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(
            INDArray epsilon, LayerWorkspaceMgr workspaceMgr) {
        assertInputSet(true);
        INDArray labels2d = getLabels2d(workspaceMgr, ArrayType.BP_WORKING_MEM);
        if (isFused()) {
            forward(true, workspaceMgr);
            LossMCXENT crossEntropy = (LossMCXENT) layerConf().getLossFn();
            loss =
                    pass.computation()
                            .softmaxCrossEntropy(labels2d, crossEntropy.getSoftmaxClipEps());
            lossLabels = labels;
        } else {
            pass.computation()
                    .setOutputGradient(
                            layerConf()
                                    .getLossFn()
                                    .computeGradient(
                                            labels2d,
                                            preOutput(true, workspaceMgr),
                                            layerConf().getActivationFn(),
                                            maskArray));
        }
        Pair<Gradient, INDArray> result = pass.backward(gradientViews, workspaceMgr);
        backpropDropOutIfPresent(result.getSecond());
        return result;
    }

    private boolean isFused() {
        return maskArray == null && isSoftmaxCrossEntropy();
    }

    /**
     * Only the two classes themselves: their descendants take other labels, or differ otherwise.
     */
    private boolean isSoftmaxCrossEntropy() {
        ILossFunction lossFunction = layerConf().getLossFn();
        return layerConf().getActivationFn() instanceof ActivationSoftmax
                && (lossFunction.getClass() == LossMCXENT.class
                        || lossFunction.getClass() == LossNegativeLogLikelihood.class)
                && ((LossMCXENT) lossFunction).getWeights() == null;
    }

    @Override
    public double computeScore(
            double fullNetRegTerm, boolean training, LayerWorkspaceMgr workspaceMgr) {
        if (input == null || !pass.isOf(input) || labels == null || lossLabels != labels) {
            return super.computeScore(fullNetRegTerm, training, workspaceMgr);
        }
        score = (conf().isMiniBatch() ? loss / getInputMiniBatchSize() : loss) + fullNetRegTerm;
        return score;
    }

    @Override
    protected INDArray getLabels2d(LayerWorkspaceMgr workspaceMgr, ArrayType arrayType) {
        // Other losses know themselves how wide their labels are.
        boolean knownWidth = isSoftmaxCrossEntropy();
        long width = layerConf().getNOut();
        if (labels.size(0) != input.size(0)
                || (knownWidth && (labels.rank() != 2 || labels.size(1) != width))) {
            throw new DL4JInvalidInputException(
                    "expected labels of shape [%d, %s], got %s %s"
                            .formatted(
                                    input.size(0),
                                    knownWidth ? width : "...",
                                    Arrays.toString(labels.shape()),
                                    layerId()));
        }
        return labels;
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
        lossLabels = null;
    }
}
