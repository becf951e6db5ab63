package org.dl4jplasticity.pruning;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.mask.WeightFilter;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Pruning before training: rates all connections of an initialized network together, keeps the best
 * and lays masks over the rest.
 *
 * <pre>{@code
 * PruningAtInitialization.snip(batch).applyTo(network, 0.95);
 * PruningAtInitialization.grasp(batch).only(WeightFilter.ofType(ConvolutionLayer.class)).applyTo(network, 0.9);
 * PruningAtInitialization.synflow().applyTo(network, 0.99);
 * }</pre>
 *
 * <p>Of N connections exactly {@code round((1 - sparsity) N)} stay. SNIP and GraSP choose them at
 * once, SynFlow in 100 rounds, after round k of n of which {@code round((1 - sparsity)^(k/n) N)}
 * are left, rated anew. Of equal scores the connection that comes first in the network's parameters
 * stays.
 *
 * <p>No weight matrix or kernel ends up empty: the best connection of each stays whatever its
 * score, in place of the worst that would have stayed. That alone differs from the papers, in which
 * a network of SNIP or GraSP may fall apart at extreme sparsity.
 */
public final class PruningAtInitialization {
    private static final int SYNFLOW_ROUNDS = 100;

    private final ConnectionScore score;
    private final int rounds;
    private final WeightFilter filter;

    private PruningAtInitialization(ConnectionScore score, int rounds, WeightFilter filter) {
        this.score = score;
        this.rounds = rounds;
        this.filter = filter;
    }

    /**
     * {@return pruning by connection sensitivity, at once}
     *
     * @param batch examples with labels
     * @see ConnectionScore#snip(DataSet)
     */
    public static PruningAtInitialization snip(DataSet batch) {
        return by(ConnectionScore.snip(batch));
    }

    /**
     * {@return pruning by connection sensitivity, for a graph of several inputs or outputs}
     *
     * @param batch examples with labels
     * @see ConnectionScore#snip(MultiDataSet)
     */
    public static PruningAtInitialization snip(MultiDataSet batch) {
        return by(ConnectionScore.snip(batch));
    }

    /**
     * {@return pruning that preserves the gradient signal, at once}
     *
     * @param batch examples with labels
     * @see ConnectionScore#grasp(DataSet)
     */
    public static PruningAtInitialization grasp(DataSet batch) {
        return by(ConnectionScore.grasp(batch));
    }

    /**
     * {@return pruning that preserves the gradient signal, for a graph of several inputs or
     * outputs}
     *
     * @param batch examples with labels
     * @see ConnectionScore#grasp(MultiDataSet)
     */
    public static PruningAtInitialization grasp(MultiDataSet batch) {
        return by(ConnectionScore.grasp(batch));
    }

    /**
     * {@return pruning by synaptic flow, without data, in 100 rounds}
     *
     * @param inputs the types of the network's inputs, where they can't be told from its layers
     * @see ConnectionScore#synflow(InputType...)
     */
    public static PruningAtInitialization synflow(InputType... inputs) {
        return by(ConnectionScore.synflow(inputs)).rounds(SYNFLOW_ROUNDS);
    }

    /**
     * {@return pruning by any score, at once}
     *
     * @param score rates the connections
     */
    public static PruningAtInitialization by(ConnectionScore score) {
        return new PruningAtInitialization(score, 1, WeightFilter.all());
    }

    /**
     * {@return the same pruning in rounds, between which the connections are rated anew}
     *
     * @param rounds at least 1
     * @throws IllegalArgumentException if it is less
     */
    public PruningAtInitialization rounds(int rounds) {
        if (rounds < 1) {
            throw new IllegalArgumentException(
                    "pruning takes at least 1 round, got %d".formatted(rounds));
        }
        return new PruningAtInitialization(score, rounds, filter);
    }

    /**
     * {@return the same pruning of some of a network's weights only}
     *
     * @param filter chooses the weights; all that can be masked by default
     */
    public PruningAtInitialization only(WeightFilter filter) {
        return new PruningAtInitialization(score, rounds, filter);
    }

    /**
     * Lays masks over the weights of a network and sets what is not active to zero; everything else
     * stays as it is. What a mask calls inactive already stays so. To be done at rest, not while
     * {@code fit} runs.
     *
     * @param network an initialized {@code MultiLayerNetwork} or {@code ComputationGraph}
     * @param sparsity the share of all chosen weights together that will be inactive, in [0, 1)
     * @throws IllegalArgumentException if the sparsity is out of range or leaves less than one
     *     connection to each weight matrix or kernel, if there is nothing to prune, or if the score
     *     can't rate the network; the network is then unchanged
     */
    public void applyTo(Model network, double sparsity) {
        List<MaskableWeights> weights = choose(network);
        boolean[][] active = weights.stream().map(Connections::active).toArray(boolean[][]::new);
        long all = Arrays.stream(active).mapToLong(flags -> flags.length).sum();
        long target = target(sparsity, all, active);
        ConnectionScore.Rating rating = score.on(network, weights);
        for (int round = 1; round <= rounds; round++) {
            double density = Math.pow(1 - sparsity, round / (double) rounds);
            long keep = round == rounds ? target : Math.round(density * all);
            if (keep < Connections.count(active)) {
                double[][] scores = rating.scores(active);
                Connections.requireFinite(scores, active, weights);
                active = Connections.best(scores, active, Math.toIntExact(keep));
            }
        }
        lay(weights, active);
    }

    private List<MaskableWeights> choose(Model network) {
        requireInitialized(network);
        List<MaskableWeights> weights =
                MaskableWeights.of(network).stream().filter(filter::accepts).toList();
        if (weights.isEmpty()) {
            throw new IllegalArgumentException(
                    "the network has no weights to lay a mask over, or the filter chooses none");
        }
        return weights;
    }

    private static void requireInitialized(Model network) {
        boolean layersMissing =
                (network instanceof MultiLayerNetwork sequential && sequential.getLayers() == null)
                        || (network instanceof ComputationGraph graph && graph.getLayers() == null);
        if (layersMissing) {
            throw new IllegalArgumentException(
                    "expected an initialized network: call init() before it is pruned");
        }
    }

    private static long target(double sparsity, long all, boolean[][] active) {
        if (!(sparsity >= 0 && sparsity < 1)) {
            throw new IllegalArgumentException(
                    "sparsity must be in [0, 1), got %s".formatted(sparsity));
        }
        long target = Math.round((1 - sparsity) * all);
        if (target < active.length) {
            throw new IllegalArgumentException(
                    ("sparsity %s leaves %d of %d connections, too few for one in each of %d weight"
                                    + " matrices and kernels")
                            .formatted(sparsity, target, all, active.length));
        }
        if (target > Connections.count(active)) {
            throw new IllegalArgumentException(
                    "sparsity %s asks for %d connections, but the network's masks leave only %d"
                            .formatted(sparsity, target, Connections.count(active)));
        }
        return target;
    }

    private static void lay(List<MaskableWeights> weights, boolean[][] active) {
        for (int i = 0; i < active.length; i++) {
            boolean[] flags = active[i];
            long[] ids =
                    IntStream.range(0, flags.length)
                            .filter(id -> flags[id])
                            .asLongStream()
                            .toArray();
            MaskableWeights w = weights.get(i);
            w.setMask(SparseTopology.of(w.rowLength(), w.rows(), ids));
            w.clearInactive();
        }
    }
}
