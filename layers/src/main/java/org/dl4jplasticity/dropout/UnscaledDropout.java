package org.dl4jplasticity.dropout;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Dropout as it was published (Srivastava et al. 2014, sec. 4; Algorithm 2 of the project's source
 * paper): in training activations are kept or dropped, and not scaled; at inference the layer's
 * weights are multiplied by the probability, which {@link ScaledAtInference} does:
 *
 * <pre>{@code
 * new DenseLayer.Builder().nOut(100)
 *         .dropOut(new UnscaledDropout(0.5, 1)).weightNoise(new ScaledAtInference())
 * }</pre>
 *
 * <p>DL4J's own {@code Dropout} divides in training instead and leaves inference as it is; its
 * outputs have the same mean times {@code 1 / keep}.
 */
public final class UnscaledDropout extends ScheduledDropout implements Unscaled {
    private static final long serialVersionUID = 1;
    private static final String WHAT = "UnscaledDropout: the probability to keep an activation";

    private transient boolean paired;

    /**
     * Keeps activations with a probability that stays.
     *
     * @param keep the probability that an activation is kept, in [0, 1]; 0 drops all
     * @param seed of all draws
     * @throws IllegalArgumentException if the probability is out of its range
     */
    public UnscaledDropout(double keep, long seed) {
        this(new FixedSchedule(Ranges.probability(WHAT, keep)), seed);
    }

    /**
     * Keeps activations with a probability that changes. Inference is scaled by what it is then.
     *
     * @param keep the probability that an activation is kept, in [0, 1] at all times
     * @param seed of all draws
     */
    @JsonCreator
    public UnscaledDropout(@JsonProperty("keep") ISchedule keep, @JsonProperty("seed") long seed) {
        super(WHAT, keep, seed);
    }

    @Override
    double[] draw(InputShape shape, int iteration, int epoch, SplittableRandom random) {
        return choose(shape.length(), probability(iteration, epoch), 1, random);
    }

    @Override
    void backward(INDArray gradient) {
        if (!paired) {
            throw Unscaled.alone(this);
        }
    }

    @Override
    public void pair() {
        paired = true;
    }

    @Override
    public double[] inferenceFactors(int features, int iteration, int epoch) {
        double[] factors = new double[features];
        Arrays.fill(factors, probability(iteration, epoch));
        return factors;
    }

    @Override
    @SuppressWarnings("MissingSuperCall") // what was drawn belongs to one layer
    public UnscaledDropout clone() {
        return new UnscaledDropout(keep().clone(), seed());
    }
}
