package org.dl4jplasticity.dropout;

import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * How likely a unit is let through at each iteration: never before it begins, then more and more,
 * linearly; or never at all.
 *
 * @param begin the iteration at which the chance is still 0
 * @param ramp how many iterations later it is 1, at least 0; less for never
 */
public record UnitGate(@JsonProperty("begin") int begin, @JsonProperty("ramp") int ramp) {

    /** {@return a gate that lets nothing through} */
    public static UnitGate closed() {
        return new UnitGate(0, -1);
    }

    /**
     * {@return the chance that the unit is let through}
     *
     * @param iteration the iterations done
     */
    public double openness(int iteration) {
        if (ramp < 0 || iteration < begin) {
            return 0;
        }
        return iteration - begin >= ramp ? 1 : (iteration - begin) / (double) ramp;
    }
}
