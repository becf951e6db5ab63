package org.dl4jplasticity.surgery;

import java.util.List;
import org.deeplearning4j.nn.api.Model;

/** Stub of the interface, to be built. */
@SuppressWarnings("DoNotCallSuggester")
public final class NetworkSurgery {
    private NetworkSurgery() {}

    /**
     * {@return surgery on a network}
     *
     * @param model an initialized MultiLayerNetwork or ComputationGraph
     */
    public static NetworkSurgery of(Model model) {
        throw new UnsupportedOperationException("not built yet");
    }

    /** {@return the ids of the layers whose width can change, in the order of their parameters} */
    public List<String> layers() {
        throw new UnsupportedOperationException("not built yet");
    }

    /**
     * {@return a layer's units, to look at and to change in place, values and optimizer slots} What
     * is written is in the network at once. Good until the network changes its shape.
     *
     * @param layerId the layer
     * @throws IllegalArgumentException if its width can't change
     */
    public Units units(String layerId) {
        throw new UnsupportedOperationException("not built yet");
    }

    /**
     * Adds units to a layer.
     *
     * @param layerId the layer
     * @param added how many, at least 1
     * @param start what they start with
     * @param seed of everything random
     * @return what changed
     * @throws IllegalArgumentException if the layer can't be widened; the network is unchanged then
     */
    public Resized widen(String layerId, int added, UnitInitialization start, long seed) {
        throw new UnsupportedOperationException("not built yet");
    }

    /**
     * Takes units from a layer.
     *
     * @param layerId the layer
     * @param removed which, at least one and not all
     * @return what changed
     * @throws IllegalArgumentException if the layer can't be narrowed; the network is unchanged
     *     then
     */
    public Resized narrow(String layerId, int... removed) {
        throw new UnsupportedOperationException("not built yet");
    }
}
