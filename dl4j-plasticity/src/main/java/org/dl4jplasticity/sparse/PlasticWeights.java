package org.dl4jplasticity.sparse;

import java.util.random.RandomGenerator;
import org.dl4jplasticity.topology.SparseTopology;

/**
 * A sparse weight parameter of a network as the rules see it: values, gradient and topology by
 * position, at one moment of training. Positions are those of {@link SparseTopology}.
 */
public interface PlasticWeights {

    /** {@return the layer's index and, if it has one, its name: what messages say} */
    String name();

    /** {@return the active connections} */
    SparseTopology topology();

    /**
     * {@return the weight at a position}
     *
     * @param position in [0, {@code topology().activeCount()})
     */
    double value(int position);

    /**
     * {@return the gradient of the loss at a position, summed over the minibatch, before
     * regularization and updater}
     *
     * @param position in [0, {@code topology().activeCount()})
     * @throws IllegalStateException if the gradient is not known at this moment: it is where an
     *     update takes the place of an optimizer step
     */
    double gradient(int position);

    /**
     * {@return the ids of the connections outside a topology whose entries of the dense gradient
     * are largest in magnitude, ascending}
     *
     * @param occupied the connections that are not to be found
     * @param count how many
     * @throws IllegalStateException if the gradient is not known at this moment
     */
    long[] largestGradients(SparseTopology occupied, int count);

    /**
     * {@return values drawn as the layer draws its initial weights}
     *
     * @param count how many
     * @param random the source of randomness
     */
    double[] drawInitial(int count, RandomGenerator random);
}
