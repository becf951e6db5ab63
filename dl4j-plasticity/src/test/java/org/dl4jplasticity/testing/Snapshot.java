package org.dl4jplasticity.testing;

import java.util.List;
import java.util.Map;

/**
 * A network at one moment, every number with its optimizer slots behind it. Equal snapshots are
 * equal bit for bit.
 *
 * @param connections for each layer, by connection id; empty for a layer that is not sparse
 * @param others all other parameters: biases, and the weights of layers that are not sparse
 */
public record Snapshot(List<Map<Long, List<Double>>> connections, List<List<Double>> others) {

    /** {@return the connections of one layer} */
    public Map<Long, List<Double>> layer(int layer) {
        return connections.get(layer);
    }

    /** {@return the number of active connections of one layer} */
    public int active(int layer) {
        return layer(layer).size();
    }

    /** {@return the weight of one connection} */
    public double weight(int layer, long id) {
        return layer(layer).get(id).get(0);
    }
}
