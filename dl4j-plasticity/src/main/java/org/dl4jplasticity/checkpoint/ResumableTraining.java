package org.dl4jplasticity.checkpoint;

import org.deeplearning4j.nn.api.Model;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * A training method whose state a checkpoint keeps: a listener that remembers anything from one
 * iteration to the next which the network itself doesn't hold.
 */
public interface ResumableTraining {

    /**
     * {@return the method by name with all its settings, the same text whenever it would do the
     * same} A checkpoint is resumed by an equal method only. Parts that "; " separates are compared
     * one by one, so that a message can name the one that differs.
     */
    String method();

    /**
     * {@return everything that is remembered, as it is after the last step or the last update}
     * Arrays are best written by {@link StateArrays}, in their own floating-point type.
     *
     * @throws IllegalStateException if something is under way that is not finished yet
     */
    ObjectNode save();

    /**
     * Takes up a state, in place of whatever is remembered, and serves the given network from now
     * on. What follows is the same, bit for bit, as where the state was saved.
     *
     * @param network the network as it was when the state was saved
     * @param state what {@link #save} returned, perhaps written as text and read back since
     * @throws IllegalArgumentException if the state isn't one of this method or doesn't fit the
     *     network; nothing has changed then
     * @throws IllegalStateException if this instance serves a network already
     */
    void restore(Model network, ObjectNode state);
}
