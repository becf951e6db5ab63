package org.dl4jplasticity.pruning;

import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.dl4jplasticity.surgery.NetworkOutline;

/**
 * Takes layers out of a network where what comes after them can take what they got: depth surgery.
 *
 * <pre>{@code
 * MultiLayerNetwork shallower = LayerRemoval.remove(network, "2", "3");
 * ComputationGraph withoutBranch = LayerRemoval.remove(graph, "add1/conv2");
 * }</pre>
 *
 * <p>Two kinds of parts can go:
 *
 * <ul>
 *   <li>a dense, sparse or convolution layer whose outputs have the shape of its inputs, with the
 *       batch normalization, activation, dropout and PReLU layers that follow it and that nobody
 *       else is before. What its input went through first, the next layer's goes through now;
 *   <li>in a ComputationGraph a residual branch: all that only a vertex that adds gets, through one
 *       of its inputs, if all it starts from is one output that is added beside it. If that is all
 *       that is left to add, the vertex goes as well.
 * </ul>
 *
 * <p>A removal gives a new network and leaves the given one as it is. What stays keeps its
 * parameters, optimizer state, masks and sparse connections bit for bit, and the counts of
 * iterations and epochs go on; there are no listeners. Outputs change unless what is gone did
 * nothing. In a MultiLayerNetwork later layers move up. Nothing is written to a journal: a journal
 * is of one network, and its new one is another.
 */
public final class LayerRemoval {
    private LayerRemoval() {}

    /**
     * {@return what can be removed, each by itself, in the order of the network}
     *
     * @param network an initialized MultiLayerNetwork or ComputationGraph
     * @throws IllegalArgumentException if it is anything else, or not initialized
     */
    public static List<Removable> candidates(Model network) {
        return List.copyOf(new RemovableParts(NetworkOutline.of(network)).all().values());
    }

    /**
     * {@return a network of the same class without some parts}
     *
     * @param network an initialized MultiLayerNetwork or ComputationGraph
     * @param ids of {@link #candidates}, as they are in the network given; removed in this order
     * @param <N> the network's class
     * @throws IllegalArgumentException if one of them can't be removed, or not any more once those
     *     before it are gone
     */
    @SuppressWarnings("unchecked") // the new network is of the class of the given one
    public static <N extends Model> N remove(N network, String... ids) {
        NetworkOutline outline = NetworkOutline.of(network);
        RemovableParts parts = new RemovableParts(outline);
        for (String id : ids) {
            parts.remove(id);
        }
        return (N) outline.build(0); // nothing is new
    }
}
