package org.dl4jplasticity.growth;

import org.deeplearning4j.nn.api.Model;

/** When a network shall grow. */
@FunctionalInterface
public interface GrowthTrigger {

    /** {@return a watch over one training, which begins now} */
    Watch start();

    /** Watches one training. What it remembers is numbers, so that a checkpoint can hold them. */
    interface Watch {

        /**
         * Looks at one step.
         *
         * @param loss the minibatch's loss
         * @return whether to grow at once
         */
        default boolean afterStep(double loss) {
            return false;
        }

        /**
         * Looks at the network at the end of an interval, an epoch by default.
         *
         * @param network the network
         * @param loss the mean loss of the interval's minibatches
         * @return whether to grow now
         */
        default boolean afterInterval(Model network, double loss) {
            return false;
        }

        /** {@return everything that is remembered} */
        double[] save();

        /**
         * Takes up what was remembered.
         *
         * @param saved what {@link #save} returned
         */
        void restore(double[] saved);
    }
}
