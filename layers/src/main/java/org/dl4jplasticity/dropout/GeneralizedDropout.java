package org.dl4jplasticity.dropout;

import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Generalized dropout (Srinivas and Babu 2016, arXiv:1611.06791): each unit of a layer's input has
 * a gate theta in [0, 1], the probability that it is kept, which is learned. In training {@code y =
 * x m}, {@code m ~ Bernoulli(theta)}, without scaling; the derivative by theta is that by m
 * ("straight through"). At inference {@code y = x theta}, which {@link ScaledAtInference} does in
 * the weights. The objective is the mean loss of the minibatch plus, for every unit,
 *
 * <pre>
 * strength (-(a - 1) log theta - (b - 1) log(1 - theta))
 * </pre>
 *
 * of a prior Beta(a, b): a = b = 1, without any penalty, is Dropout++; large equal ones draw
 * towards dropout with one half, those below 1 towards gates that are open or shut. A channel has
 * one gate, and each of its positions a draw of its own.
 *
 * <p>Learning needs a {@link DropoutTraining}. Made by a {@link #builder()}.
 */
public final class GeneralizedDropout extends LearnedDropout implements Unscaled {
    private static final long serialVersionUID = 1;

    /** The penalty is infinite at 0 and 1; it is taken this far from them at least. */
    private static final double EDGE = 1e-3;

    private final double initial;
    private double[] gates;
    private final double a;
    private final double b;
    private final double strength;
    private transient double[] derivatives;
    private transient boolean paired;

    @JsonCreator
    GeneralizedDropout(
            @JsonProperty("initial") double initial,
            @JsonProperty("gates") double[] gates,
            @JsonProperty("a") double a,
            @JsonProperty("b") double b,
            @JsonProperty("strength") double strength,
            @JsonProperty("learningRate") double learningRate,
            @JsonProperty("seed") long seed) {
        super(learningRate, seed);
        this.initial = gate(initial);
        this.gates = gates.clone();
        for (double gate : gates) {
            gate(gate);
        }
        this.a = Ranges.positive("GeneralizedDropout: the prior's a", a);
        this.b = Ranges.positive("GeneralizedDropout: the prior's b", b);
        this.strength = Ranges.notNegative("GeneralizedDropout: the prior's strength", strength);
    }

    private static double gate(double probability) {
        return Ranges.probability(
                "GeneralizedDropout: the probability to keep a unit", probability);
    }

    /** {@return a builder of Dropout++ whose gates begin at 1/2} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the probability to keep a unit, to begin with} */
    @JsonProperty("initial")
    public double initial() {
        return initial;
    }

    /**
     * {@return for each unit the probability to keep it, as it is now; a copy; empty before
     * training}
     */
    @JsonProperty("gates")
    public double[] gates() {
        return gates.clone();
    }

    /** {@return a of the prior Beta(a, b)} */
    @JsonProperty("a")
    public double a() {
        return a;
    }

    /** {@return b of the prior Beta(a, b)} */
    @JsonProperty("b")
    public double b() {
        return b;
    }

    /** {@return what the prior counts in the objective} */
    @JsonProperty("strength")
    public double strength() {
        return strength;
    }

    /**
     * {@return the same for what is left after units came and went; new ones begin anew}
     *
     * @param sources for every unit afterwards the one it was, or -1 if it is new
     */
    public GeneralizedDropout resized(int[] sources) {
        double[] resized =
                gates.length == 0
                        ? gates
                        : Arrays.stream(sources)
                                .mapToDouble(source -> source < 0 ? initial : gates[source])
                                .toArray();
        return new GeneralizedDropout(initial, resized, a, b, strength, learningRate(), seed());
    }

    /** {@return the gates of so many units} */
    private double[] gates(int features) {
        if (gates.length == 0) {
            double[] all = new double[features];
            Arrays.fill(all, initial);
            return all;
        }
        if (gates.length != features) {
            throw new IllegalStateException(
                    "GeneralizedDropout: has gates for %d units, got an input of %d"
                            .formatted(gates.length, features));
        }
        return gates;
    }

    @Override
    double[] draw(InputShape shape, int iteration, int epoch, SplittableRandom random) {
        gates = gates(checked(shape).features());
        double[] factors = new double[shape.length()];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = Draws.factor(random, gates[shape.feature(i)], 1);
        }
        return factors;
    }

    @Override
    void collect(double[] activations, double[] gradient, InputShape shape) {
        if (!paired) {
            throw Unscaled.alone(this);
        }
        derivatives = new double[shape.features()];
        for (int i = 0; i < activations.length; i++) {
            derivatives[shape.feature(i)] += gradient[i] * activations[i] / shape.examples();
        }
    }

    @Override
    void step(double squaredNorm) {
        double[] next = new double[gates.length];
        for (int unit = 0; unit < next.length; unit++) {
            double inside = Math.max(EDGE, Math.min(1 - EDGE, gates[unit]));
            double penalty = strength * ((b - 1) / (1 - inside) - (a - 1) / inside);
            double gate = gates[unit] - learningRate() * (derivatives[unit] + penalty);
            next[unit] = Math.max(0, Math.min(1, gate));
        }
        gates = next;
    }

    @Override
    public void pair() {
        paired = true;
    }

    @Override
    public double[] inferenceFactors(int features, int iteration, int epoch) {
        return gates(features).clone();
    }

    @Override
    @SuppressWarnings("MissingSuperCall") // what was drawn belongs to one layer
    public GeneralizedDropout clone() {
        return new GeneralizedDropout(initial, gates, a, b, strength, learningRate(), seed());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GeneralizedDropout that
                && learnsAs(that)
                && initial == that.initial
                && Arrays.equals(gates, that.gates)
                && a == that.a
                && b == that.b
                && strength == that.strength;
    }

    @Override
    public int hashCode() {
        return Objects.hash(seed(), initial, a, b, strength, learningRate());
    }

    /** Builds generalized dropout. */
    public static final class Builder extends LearnedDropout.Builder<Builder> {
        private double initial = 0.5;
        private double a = 1;
        private double b = 1;
        private double strength;

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * {@return this builder with the gates to begin with}
         *
         * @param keep the probability to keep a unit, in [0, 1]; 0.5 by default
         */
        public Builder keep(double keep) {
            this.initial = keep;
            return this;
        }

        /**
         * {@return this builder with a prior}
         *
         * @param a of Beta(a, b), greater than 0; 1 by default
         * @param b of Beta(a, b), greater than 0; 1 by default
         * @param strength what it counts in the objective, at least 0; one over the number of
         *     examples where the loss is a negative log likelihood
         */
        public Builder prior(double a, double b, double strength) {
            this.a = a;
            this.b = b;
            this.strength = strength;
            return this;
        }

        /**
         * {@return the dropout}
         *
         * @throws IllegalArgumentException if a number is out of its range
         */
        public GeneralizedDropout build() {
            return new GeneralizedDropout(
                    initial, new double[0], a, b, strength, learningRate(), seed());
        }
    }
}
