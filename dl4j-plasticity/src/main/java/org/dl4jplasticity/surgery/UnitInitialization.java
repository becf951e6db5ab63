package org.dl4jplasticity.surgery;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.deeplearning4j.nn.api.Model;

/** What new units start with. */
@FunctionalInterface
public interface UnitInitialization {

    /**
     * Works out what new units start with, while the network is as it was.
     *
     * @param site the layer that grows
     * @param added the number of new units, at least 1
     * @param random the source of everything random
     * @return what to write when the units are there
     * @throws IllegalArgumentException if this initialization can't serve that layer, or not with
     *     so many units; the network is unchanged then
     */
    Plan plan(Site site, int added, RandomGenerator random);

    /**
     * A layer that grows, as it is before.
     *
     * @param model the network; not to be changed
     * @param layerId the layer's index in a MultiLayerNetwork, its vertex' name in a
     *     ComputationGraph
     * @param units the layer's units; not to be changed
     */
    record Site(Model model, String layerId, Units units) {}

    /** The values of new units. */
    @FunctionalInterface
    interface Plan {

        /**
         * Writes what new units start with. Weights that it leaves alone are 0, biases and the like
         * what the layers' configurations say.
         *
         * @param units the layer's units after the change; what there was has kept its values
         * @param firstNew the first new unit; all from there on are new
         */
        void write(Units units, int firstNew);

        /**
         * {@return for every new unit the unit whose connections it has where weights are sparse:
         * an old one, or a new one before it; or -1 for connections drawn at random at the layer's
         * density}
         *
         * @param firstNew the first new unit
         * @param added the number of new units
         */
        default int[] templates(int firstNew, int added) {
            int[] none = new int[added];
            Arrays.fill(none, -1);
            return none;
        }
    }
}
