package org.dl4jplasticity.sparse;

import java.util.random.RandomGenerator;
import org.dl4jplasticity.schedule.LayerShape;
import org.dl4jplasticity.topology.SparseTopology;

/**
 * A sparse weight parameter of a network as the rules see it: values, gradient and topology by
 * position, at one moment of training. Positions are those of {@link SparseTopology}. Whether only
 * the active weights exist (a packed layer) or a mask lies over a dense parameter, no rule can
 * tell.
 */
public interface PlasticWeights {

    /** {@return what messages call these weights: the layer's index, its name, the parameter} */
    String name();

    /** {@return the shape of the layer, as sparsity distributions see it} */
    LayerShape shape();

    /** {@return the active connections} */
    SparseTopology topology();

    /** {@return whether each row of the topology holds the incoming connections of one unit} */
    boolean rowsAreUnits();

    /** {@return whether the units are the network's outputs, which can't be done without} */
    boolean isOutput();

    /** {@return the number of active connections that is aimed at; at first those at the start} */
    int target();

    /** {@return the number of examples the gradient is a sum over; 1 where it is not known} */
    int minibatch();

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
     * {@return one row of the dense gradient: its entries for all connections of one row of the
     * topology}
     *
     * @param row in [0, {@code topology().nOut()})
     * @throws IllegalStateException if the gradient is not known at this moment
     */
    double[] gradientRow(int row);

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
     * {@return the ids of the connections of a random sample outside a topology whose entries of
     * the dense gradient are largest in magnitude, ascending} See {@link GrowCriterion#guided}. All
     * connections are the sample where the dense gradient exists anyway, as it does by default.
     *
     * @param occupied the connections that are not to be found
     * @param count how many
     * @param draws the size of the sample, at least 1
     * @param random the source of randomness
     * @throws IllegalStateException if the gradient is not known at this moment
     */
    default long[] largestSampledGradients(
            SparseTopology occupied, int count, long draws, RandomGenerator random) {
        return largestGradients(occupied, count);
    }

    /**
     * {@return the moving average of the gradient at a position, per example and before
     * regularization}
     *
     * @param position in [0, {@code topology().activeCount()})
     * @throws IllegalStateException if no component of the method asked for {@link Signal#MOMENTUM}
     */
    double momentum(int position);

    /**
     * {@return the ids of the connections outside a topology whose moving average of the gradient
     * is largest in magnitude, ascending}
     *
     * @param occupied the connections that are not to be found
     * @param count how many
     * @throws IllegalStateException if no component of the method asked for {@link Signal#MOMENTUM}
     */
    long[] largestMomenta(SparseTopology occupied, int count);

    /**
     * {@return the movement score of a position: minus the sum of weight times gradient over the
     * steps since the connection became active (Sanh et al. 2020, arXiv:2005.07683, eq. 3)}
     *
     * @param position in [0, {@code topology().activeCount()})
     * @throws IllegalStateException if no component of the method asked for {@link Signal#MOVEMENT}
     */
    double movement(int position);

    /** {@return every connection that has been active since training began} */
    SparseTopology explored();

    /**
     * {@return values drawn as the layer draws its initial weights}
     *
     * @param count how many
     * @param random the source of randomness
     */
    double[] drawInitial(int count, RandomGenerator random);
}
