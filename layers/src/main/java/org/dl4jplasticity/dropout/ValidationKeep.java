package org.dl4jplasticity.dropout;

import java.util.Objects;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Dynamic dropout that the validation loss drives (Yan and Shao 2024, arXiv:2411.03236): whenever
 * the loss after an epoch is lower than ever before, the probability to drop is multiplied by a
 * factor; the first loss only sets the mark. A schedule of the probability to keep, for DL4J's own
 * {@code Dropout} and for those of this package.
 *
 * <p>It hears of the loss from {@link DropoutTraining#of(org.deeplearning4j.nn.api.Model,
 * java.util.function.ToDoubleFunction)}, and refuses to train without. What it came to is part of
 * the configuration.
 */
public final class ValidationKeep implements ISchedule {
    private static final long serialVersionUID = 1;

    private double keep;
    private final double decay;
    private Double best;
    private transient boolean attended;

    @JsonCreator
    ValidationKeep(
            @JsonProperty("keep") double keep,
            @JsonProperty("decay") double decay,
            @JsonProperty("best") Double best) {
        this.keep = Ranges.probability("ValidationKeep: the probability to keep", keep);
        this.decay = Ranges.probability("ValidationKeep: the decay", decay);
        this.best = best;
    }

    /**
     * Starts without a mark.
     *
     * @param first the probability to keep to begin with, in [0, 1]
     * @param decay what the probability to drop is multiplied by at each improvement, in [0, 1]
     * @throws IllegalArgumentException if a number is out of its range
     */
    public ValidationKeep(double first, double decay) {
        this(first, decay, null);
    }

    /** {@return the probability to keep, as it is now} */
    @JsonProperty("keep")
    public double keep() {
        return keep;
    }

    /** {@return what the probability to drop is multiplied by at each improvement} */
    @JsonProperty("decay")
    public double decay() {
        return decay;
    }

    /** {@return the lowest loss so far; null before the first} */
    @JsonProperty("best")
    public Double best() {
        return best;
    }

    /** From now on somebody calls {@link #observe}. */
    void attend() {
        attended = true;
    }

    /** Hears of the validation loss after an epoch; NaN is no improvement. */
    void observe(double loss) {
        if (Double.isNaN(loss)) {
            return;
        }
        if (best != null && loss < best) {
            keep = 1 - (1 - keep) * decay;
        }
        best = best == null ? loss : Math.min(best, loss);
    }

    @Override
    public double valueAt(int iteration, int epoch) {
        if (!attended) {
            throw new IllegalStateException(
                    "ValidationKeep: the validation loss comes from a listener, add one:"
                            + " model.addListeners(DropoutTraining.of(model, validationLoss))");
        }
        return keep;
    }

    @Override
    @SuppressWarnings("MissingSuperCall") // what it came to is copied, who attends isn't
    public ValidationKeep clone() {
        return new ValidationKeep(keep, decay, best);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ValidationKeep that
                && keep == that.keep
                && decay == that.decay
                && Objects.equals(best, that.best);
    }

    @Override
    public int hashCode() {
        return Double.hashCode(decay);
    }
}
