package org.dl4jplasticity.layers;

import org.deeplearning4j.nn.weights.IWeightInit;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What the configurations of all sparse layers have in common: a weight matrix of {@code nIn} x
 * {@code nOut} possible connections of which only some are active.
 *
 * <p>A configuration holds its network's topology and changes with it: give each network a
 * configuration of its own ({@code clone()}).
 */
public sealed interface SparseLayer permits SparseDenseLayer, SparseOutputLayer {

    /** {@return the number of inputs} */
    long getNIn();

    /** {@return the number of output units} */
    long getNOut();

    /** {@return the layer's name, or null} */
    String getLayerName();

    /** {@return whether the layer has a bias per output unit} */
    boolean hasBias();

    /** {@return how the layer's weights are initialized} */
    IWeightInit getWeightInitFn();

    /** {@return the share of possible connections that are not active, in [0, 1)} */
    double getSparsity();

    /**
     * Sets the share of inactive connections of a layer that has no topology yet.
     *
     * @param sparsity in [0, 1)
     * @throws IllegalArgumentException if it is out of range
     */
    void setSparsity(double sparsity);

    /** {@return the active connections; null until the network is initialized} */
    SparseTopology getTopology();

    /**
     * Replaces the active connections, and with them the sparsity. On an initialized network the
     * number of active connections must stay: the parameters have that length.
     *
     * @param topology the new topology, of the layer's shape
     */
    void setTopology(SparseTopology topology);

    /**
     * {@return the number of active connections: those of the topology, or before there is one the
     * exact number that the sparsity asks for, {@code round((1 - sparsity) nIn nOut)}}
     *
     * @throws IllegalArgumentException if the sparsity would leave none
     */
    default long activeCount() {
        if (getTopology() != null) {
            return getTopology().activeCount();
        }
        long possible = getNIn() * getNOut();
        long active = Math.round((1 - getSparsity()) * possible);
        if (active < 1) {
            throw new IllegalArgumentException(
                    "Layer %s: sparsity %s leaves none of its %d connections active; lower it"
                            .formatted(getLayerName(), getSparsity(), possible));
        }
        return active;
    }

    /**
     * Draws values as the layer's weights are initialized: with the mean number of active
     * connections per output unit as fan-in and per input as fan-out.
     *
     * @param vector room for the values; overwritten
     */
    default void drawWeights(INDArray vector) {
        double active = activeCount();
        getWeightInitFn()
                .init(
                        active / getNOut(),
                        active / getNIn(),
                        new long[] {vector.length()},
                        'f',
                        vector);
    }
}
