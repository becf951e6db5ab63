package org.dl4jplasticity.dropout;

import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Activation by interval-wise dropout, AID (Park, Han, Kim, Kim, Yang, Moon 2025,
 * arXiv:2502.01342): an activation function that in training keeps a pre-activation with a
 * probability that depends on the interval it lies in, and makes it 0 otherwise; at inference it
 * multiplies by that probability. With two intervals that meet at 0, p above and 1 - p below, it is
 * at p = 1 the ReLU and at p = 1/2 linear at inference:
 *
 * <pre>{@code
 * new DenseLayer.Builder().nOut(100).activation(IntervalDropout.relu(0.9, 1))
 * }</pre>
 *
 * <p>For hidden layers: DL4J's losses ask for the activation of an output layer as in training, at
 * inference too. What is drawn depends on the seed and on the pre-activations of the minibatch, all
 * of them, so that forward and backward pass agree, layers that share the function draw
 * differently, and copies of a network share nothing that changes; the same pre-activations draw
 * the same again.
 */
public final class IntervalDropout extends BaseActivationFunction {
    private static final long serialVersionUID = 1;

    private final double[] borders;
    private final double[] keeps;
    private final long seed;
    private final transient boolean frozen;

    /**
     * Keeps each interval's pre-activations with its probability.
     *
     * @param borders where intervals meet, ascending; a border belongs to the interval above
     * @param keeps the probabilities to keep, from the lowest interval to the highest, one more
     *     than borders, each in [0, 1]
     * @param seed of all draws
     * @throws IllegalArgumentException if a number is out of its range
     */
    @JsonCreator
    public IntervalDropout(
            @JsonProperty("borders") double[] borders,
            @JsonProperty("keeps") double[] keeps,
            @JsonProperty("seed") long seed) {
        this(borders.clone(), keeps.clone(), seed, false);
        if (keeps.length != borders.length + 1) {
            throw new IllegalArgumentException(
                    "IntervalDropout: %d borders need %d probabilities, got %d"
                            .formatted(borders.length, borders.length + 1, keeps.length));
        }
        for (int i = 0; i < borders.length; i++) {
            if (Double.isNaN(borders[i]) || (i > 0 && !(borders[i - 1] < borders[i]))) {
                throw new IllegalArgumentException(
                        "IntervalDropout: borders must ascend, got " + Arrays.toString(borders));
            }
        }
        for (double keep : keeps) {
            Ranges.probability("IntervalDropout: the probability to keep", keep);
        }
    }

    private IntervalDropout(double[] borders, double[] keeps, long seed, boolean frozen) {
        this.borders = borders;
        this.keeps = keeps;
        this.seed = seed;
        this.frozen = frozen;
    }

    /**
     * {@return the stand-in for the ReLU: two intervals that meet at 0}
     *
     * @param keep the probability to keep pre-activations of 0 and above, in [0, 1]; those below
     *     are kept with {@code 1 - keep}. The paper takes 0.8 to 0.99
     * @param seed of all draws
     * @throws IllegalArgumentException if the probability is out of its range
     */
    public static IntervalDropout relu(double keep, long seed) {
        Ranges.probability("IntervalDropout: the probability to keep", keep);
        return new IntervalDropout(new double[] {0}, new double[] {1 - keep, keep}, seed);
    }

    /** {@return the same, drawing the same for all minibatches of one shape} */
    IntervalDropout frozen() {
        return new IntervalDropout(borders, keeps, seed, true);
    }

    /** {@return where intervals meet; a copy} */
    public double[] borders() {
        return borders.clone();
    }

    /** {@return the probabilities to keep, from the lowest interval to the highest; a copy} */
    public double[] keeps() {
        return keeps.clone();
    }

    /** {@return the seed of all draws} */
    public long seed() {
        return seed;
    }

    @Override
    public INDArray getActivation(INDArray in, boolean training) {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            return in.muli(factors(in, training));
        }
    }

    @Override
    public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
        assertShape(in, epsilon);
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            INDArray factors = factors(in, true);
            in.assign(epsilon);
            return new Pair<>(in.muli(factors), null);
        }
    }

    private INDArray factors(INDArray in, boolean training) {
        double[] values = in.castTo(DataType.DOUBLE).dup('c').data().asDouble();
        SplittableRandom random = Draws.of(seed, values.length, frozen ? 0 : digest(values));
        double[] factors = new double[values.length];
        for (int i = 0; i < factors.length; i++) {
            double keep = keeps[interval(values[i])];
            factors[i] = training ? Draws.factor(random, keep, 1) : keep;
        }
        INDArray vector = Nd4j.createFromArray(factors);
        INDArray array = in.rank() > 1 ? vector.reshape('c', in.shape()) : vector;
        return array.castTo(in.dataType());
    }

    private int interval(double value) {
        int interval = 0;
        while (interval < borders.length && value >= borders[interval]) {
            interval++;
        }
        return interval;
    }

    private static long digest(double[] values) {
        long digest = 0;
        for (double value : values) {
            digest =
                    (Long.rotateLeft(digest, 5) ^ Double.doubleToLongBits(value))
                            * 0x9E3779B97F4A7C15L;
        }
        return digest;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IntervalDropout that
                && Arrays.equals(borders, that.borders)
                && Arrays.equals(keeps, that.keeps)
                && seed == that.seed;
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(borders), Arrays.hashCode(keeps), seed);
    }

    @Override
    public String toString() {
        return "interval dropout, keeping %s between %s"
                .formatted(Arrays.toString(keeps), Arrays.toString(borders));
    }
}
