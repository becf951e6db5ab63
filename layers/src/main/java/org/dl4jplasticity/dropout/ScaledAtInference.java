package org.dl4jplasticity.dropout;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.layers.AbstractLSTM;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.weightnoise.IWeightNoise;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.dl4jplasticity.layers.SparseLayer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonCreator;

/**
 * Multiplies a layer's weights at inference by the probability that their input was kept in
 * training, for dropouts that don't scale in training themselves: {@link UnscaledDropout} and
 * {@link GeneralizedDropout}. Weights in training, and the parameters themselves, stay as they are.
 *
 * <p>For dense, output, convolution, LSTM and simple recurrent layers (their input weights) and for
 * sparse layers.
 */
public final class ScaledAtInference implements IWeightNoise {
    private static final long serialVersionUID = 1;

    /** Makes it; the layer's dropout knows the numbers. */
    @JsonCreator
    public ScaledAtInference() {}

    @Override
    public INDArray getParameter(
            Layer layer,
            String paramKey,
            int iteration,
            int epoch,
            boolean train,
            LayerWorkspaceMgr workspaceMgr) {
        INDArray parameter = layer.getParam(paramKey);
        if (!paramKey.equals(DefaultParamInitializer.WEIGHT_KEY)) {
            return parameter;
        }
        if (!(layer.conf().getLayer() instanceof FeedForwardLayer conf && isDefinedFor(conf))) {
            throw new IllegalStateException(
                    Layers.name(layer)
                            + ": ScaledAtInference is for dense, output, convolution, LSTM, simple"
                            + " recurrent and sparse layers, got "
                            + layer.conf().getLayer().getClass().getSimpleName());
        }
        IDropout dropout = conf.getIDropout();
        if (!(dropout instanceof Unscaled unscaled)) {
            throw new IllegalStateException(
                    "%s: ScaledAtInference needs an UnscaledDropout or GeneralizedDropout, got %s"
                            .formatted(
                                    Layers.name(layer),
                                    dropout == null
                                            ? "no dropout"
                                            : dropout.getClass().getSimpleName()));
        }
        if (train) {
            unscaled.pair();
            return parameter;
        }
        int inputs = Math.toIntExact(conf.getNIn());
        return scaled(parameter, conf, unscaled.inferenceFactors(inputs, iteration, epoch));
    }

    private static boolean isDefinedFor(FeedForwardLayer conf) {
        return conf instanceof SparseLayer
                || conf instanceof DenseLayer
                || conf instanceof BaseOutputLayer
                || conf instanceof AbstractLSTM
                || conf instanceof SimpleRnn
                || conf.getClass() == ConvolutionLayer.class;
    }

    private static INDArray scaled(INDArray weights, FeedForwardLayer conf, double[] factors) {
        if (conf instanceof SparseLayer sparse) {
            int[] columns = sparse.getTopology().columns();
            int columnsPerInput = Math.toIntExact(sparse.rowLength() / sparse.getNIn());
            double[] each = new double[columns.length];
            for (int i = 0; i < each.length; i++) {
                each[i] = factors[columns[i] / columnsPerInput];
            }
            return weights.mul(array(each, weights.dataType()));
        }
        boolean convolution = conf instanceof ConvolutionLayer;
        long[] shape = new long[weights.rank()];
        for (int axis = 0; axis < shape.length; axis++) {
            boolean ofInputs = axis == (convolution ? 1 : 0);
            shape[axis] = ofInputs ? factors.length : 1;
        }
        INDArray column = array(factors, weights.dataType()).reshape('c', shape);
        INDArray scaled = weights.dup(weights.ordering());
        return scaled.muli(column.broadcast(weights.shape()));
    }

    private static INDArray array(double[] values, DataType type) {
        return Nd4j.createFromArray(values).castTo(type);
    }

    @Override
    @SuppressWarnings("MissingSuperCall") // it holds nothing
    public ScaledAtInference clone() {
        return new ScaledAtInference();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ScaledAtInference;
    }

    @Override
    public int hashCode() {
        return 1;
    }
}
