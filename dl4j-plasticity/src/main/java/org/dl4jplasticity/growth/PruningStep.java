package org.dl4jplasticity.growth;

import org.deeplearning4j.nn.api.Model;
import org.dl4jplasticity.surgery.MutationRecorder;

/** Takes a little of a network away. {@link LeastRelevant} has the ones of neuroplasticity. */
@FunctionalInterface
public interface PruningStep {

    /**
     * Prunes once.
     *
     * @param network the network, at the end of a step or an epoch
     * @param recorder takes note of what is taken away
     * @return whether anything was
     */
    boolean prune(Model network, MutationRecorder recorder);
}
