package org.dl4jplasticity.growth;

import java.util.Optional;
import org.dl4jplasticity.surgery.UnitInitialization.Site;
import org.dl4jplasticity.surgery.UnitVectors;

/**
 * What new units give to the next layer on every example when their incoming weights are 0, taken
 * out of that layer's biases again so that its sums stay as they were.
 *
 * @param output the output of such a unit
 */
record Constant(double output) {

    /**
     * {@return the constant of a layer's new units}
     *
     * @param bias the bias they have
     * @throws IllegalArgumentException if it can't be taken out
     */
    static Constant of(Site site, GrowthSite growth, String method, double bias) {
        double output = growth.function().value(bias);
        Optional<String> obstacle = site.units().outgoing().get(0).obstacleToFolding();
        if (output != 0 && obstacle.isPresent()) {
            throw new IllegalArgumentException(
                    "Layer %s: %s expects that the output %s of new units whose weights are 0 can be taken out of the next biases, got an obstacle: %s"
                            .formatted(site.layerId(), method, output, obstacle.get()));
        }
        return new Constant(output);
    }

    /** Gives a unit other outgoing weights and keeps what it gives at weights of 0 as it was. */
    void write(UnitVectors outgoing, int unit, double[] weights) {
        if (output == 0) {
            outgoing.set(unit, weights);
            return;
        }
        outgoing.fold(unit, output);
        outgoing.set(unit, weights);
        outgoing.fold(unit, -output);
    }
}
