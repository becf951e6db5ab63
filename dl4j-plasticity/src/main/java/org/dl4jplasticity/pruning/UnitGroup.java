package org.dl4jplasticity.pruning;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.api.Model;
import org.dl4jplasticity.surgery.NetworkSurgery;
import org.dl4jplasticity.surgery.UnitVectors;
import org.dl4jplasticity.surgery.Units;

/**
 * The units of a layer whose width can change, or those that several layers share because their
 * outputs are added: what comes and goes together.
 *
 * @param layers the layers, at least one: indexes in a MultiLayerNetwork, vertices' names in a
 *     ComputationGraph
 * @param units the units, not to be written to by a score
 */
public record UnitGroup(List<String> layers, Units units) {

    /**
     * Copies the list.
     *
     * @param layers at least one
     * @param units their units
     */
    public UnitGroup {
        layers = List.copyOf(layers);
    }

    /**
     * {@return all groups of a network, in its order} Every layer whose width can change is in one
     * of them.
     *
     * @param network an initialized MultiLayerNetwork or ComputationGraph
     */
    public static List<UnitGroup> of(Model network) {
        NetworkSurgery surgery = NetworkSurgery.of(network);
        Set<String> seen = new HashSet<>();
        List<UnitGroup> groups = new ArrayList<>();
        for (String layer : surgery.layers()) {
            if (!seen.contains(layer)) {
                UnitGroup group = of(surgery, layer);
                seen.addAll(group.layers());
                groups.add(group);
            }
        }
        return groups;
    }

    /** {@return the group of a layer, with the units it has now} */
    static UnitGroup of(NetworkSurgery surgery, String layer) {
        Units units = surgery.units(layer);
        return new UnitGroup(
                units.incoming().stream().map(UnitVectors::layerId).distinct().toList(), units);
    }

    /** {@return what stands for the group in messages and journals: its first layer} */
    String id() {
        return layers.get(0);
    }

    /** {@return whether the units get what they put out one step before} */
    boolean isRecurrent() {
        return units.outgoing().stream().anyMatch(weights -> weights.name().endsWith("RW"));
    }
}
