package org.dl4jplasticity.sparse;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dl4jplasticity.surgery.NetworkParameter;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Changes the number of active connections of packed layers: their parameters get another length.
 */
final class PackedResize {
    private final Map<String, LayerUpdate> updates = new HashMap<>();

    private PackedResize(List<LayerUpdate> updates) {
        updates.forEach(update -> this.updates.put(update.weights().id(), update));
    }

    /**
     * Applies changes of packed weights; everything that is left keeps its value and slots.
     *
     * @param updates at most one for each of the network's packed weights
     */
    static void apply(PlasticNetwork network, List<LayerUpdate> updates) {
        PackedResize resize = new PackedResize(updates);
        network.rebuild(resize::values, resize::slot, resize::reconfigure);
    }

    private LayerUpdate update(NetworkParameter parameter) {
        return updates.get(parameter.id());
    }

    private INDArray values(NetworkParameter parameter, INDArray values) {
        LayerUpdate update = update(parameter);
        return update == null ? values : carry(update, values, update.grown());
    }

    private INDArray slot(NetworkParameter parameter, INDArray slot) {
        LayerUpdate update = update(parameter);
        return update == null ? slot : carry(update, slot, new double[update.grown().length]);
    }

    private static INDArray carry(LayerUpdate update, INDArray vector, double[] grown) {
        return NetworkWeights.like(vector, update.change().carry(vector.toDoubleVector(), grown));
    }

    private void reconfigure() {
        for (LayerUpdate update : updates.values()) {
            History history = update.weights().history();
            INDArray movement = history.movement();
            if (movement != null) {
                history.carried(carry(update, movement, new double[update.grown().length]));
            }
            update.weights().setTopology(update.change().topology());
        }
    }
}
