package org.dl4jplasticity.layers.runtime;

import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.impl.LayerVertex;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * Lets fully connected sparse layers that follow each other work on the same arrays: what one puts
 * out is what the next one takes in, and so backwards with the gradient there. Without it both are
 * copied to ND4J's arrays and back. Results are the same bit for bit.
 *
 * <p>ND4J's activations are written all the same, for listeners see them; the gradients between two
 * such layers, which nobody sees, are not: their arrays only stand for them. Where anything may
 * have changed the activations in between (dropout, a preprocessor, a mask, an activation function
 * that ND4J applies) they are copied as ever.
 */
public final class SharedActivations {
    private SharedActivations() {}

    /**
     * Links the layers of a network that follow each other directly. The network's layers stay as
     * they are in every other respect.
     *
     * @param network an initialized {@link MultiLayerNetwork} or {@link ComputationGraph}; nothing
     *     is linked in any other model
     */
    public static void link(Model network) {
        if (network instanceof MultiLayerNetwork sequential) {
            Layer[] layers = sequential.getLayers();
            for (int i = 1; i < layers.length; i++) {
                if (sequential.getLayerWiseConfigurations().getInputPreProcess(i) == null) {
                    link(layers[i - 1], layers[i]);
                }
            }
        } else if (network instanceof ComputationGraph graph) {
            for (GraphVertex vertex : graph.getVertices()) {
                onlyBefore(graph, vertex)
                        .ifPresent(before -> link(before.getLayer(), vertex.getLayer()));
            }
        }
    }

    /** {@return the layer whose output is this one's only input and is taken by nothing else} */
    private static Optional<GraphVertex> onlyBefore(ComputationGraph graph, GraphVertex vertex) {
        if (!(vertex instanceof LayerVertex layer)
                || layer.getLayerPreProcessor() != null
                || vertex.getNumInputArrays() != 1) {
            return Optional.empty();
        }
        GraphVertex before = graph.getVertices()[vertex.getInputVertices()[0].getVertexIndex()];
        return before instanceof LayerVertex
                        && before.getNumOutputConnections() == 1
                        && !graph.getConfiguration()
                                .getNetworkOutputs()
                                .contains(before.getVertexName())
                ? Optional.of(before)
                : Optional.empty();
    }

    private static void link(Layer before, Layer behind) {
        LayerComputation first = computation(before);
        LayerComputation second = computation(behind);
        if (first != null && second != null) {
            second.follow(first);
        }
    }

    /** {@return a sparse layer's computation, or null for any other layer} */
    private static LayerComputation computation(Layer layer) {
        if (layer instanceof SparseHidden<?> hidden) {
            return hidden.computation();
        }
        return layer instanceof SparseOutput output ? output.computation() : null;
    }
}
