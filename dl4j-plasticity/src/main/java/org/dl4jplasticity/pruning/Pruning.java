package org.dl4jplasticity.pruning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
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
 * Takes connections away for good, before training or after: rates all connections of an
 * initialized network, keeps the best and lays masks over the rest.
 *
 * <pre>{@code
 * Pruning.snip(batch).applyTo(network, 0.95);
 * Pruning.by(ConnectionScore.lamp()).only(WeightFilter.ofType(ConvolutionLayer.class)).applyTo(network, 0.9);
 * Pruning.by(ConnectionScore.magnitude()).eachLayer().granularity(Granularity.blocks(4, 1)).applyTo(network, 0.5);
 * Pruning.by(ConnectionScore.magnitude()).applyTo(network, new NofM(2, 4));
 * }</pre>
 *
 * <p>Of N connections exactly {@code round((1 - sparsity) N)} stay; of blocks and kernels the
 * fewest that hold as many. They are chosen at once or in rounds, after round k of n of which
 * {@code round((1 - sparsity)^(k/n) N)} are left, rated anew: {@link #synflow SynFlow} takes 100.
 * Connections of all layers are compared {@linkplain #globally() with each other} or {@linkplain
 * #eachLayer() within their layer}. Of equal scores the connection that comes first in the
 * network's parameters stays.
 *
 * <p>Unless {@link #onCollapse} says otherwise no weight matrix or kernel ends up empty: the best
 * connection of each stays whatever its score, in place of the worst that would have stayed. That
 * alone differs from the papers, in which a network may fall apart at extreme sparsity.
 */
public final class Pruning {
    private static final int SYNFLOW_ROUNDS = 100;

    private final ConnectionScore score;
    private final int rounds;
    private final WeightFilter filter;
    private final boolean perLayer;
    private final Granularity granularity;
    private final OnCollapse onCollapse;

    private Pruning(
            ConnectionScore score,
            int rounds,
            WeightFilter filter,
            boolean perLayer,
            Granularity granularity,
            OnCollapse onCollapse) {
        this.score = score;
        this.rounds = rounds;
        this.filter = filter;
        this.perLayer = perLayer;
        this.granularity = granularity;
        this.onCollapse = onCollapse;
    }

    /**
     * {@return pruning by connection sensitivity, at once}
     *
     * @param batch examples with labels
     * @see ConnectionScore#snip(DataSet)
     */
    public static Pruning snip(DataSet batch) {
        return by(ConnectionScore.snip(batch));
    }

    /**
     * {@return pruning by connection sensitivity, for a graph of several inputs or outputs}
     *
     * @param batch examples with labels
     * @see ConnectionScore#snip(MultiDataSet)
     */
    public static Pruning snip(MultiDataSet batch) {
        return by(ConnectionScore.snip(batch));
    }

    /**
     * {@return pruning that preserves the gradient signal, at once}
     *
     * @param batch examples with labels
     * @see ConnectionScore#grasp(DataSet)
     */
    public static Pruning grasp(DataSet batch) {
        return by(ConnectionScore.grasp(batch));
    }

    /**
     * {@return pruning that preserves the gradient signal, for a graph of several inputs or
     * outputs}
     *
     * @param batch examples with labels
     * @see ConnectionScore#grasp(MultiDataSet)
     */
    public static Pruning grasp(MultiDataSet batch) {
        return by(ConnectionScore.grasp(batch));
    }

    /**
     * {@return pruning by synaptic flow, without data, in 100 rounds}
     *
     * @param inputs the types of the network's inputs, where they can't be told from its layers
     * @see ConnectionScore#synflow(InputType...)
     */
    public static Pruning synflow(InputType... inputs) {
        return by(ConnectionScore.synflow(inputs)).rounds(SYNFLOW_ROUNDS);
    }

    /**
     * {@return pruning by any score, at once}
     *
     * @param score rates the connections
     */
    public static Pruning by(ConnectionScore score) {
        return new Pruning(
                score, 1, WeightFilter.all(), false, Granularity.weights(), OnCollapse.prevent());
    }

    /**
     * {@return the same pruning in rounds, between which the connections are rated anew}
     *
     * @param rounds at least 1
     * @throws IllegalArgumentException if it is less
     */
    public Pruning rounds(int rounds) {
        if (rounds < 1) {
            throw new IllegalArgumentException(
                    "pruning takes at least 1 round, got %d".formatted(rounds));
        }
        return new Pruning(score, rounds, filter, perLayer, granularity, onCollapse);
    }

    /**
     * {@return the same pruning of some of a network's weights only}
     *
     * @param filter chooses the weights; all that can be masked by default
     */
    public Pruning only(WeightFilter filter) {
        return new Pruning(score, rounds, filter, perLayer, granularity, onCollapse);
    }

    /**
     * {@return the same pruning that compares the connections of all layers, as it does at first}
     */
    public Pruning globally() {
        return new Pruning(score, rounds, filter, false, granularity, onCollapse);
    }

    /** {@return the same pruning that takes the same share of each weight matrix and kernel} */
    public Pruning eachLayer() {
        return new Pruning(score, rounds, filter, true, granularity, onCollapse);
    }

    /**
     * {@return the same pruning of blocks, each of which is worth what its connections are on
     * average}
     *
     * @param granularity what stays or goes as a whole; single weights by default
     */
    public Pruning granularity(Granularity granularity) {
        return new Pruning(score, rounds, filter, perLayer, granularity, onCollapse);
    }

    /**
     * {@return the same pruning that prevents or reports that a layer is emptied}
     *
     * @param onCollapse prevents it by default
     */
    public Pruning onCollapse(OnCollapse onCollapse) {
        return new Pruning(score, rounds, filter, perLayer, granularity, onCollapse);
    }

    /**
     * Lays masks over the weights of a network and sets what is not active to zero; everything else
     * stays as it is. What a mask calls inactive already stays so. To be done at rest, not while
     * {@code fit} runs, which {@link GradualPruning} is for.
     *
     * @param network an initialized {@code MultiLayerNetwork} or {@code ComputationGraph}
     * @param sparsity the share of the chosen weights that will be inactive, in [0, 1)
     * @throws IllegalArgumentException if the sparsity is out of range or leaves less than one
     *     connection to each weight matrix or kernel, if there is nothing to prune, if the score
     *     can't rate the network, or a collapse is reported; the network is then unchanged
     */
    public void applyTo(Model network, double sparsity) {
        List<MaskableWeights> weights = choose(network);
        boolean[][] active = weights.stream().map(Connections::active).toArray(boolean[][]::new);
        List<Part> parts = parts(weights, active, sparsity);
        parts.forEach(part -> part.requireEnough(sparsity));
        apply(network, weights, active, parts, sparsity);
    }

    /**
     * Prunes as {@link #applyTo(Model, double)} does, but for weights whose masks leave fewer
     * connections already: those stay as they are.
     *
     * @param network an initialized network
     * @param sparsity the share of the chosen weights that will be inactive at least, in [0, 1)
     */
    void applyAtLeast(Model network, double sparsity) {
        List<MaskableWeights> weights = choose(network);
        boolean[][] active = weights.stream().map(Connections::active).toArray(boolean[][]::new);
        apply(network, weights, active, parts(weights, active, sparsity), sparsity);
    }

    private void apply(
            Model network,
            List<MaskableWeights> weights,
            boolean[][] activeBefore,
            List<Part> parts,
            double sparsity) {
        boolean[][] active = activeBefore;
        int[][] blocks = weights.stream().map(granularity::of).toArray(int[][]::new);
        ConnectionScore.Rating rating = score.on(network, weights);
        for (int round = 1; round <= rounds; round++) {
            double density = Math.pow(1 - sparsity, round / (double) rounds);
            boolean isLast = round == rounds;
            boolean[][] before = active;
            if (parts.stream().anyMatch(part -> part.asks(isLast, density, before))) {
                double[][] scores = rating.scores(active);
                Connections.requireFinite(scores, active, weights);
                boolean[][] next = active.clone();
                for (Part part : parts) {
                    if (part.asks(isLast, density, active)) {
                        boolean[][] kept =
                                new Selection(
                                                part.of(scores, double[][]::new),
                                                part.of(active, boolean[][]::new),
                                                part.of(blocks, int[][]::new))
                                        .best(part.keep(isLast, density), prevents());
                        System.arraycopy(kept, 0, next, part.from(), kept.length);
                    }
                }
                active = next;
            }
        }
        report(network, weights, active);
        lay(weights, active);
    }

    /**
     * Lays masks of the pattern N:M over the weights of a network, chosen at once, and sets what is
     * not active to zero; everything else stays as it is. Where a mask leaves a group fewer than n
     * connections already, those stay.
     *
     * @param network an initialized {@code MultiLayerNetwork} or {@code ComputationGraph}
     * @param pattern how many of how many consecutive inputs of each unit stay
     * @throws IllegalArgumentException if this pruning is in rounds or of blocks, which a pattern
     *     can't be, if there is nothing to prune, if rows of the chosen weights aren't the inputs
     *     of a unit, or if the score can't rate the network; the network is then unchanged
     */
    public void applyTo(Model network, NofM pattern) {
        if (rounds > 1 || !granularity.isOfWeights()) {
            throw new IllegalArgumentException(
                    "the pattern %s is chosen in 1 round from single weights, got %d rounds and %s"
                            .formatted(pattern, rounds, granularity));
        }
        List<MaskableWeights> weights = choose(network);
        boolean[][] active = weights.stream().map(Connections::active).toArray(boolean[][]::new);
        double[][] scores = score.on(network, weights).scores(active);
        Connections.requireFinite(scores, active, weights);
        for (int i = 0; i < active.length; i++) {
            active[i] = pattern.best(weights.get(i), scores[i], active[i]);
        }
        report(network, weights, active);
        lay(weights, active);
    }

    private boolean prevents() {
        return onCollapse instanceof OnCollapse.Prevent;
    }

    private void report(Model network, List<MaskableWeights> weights, boolean[][] active) {
        if (onCollapse instanceof OnCollapse.Report report) {
            LayerCollapse.in(network, weights, active, report.inputs())
                    .ifPresent(
                            sentence -> {
                                throw new IllegalArgumentException(
                                        "the network would fall apart: " + sentence);
                            });
        }
    }

    /**
     * Weights that share a number of connections.
     *
     * @param place what messages call them
     * @param from the first of the weights
     * @param to the one behind the last
     * @param all how many connections they could have
     * @param there how many they have
     * @param target how many will stay
     */
    private record Part(String place, int from, int to, long all, long there, long target) {

        void requireEnough(double sparsity) {
            if (target > there) {
                throw new IllegalArgumentException(
                        "%ssparsity %s asks for %d connections, but the network's masks leave only %d"
                                .formatted(place, sparsity, target, there));
            }
        }

        int keep(boolean isLast, double density) {
            return Math.toIntExact(isLast ? target : Math.round(density * all));
        }

        boolean asks(boolean isLast, double density, boolean[][] active) {
            return keep(isLast, density) < Connections.count(of(active, boolean[][]::new));
        }

        <T> T[] of(T[] arrays, IntFunction<T[]> maker) {
            T[] part = maker.apply(to - from);
            System.arraycopy(arrays, from, part, 0, part.length);
            return part;
        }
    }

    private List<Part> parts(List<MaskableWeights> weights, boolean[][] active, double sparsity) {
        if (!(sparsity >= 0 && sparsity < 1)) {
            throw new IllegalArgumentException(
                    "sparsity must be in [0, 1), got %s".formatted(sparsity));
        }
        if (!perLayer) {
            return List.of(part(0, active.length, "", active, sparsity));
        }
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < active.length; i++) {
            MaskableWeights each = weights.get(i);
            String place = "Layer %s, parameter %s: ".formatted(each.layerName(), each.parameter());
            parts.add(part(i, i + 1, place, active, sparsity));
        }
        return parts;
    }

    private Part part(int from, int to, String place, boolean[][] active, double sparsity) {
        boolean[][] some = Arrays.copyOfRange(active, from, to);
        long all = Arrays.stream(some).mapToLong(flags -> flags.length).sum();
        long target = Math.round((1 - sparsity) * all);
        if (prevents() && target < some.length) {
            throw new IllegalArgumentException(
                    ("%ssparsity %s leaves %d of %d connections, too few for one in each of %d"
                                    + " weight matrices and kernels")
                            .formatted(place, sparsity, target, all, some.length));
        }
        return new Part(place, from, to, all, Connections.count(some), target);
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
