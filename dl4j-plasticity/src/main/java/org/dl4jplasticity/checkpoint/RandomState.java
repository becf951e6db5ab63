package org.dl4jplasticity.checkpoint;

import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.factory.Nd4j;

/** The state of the generator that ND4J has for the calling thread; dropout draws from it. */
record RandomState(long rootState, long nodeState, long seed) {

    static RandomState now() {
        Random random = Nd4j.getRandom();
        return new RandomState(random.rootState(), random.nodeState(), random.getSeed());
    }

    void restore() {
        Random random = Nd4j.getRandom();
        random.setSeed(seed);
        random.setStates(rootState, nodeState);
    }
}
