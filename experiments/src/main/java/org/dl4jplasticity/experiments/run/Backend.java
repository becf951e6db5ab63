package org.dl4jplasticity.experiments.run;

import org.nd4j.linalg.factory.Nd4j;

/** Settings of ND4J's backend that let dense and sparse networks run at their best. */
public final class Backend {
    /**
     * Element-wise operations on fewer elements run on the calling thread. ND4J's own bound is
     * about a thousand, where waking a second thread costs several times what it saves.
     */
    private static final int SINGLE_THREADED_BELOW = 300_000;

    private Backend() {}

    /** Makes the settings, for the whole process. */
    public static void tune() {
        Nd4j.getEnvironment().setElementwiseThreshold(SINGLE_THREADED_BELOW);
    }
}
