package org.dl4jplasticity.dropout;

import java.util.Arrays;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.LossUtil;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * R-Drop (Liang et al. 2021, arXiv:2106.14448): each example goes through the network twice with
 * different dropout masks, and what the two passes say, p and q, is drawn together,
 *
 * <pre>
 * (CE(p) + CE(q)) / 2 + alpha (KL(p || q) + KL(q || p)) / 2
 * </pre>
 *
 * with the cross-entropy CE of softmax and the labels. Minibatches are doubled, the second half
 * being the first again ({@link DoubledBatch}); the score is the mean over examples of the above,
 * half of it from each row of a pair. Dropouts that share one mask among examples ({@link
 * ControlledDropout}) give p = q. A minibatch that isn't doubled can be scored, as by cross-entropy
 * alone, and not be trained on.
 *
 * <p>For output layers with softmax whose labels are [minibatch, classes]; not for sequences.
 */
public final class RDropLoss implements ILossFunction {
    private static final long serialVersionUID = 1;

    private final double alpha;

    /**
     * Weighs the divergence.
     *
     * @param alpha what the divergence of the two passes counts, at least 0; the paper takes 1 to 5
     * @throws IllegalArgumentException if it is out of its range
     */
    @JsonCreator
    public RDropLoss(@JsonProperty("alpha") double alpha) {
        this.alpha = Ranges.notNegative("RDropLoss: alpha", alpha);
    }

    /** {@return what the divergence of the two passes counts} */
    @JsonProperty("alpha")
    public double alpha() {
        return alpha;
    }

    @Override
    public double computeScore(
            INDArray labels,
            INDArray preOutput,
            IActivation activationFn,
            INDArray mask,
            boolean average) {
        double sum =
                computeScoreArray(labels, preOutput, activationFn, mask).sumNumber().doubleValue();
        return average ? sum / preOutput.size(0) : sum;
    }

    @Override
    public INDArray computeScoreArray(
            INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask) {
        double[][] expected = rows(labels);
        double[][] logs = logSoftmax(preOutput, activationFn, labels);
        boolean doubled = isDoubled(expected);
        double[] losses = new double[logs.length];
        for (int row = 0; row < losses.length; row++) {
            for (int unit = 0; unit < logs[row].length; unit++) {
                losses[row] -= expected[row][unit] * logs[row][unit];
            }
            if (doubled) {
                double[] other = logs[twin(row, losses.length)];
                losses[row] +=
                        alpha / 2 * (divergence(logs[row], other) + divergence(other, logs[row]));
            }
        }
        INDArray array =
                Nd4j.createFromArray(losses)
                        .reshape('c', new long[] {losses.length, 1})
                        .castTo(preOutput.dataType());
        if (mask != null) {
            LossUtil.applyMask(array, mask);
        }
        return array;
    }

    @Override
    public INDArray computeGradient(
            INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask) {
        double[][] expected = rows(labels);
        double[][] logs = logSoftmax(preOutput, activationFn, labels);
        if (!isDoubled(expected)) {
            throw new IllegalArgumentException(
                    "RDropLoss: expected a doubled minibatch, whose second half is the first again"
                            + " (DoubledBatch), got %d rows of labels that aren't"
                                    .formatted(expected.length));
        }
        double[][] gradient = new double[logs.length][];
        for (int row = 0; row < logs.length; row++) {
            gradient[row] = gradient(expected[row], logs[row], logs[twin(row, logs.length)]);
        }
        INDArray array = Nd4j.createFromArray(gradient).castTo(preOutput.dataType());
        if (mask != null) {
            LossUtil.applyMask(array, mask);
        }
        return array;
    }

    /**
     * {@return the derivative by one row's logits of its cross-entropy and of alpha times the
     * divergence, which both rows of the pair hold half of}
     */
    private double[] gradient(double[] expected, double[] logP, double[] logQ) {
        double labels = Arrays.stream(expected).sum();
        double divergence = divergence(logP, logQ);
        double[] gradient = new double[logP.length];
        for (int unit = 0; unit < gradient.length; unit++) {
            double p = Math.exp(logP[unit]);
            double q = Math.exp(logQ[unit]);
            // d/dz_k [KL(p||q) + KL(q||p)] = p_k (log p_k/q_k - KL(p||q)) + p_k - q_k
            double apart = p * (logP[unit] - logQ[unit] - divergence) + p - q;
            gradient[unit] = p * labels - expected[unit] + alpha * apart;
        }
        return gradient;
    }

    private static double divergence(double[] logP, double[] logQ) {
        double sum = 0;
        for (int unit = 0; unit < logP.length; unit++) {
            sum += Math.exp(logP[unit]) * (logP[unit] - logQ[unit]);
        }
        return sum;
    }

    private static int twin(int row, int rows) {
        return (row + rows / 2) % rows;
    }

    private static boolean isDoubled(double[][] labels) {
        int half = labels.length / 2;
        if (labels.length % 2 != 0) {
            return false;
        }
        for (int row = 0; row < half; row++) {
            if (!Arrays.equals(labels[row], labels[half + row])) {
                return false;
            }
        }
        return true;
    }

    private static double[][] logSoftmax(
            INDArray preOutput, IActivation activation, INDArray labels) {
        if (!(activation instanceof ActivationSoftmax)) {
            throw new IllegalArgumentException(
                    "RDropLoss: expected an output layer with softmax, got " + activation);
        }
        if (!preOutput.equalShapes(labels)) {
            throw new IllegalArgumentException(
                    "RDropLoss: expected labels of the outputs' shape %s, got %s"
                            .formatted(
                                    Arrays.toString(preOutput.shape()),
                                    Arrays.toString(labels.shape())));
        }
        double[][] rows = rows(preOutput);
        for (double[] row : rows) {
            double largest = Arrays.stream(row).max().orElse(0);
            double sum = Arrays.stream(row).map(z -> Math.exp(z - largest)).sum();
            double normalizer = largest + Math.log(sum);
            Arrays.setAll(row, unit -> row[unit] - normalizer);
        }
        return rows;
    }

    private static double[][] rows(INDArray matrix) {
        return matrix.castTo(DataType.DOUBLE).toDoubleMatrix();
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
            INDArray labels,
            INDArray preOutput,
            IActivation activationFn,
            INDArray mask,
            boolean average) {
        return new Pair<>(
                computeScore(labels, preOutput, activationFn, mask, average),
                computeGradient(labels, preOutput, activationFn, mask));
    }

    @Override
    public String name() {
        return toString();
    }

    @Override
    public String toString() {
        return "RDropLoss(alpha=%s)".formatted(alpha);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RDropLoss that && alpha == that.alpha;
    }

    @Override
    public int hashCode() {
        return Double.hashCode(alpha);
    }
}
