package org.dl4jplasticity.pruning;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.mask.WeightFilter;
import org.dl4jplasticity.topology.Ranking;
import org.dl4jplasticity.topology.SparseTopology;

/**
 * What one level of iterative magnitude pruning takes from a trained network: a share of the
 * connections that are left, those of smallest magnitude (Frankle and Carbin 2019,
 * arXiv:1803.03635). It only looks; a {@link LotteryTicket} says what stays.
 *
 * <pre>{@code
 * RewindPoint start = RewindPoint.of(network);
 * for (int level = 0; level < 12; level++) {
 *     network.fit(data, epochs);
 *     IterativePruning.eachLayer(0.2).ticketOf(network).rewind(network, start);
 * }
 * }</pre>
 *
 * <p>By layer, of n connections exactly {@code Math.round(rate * n)} go, by the rate of the layer;
 * globally, of all of them together. The last connection of a weight matrix or kernel stays. Of
 * equal magnitudes the connection of lower id goes first by layer, and the later one globally.
 * Weights that this pruning passes over keep their masks.
 */
public final class IterativePruning {
    private final double rate;
    private final boolean global;
    private final WeightFilter filter;

    /** The first that accepts some weights decides on their rate. */
    private final List<RateOf> rates;

    private record RateOf(WeightFilter filter, double rate) {}

    private IterativePruning(double rate, boolean global, WeightFilter filter, List<RateOf> rates) {
        this.rate = requireRate(rate);
        this.global = global;
        this.filter = filter;
        this.rates = List.copyOf(rates);
    }

    private static double requireRate(double rate) {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException(
                    "the share pruned at a level must be in [0, 1), got %s".formatted(rate));
        }
        return rate;
    }

    /**
     * {@return pruning of the same share of each layer, and of half that share of output layers, as
     * the paper has it}
     *
     * @param rate share of the connections left that a level takes, in [0, 1); 0.2 in the paper
     * @throws IllegalArgumentException if it is out of range
     */
    public static IterativePruning eachLayer(double rate) {
        return new IterativePruning(rate, false, WeightFilter.all(), List.of()).outputs(rate / 2);
    }

    /**
     * {@return pruning of a share of all layers together, the smallest wherever they are}
     *
     * @param rate share of the connections left that a level takes, in [0, 1)
     * @throws IllegalArgumentException if it is out of range
     */
    public static IterativePruning globally(double rate) {
        return new IterativePruning(rate, true, WeightFilter.all(), List.of());
    }

    /**
     * {@return the same pruning with another rate of output layers}
     *
     * @param rate share of their connections left, in [0, 1)
     * @throws IllegalArgumentException if it is out of range, or this pruning is global
     */
    public IterativePruning outputs(double rate) {
        return rate(weights -> weights.layer() instanceof IOutputLayer, rate);
    }

    /**
     * {@return the same pruning with another rate of some weights, whatever was said of them
     * before}
     *
     * @param some the weights
     * @param rate share of their connections left, in [0, 1)
     * @throws IllegalArgumentException if it is out of range, or this pruning is global
     */
    public IterativePruning rate(WeightFilter some, double rate) {
        if (global) {
            throw new IllegalArgumentException("pruning all layers together has one rate only");
        }
        List<RateOf> all = new ArrayList<>(List.of(new RateOf(some, requireRate(rate))));
        all.addAll(rates);
        return new IterativePruning(this.rate, false, filter, all);
    }

    /**
     * {@return the same pruning of some of a network's weights only}
     *
     * @param filter chooses the weights; all that can be masked by default
     */
    public IterativePruning only(WeightFilter filter) {
        return new IterativePruning(rate, global, filter, rates);
    }

    /**
     * {@return what is left of a trained network after one level}
     *
     * @param network an initialized {@code MultiLayerNetwork} or {@code ComputationGraph}; it stays
     *     as it is
     * @throws IllegalArgumentException if a weight is no finite number
     */
    public LotteryTicket ticketOf(Model network) {
        return ticketOf(network, 1);
    }

    /**
     * {@return what is left when as many connections go at once as in some levels} One-shot
     * pruning: with the same counts as iterative pruning, to the connection.
     *
     * @param network an initialized {@code MultiLayerNetwork} or {@code ComputationGraph}; it stays
     *     as it is
     * @param levels how many levels it stands for, at least 0
     * @throws IllegalArgumentException if it is less, or a weight is no finite number
     */
    public LotteryTicket ticketOf(Model network, int levels) {
        if (levels < 0) {
            throw new IllegalArgumentException("levels must be at least 0, got " + levels);
        }
        List<MaskableWeights> all = MaskableWeights.of(network);
        List<MaskableWeights> chosen = all.stream().filter(filter::accepts).toList();
        boolean[][] active = chosen.stream().map(Connections::active).toArray(boolean[][]::new);
        double[][] magnitudes = WeightScores.magnitudes(chosen);
        Connections.requireFinite(magnitudes, active, chosen);
        boolean[][] kept =
                global
                        ? keptGlobally(magnitudes, active, levels)
                        : keptOfEach(chosen, magnitudes, active, levels);
        SortedMap<String, SparseTopology> masks = new TreeMap<>(LotteryTicket.of(network).masks());
        for (int i = 0; i < kept.length; i++) {
            boolean[] flags = kept[i];
            MaskableWeights weights = chosen.get(i);
            masks.put(
                    weights.id(),
                    SparseTopology.of(
                            weights.rowLength(),
                            weights.rows(),
                            IntStream.range(0, flags.length)
                                    .filter(id -> flags[id])
                                    .asLongStream()
                                    .toArray()));
        }
        return new LotteryTicket(masks);
    }

    private boolean[][] keptGlobally(double[][] magnitudes, boolean[][] active, int levels) {
        long count = Connections.count(active);
        long keep = Math.max(left(count, rate, levels), nonEmpty(active));
        return keep == count ? active : Connections.best(magnitudes, active, Math.toIntExact(keep));
    }

    private static int nonEmpty(boolean[][] active) {
        int count = 0;
        for (boolean[] flags : active) {
            count += count(flags) > 0 ? 1 : 0;
        }
        return count;
    }

    private boolean[][] keptOfEach(
            List<MaskableWeights> chosen, double[][] magnitudes, boolean[][] active, int levels) {
        boolean[][] kept = new boolean[active.length][];
        for (int i = 0; i < kept.length; i++) {
            int count = count(active[i]);
            long keep = left(count, rateOf(chosen.get(i)), levels);
            kept[i] = withoutLowest(magnitudes[i], active[i], Math.toIntExact(count - keep));
        }
        return kept;
    }

    private double rateOf(MaskableWeights weights) {
        return rates.stream()
                .filter(it -> it.filter().accepts(weights))
                .mapToDouble(RateOf::rate)
                .findFirst()
                .orElse(rate);
    }

    private static boolean[] withoutLowest(double[] scores, boolean[] active, int remove) {
        int[] ids = IntStream.range(0, active.length).filter(id -> active[id]).toArray();
        double[] candidates = IntStream.of(ids).mapToDouble(id -> scores[id]).toArray();
        boolean[] kept = active.clone();
        for (int candidate : Ranking.lowest(candidates, remove)) {
            kept[ids[candidate]] = false;
        }
        return kept;
    }

    private static int count(boolean[] flags) {
        return Math.toIntExact(Connections.count(new boolean[][] {flags}));
    }

    /**
     * {@return how many of some connections are left after some levels, each of which takes {@code
     * Math.round(rate * left)}, but not the last one}
     *
     * @param count the connections there are
     * @param rate share of those left that a level takes
     * @param levels how many
     */
    static long left(long count, double rate, int levels) {
        long left = count;
        for (int level = 0; level < levels && left > 1; level++) {
            left -= Math.min(Math.round(rate * left), left - 1);
        }
        return left;
    }
}
