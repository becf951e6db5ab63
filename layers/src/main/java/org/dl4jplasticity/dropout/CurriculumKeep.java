package org.dl4jplasticity.dropout;

import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Curriculum dropout (Morerio, Cavazza, Volpi, Vidal, Murino 2017, arXiv:1703.06229): nothing is
 * dropped at first, then more and more,
 *
 * <pre>
 * keep(t) = (1 - keep) exp(-gamma t) + keep
 * </pre>
 *
 * for t iterations done. A schedule of the probability to keep, for DL4J's own {@code Dropout} and
 * for those of this package: {@code .dropOut(new Dropout(CurriculumKeep.over(0.5, 10_000)))}.
 *
 * @param keep the probability it comes to, in [0, 1]
 * @param gamma how fast, greater than 0; the paper takes 10 over the number of iterations
 */
public record CurriculumKeep(@JsonProperty("keep") double keep, @JsonProperty("gamma") double gamma)
        implements ISchedule {
    private static final long serialVersionUID = 1;
    private static final double PAPERS_DECAYS = 10;

    /**
     * Checks the ranges.
     *
     * @param keep in [0, 1]
     * @param gamma greater than 0
     * @throws IllegalArgumentException if a number is out of its range
     */
    public CurriculumKeep {
        Ranges.probability("CurriculumKeep: the probability to keep", keep);
        Ranges.positive("CurriculumKeep: gamma", gamma);
    }

    /**
     * {@return the paper's schedule for a training of known length}
     *
     * @param keep the probability it comes to, in [0, 1]
     * @param iterations how many iterations there will be, at least 1
     * @throws IllegalArgumentException if a number is out of its range
     */
    public static CurriculumKeep over(double keep, int iterations) {
        Ranges.positive("CurriculumKeep: the number of iterations", iterations);
        return new CurriculumKeep(keep, PAPERS_DECAYS / iterations);
    }

    @Override
    public double valueAt(int iteration, int epoch) {
        return (1 - keep) * Math.exp(-gamma * iteration) + keep;
    }

    @Override
    @SuppressWarnings("MissingSuperCall") // nothing in it changes
    public CurriculumKeep clone() {
        return this;
    }
}
