package org.dl4jplasticity.sparse;

import org.dl4jplasticity.topology.ExploredConnections;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What is remembered of one weight parameter from update to update. It outlives the layer objects,
 * which DL4J makes anew when a packed layer changes its number of connections.
 */
final class History {
    /** Every connection that has been active. */
    private final ExploredConnections explored;

    /** The number of active connections that is aimed at. */
    private int target;

    /** Minus the sum of weight times gradient, a slot per parameter value; null if not tracked. */
    private INDArray movement;

    /** Moving average of the dense gradient, a slot per parameter value; null if not tracked. */
    private INDArray momentum;

    History(SparseTopology topology) {
        explored = new ExploredConnections(topology);
        target = topology.activeCount();
    }

    History(SparseTopology explored, int target, INDArray movement, INDArray momentum) {
        this.explored = new ExploredConnections(explored);
        this.target = target;
        this.movement = movement;
        this.momentum = momentum;
    }

    ExploredConnections explored() {
        return explored;
    }

    boolean isOfShape(SparseTopology topology) {
        return explored.isOfShape(topology);
    }

    int target() {
        return target;
    }

    void aimAt(int active) {
        target = active;
    }

    /** Takes note of a topology that somebody else chose. */
    void startAgainFrom(SparseTopology topology) {
        explore(topology);
        target = topology.activeCount();
    }

    INDArray movement() {
        return movement;
    }

    INDArray momentum() {
        return momentum;
    }

    void addMovement(INDArray values, INDArray gradient) {
        if (movement == null) {
            movement = Nd4j.zerosLike(values);
        }
        movement.subi(values.mul(gradient));
    }

    void addMomentum(INDArray gradient, double decay, int minibatch) {
        if (momentum == null) {
            momentum = Nd4j.zerosLike(gradient);
        }
        momentum.muli(decay).addi(gradient.mul((1 - decay) / minibatch));
    }

    /** Takes note of connections that are about to be active. */
    void explore(SparseTopology topology) {
        explored.add(topology);
    }

    /** Takes note of the movement slots after a change, carried with the optimizer's. */
    void carried(INDArray movementAfter) {
        movement = movementAfter;
    }
}
