package org.dl4jplasticity.pruning;

import java.util.List;

/**
 * A part of a network that can be taken out of it, see {@link LayerRemoval}.
 *
 * @param id of a layer with what belongs to it, that layer's: its index in a MultiLayerNetwork, its
 *     vertex' name in a ComputationGraph; of a residual branch, the vertex it is added at and the
 *     one it ends with, such as {@code add1/conv2}
 * @param parts ids of the layers and vertices that go, in the order of the network
 */
public record Removable(String id, List<String> parts) {

    /**
     * Copies the list.
     *
     * @param id of the part
     * @param parts at least one
     * @throws IllegalArgumentException if there are no parts
     */
    public Removable {
        parts = List.copyOf(parts);
        if (parts.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s: expected at least one layer or vertex to remove, got none".formatted(id));
        }
    }
}
