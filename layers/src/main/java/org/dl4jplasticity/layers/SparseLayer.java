package org.dl4jplasticity.layers;

import org.deeplearning4j.nn.weights.IWeightInit;
import org.dl4jplasticity.schedule.LayerShape;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What the configurations of all sparse layers have in common: a weight matrix or kernel of whose
 * possible connections only some are active.
 *
 * <p>A configuration holds its network's topology and changes with it: give each network a
 * configuration of its own ({@code clone()}).
 */
public sealed interface SparseLayer
        permits SparseDenseLayer, SparseOutputLayer, SparseConvolutionLayer {

    /** {@return the number of inputs or input channels} */
    long getNIn();

    /** {@return the number of output units or channels} */
    long getNOut();

    /**
     * {@return the number of possible connections into one output unit: the length of the
     * topology's rows}
     */
    default long rowLength() {
        return getNIn();
    }

    /**
     * {@return what sparsity distributions see of the layer}
     *
     * @param name what the shape is to be called
     */
    default LayerShape shape(String name) {
        return LayerShape.dense(name, getNIn(), getNOut());
    }

    /**
     * {@return how many output places of one example each weight contributes to for one input
     * place: 1, or less where a convolution strides}
     */
    default double outputsPerInput() {
        return 1;
    }

    /** {@return the layer's name, or null} */
    String getLayerName();

    /** {@return whether the layer has a bias per output unit} */
    boolean hasBias();

    /** {@return whether a backward pass goes on to the layer's input; true for most} */
    default boolean hasInputGradient() {
        return true;
    }

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
     * exact number that the sparsity asks for, {@code round((1 - sparsity) possible)}}
     *
     * @throws IllegalArgumentException if the sparsity would leave none
     */
    default long activeCount() {
        if (getTopology() != null) {
            return getTopology().activeCount();
        }
        long possible = rowLength() * getNOut();
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
                        active * outputsPerInput() / getNIn(),
                        new long[] {vector.length()},
                        'f',
                        vector);
    }
}
