package org.dl4jplasticity.dropout;

import java.util.Objects;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.dl4jplasticity.layers.SparseDenseLayer;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Inference of DropConnect by moments (Wan et al. 2013, Algorithm 2): the weighted sums of a layer
 * whose weights are dropped at random are nearly normal, with the mean {@code x W + b} and, for
 * weights that are kept with probability p and divided by it, the variance {@code (1 - p) / p x^2
 * W^2}. At inference the activation function is averaged over draws from that distribution; in
 * training it is the function itself:
 *
 * <pre>{@code
 * new DenseLayer.Builder().nOut(100).weightNoise(new MaskedDropConnect(0.5, 1))
 *         .activation(new GaussianMoments(new ActivationReLU(), 100, 2))
 * }</pre>
 *
 * <p>For dense and sparse dense layers with {@link MaskedDropConnect}, and for {@link
 * FastDropoutLayer}, whose sums have the same moments. The draws are the same whenever they are
 * asked for. They differ from unit to unit and from example to example.
 */
public final class GaussianMoments extends BaseActivationFunction {
    private static final long serialVersionUID = 1;

    /** The variances of the layer that this thread is at; its activation is asked for next. */
    private static final ThreadLocal<INDArray> VARIANCES = new ThreadLocal<>();

    private final IActivation activation;
    private final int samples;
    private final long seed;

    /**
     * Averages a function.
     *
     * @param activation the activation function
     * @param samples how many draws are averaged, at least 1; the paper takes 1000
     * @param seed of all draws
     * @throws IllegalArgumentException if there are no samples
     */
    @JsonCreator
    public GaussianMoments(
            @JsonProperty("activation") IActivation activation,
            @JsonProperty("samples") int samples,
            @JsonProperty("seed") long seed) {
        this.activation = Objects.requireNonNull(activation, "activation");
        this.samples = samples;
        this.seed = seed;
        if (samples < 1) {
            throw new IllegalArgumentException(
                    "GaussianMoments: the number of samples must be at least 1, got " + samples);
        }
    }

    /** Tells the variances of a layer's weighted sums at inference. */
    static void prepare(Layer layer, INDArray weights, double keep) {
        INDArray squares = layer.input().castTo(DataType.DOUBLE);
        squares = squares.mul(squares);
        Object conf = layer.conf().getLayer();
        INDArray variances;
        if (conf instanceof SparseDenseLayer sparse) {
            variances = product(squares, sparse, weights);
        } else if (conf instanceof DenseLayer || conf instanceof FastDropoutLayer) {
            INDArray matrix = weights.castTo(DataType.DOUBLE);
            variances = squares.mmul(matrix.mul(matrix));
        } else {
            throw new IllegalStateException(
                    "%s: GaussianMoments is for dense and sparse dense layers, got %s"
                            .formatted(Layers.name(layer), conf.getClass().getSimpleName()));
        }
        VARIANCES.set(variances.muli(keep == 0 ? 0 : (1 - keep) / keep));
    }

    /** {@return the squared inputs times the squared weights, [examples, units]} */
    private static INDArray product(INDArray squares, SparseDenseLayer sparse, INDArray weights) {
        double[][] inputs = squares.toDoubleMatrix();
        double[] values = weights.castTo(DataType.DOUBLE).toDoubleVector();
        int[] starts = sparse.getTopology().rowStarts();
        int[] columns = sparse.getTopology().columns();
        double[][] products = new double[inputs.length][starts.length - 1];
        for (int example = 0; example < inputs.length; example++) {
            for (int unit = 0; unit + 1 < starts.length; unit++) {
                for (int k = starts[unit]; k < starts[unit + 1]; k++) {
                    products[example][unit] += inputs[example][columns[k]] * values[k] * values[k];
                }
            }
        }
        return Nd4j.createFromArray(products);
    }

    @Override
    public INDArray getActivation(INDArray in, boolean training) {
        INDArray variances = VARIANCES.get();
        VARIANCES.remove();
        if (training || variances == null) {
            return activation.getActivation(in, training);
        }
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            double[] means = in.castTo(DataType.DOUBLE).dup('c').data().asDouble();
            double[] squares = variances.dup('c').data().asDouble();
            SplittableRandom random = Draws.of(seed, means.length);
            INDArray sum = Nd4j.zeros(DataType.DOUBLE, in.shape());
            for (int sample = 0; sample < samples; sample++) {
                double[] drawn = new double[means.length];
                for (int i = 0; i < drawn.length; i++) {
                    drawn[i] = means[i] + Math.sqrt(squares[i]) * random.nextGaussian();
                }
                INDArray z = Nd4j.createFromArray(drawn).reshape('c', in.shape());
                sum.addi(activation.getActivation(z, false));
            }
            return in.assign(sum.divi(samples).castTo(in.dataType()));
        }
    }

    @Override
    public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
        return activation.backprop(in, epsilon);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GaussianMoments that
                && activation.equals(that.activation)
                && samples == that.samples
                && seed == that.seed;
    }

    @Override
    public int hashCode() {
        return Objects.hash(activation, samples, seed);
    }

    @Override
    public String toString() {
        return "%s averaged over %d draws".formatted(activation, samples);
    }
}
