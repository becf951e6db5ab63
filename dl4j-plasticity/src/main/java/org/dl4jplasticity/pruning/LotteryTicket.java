package org.dl4jplasticity.pruning;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.deeplearning4j.nn.api.Model;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.surgery.NetworkParameter;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The connections of a network that stay, and the ways to start training them over (Frankle and
 * Carbin 2019, arXiv:1803.03635). {@link #rewind} makes the winning ticket; {@link #reinitialize},
 * {@link #reinitializeKeepingSigns} and {@link #atRandom} are the controls it is held against.
 *
 * <p>Each way lays masks over the network's weights, sets what isn't active to 0, gives the
 * optimizer the state of a new one and lets iterations and epochs be counted from 0, so that
 * schedules replay and Adam corrects its moments from the start. To be done at rest, not while
 * {@code fit} runs. Train with {@code DynamicSparseTraining.fixed()} among the listeners: it keeps
 * the optimizer's slots of inactive weights at 0 as well.
 *
 * @param masks the connections that stay, by the weights' id such as "0/W"; copied
 */
public record LotteryTicket(SortedMap<String, SparseTopology> masks) {

    /**
     * Copies the masks.
     *
     * @param masks the connections that stay, by the weights' id
     */
    public LotteryTicket {
        masks = Collections.unmodifiableSortedMap(new TreeMap<>(masks));
    }

    /**
     * {@return the ticket that a network is now: its masks, and everything where it has none}
     *
     * @param network an initialized {@code MultiLayerNetwork} or {@code ComputationGraph}
     */
    public static LotteryTicket of(Model network) {
        SortedMap<String, SparseTopology> masks = new TreeMap<>();
        for (MaskableWeights weights : MaskableWeights.of(network)) {
            masks.put(
                    weights.id(),
                    weights.mask()
                            .orElseGet(
                                    () ->
                                            SparseTopology.dense(
                                                    weights.rowLength(), weights.rows())));
        }
        return new LotteryTicket(masks);
    }

    /** {@return how many connections stay} */
    public long activeWeights() {
        return masks.values().stream().mapToLong(SparseTopology::activeCount).sum();
    }

    /** {@return how many connections the network has without masks} */
    public long possibleWeights() {
        return masks.values().stream().mapToLong(SparseTopology::possibleCount).sum();
    }

    /** {@return the share of the connections that stay, in (0, 1]} */
    public double weightsRemaining() {
        return (double) activeWeights() / possibleWeights();
    }

    /**
     * {@return as many connections of each weight matrix or kernel, but random ones: what random
     * pruning at the same rates leaves}
     *
     * @param random decides which ones
     */
    public LotteryTicket atRandom(RandomGenerator random) {
        SortedMap<String, SparseTopology> drawn = new TreeMap<>();
        masks.forEach(
                (id, mask) ->
                        drawn.put(
                                id,
                                SparseTopology.random(
                                        mask.nIn(), mask.nOut(), mask.activeCount(), random)));
        return new LotteryTicket(drawn);
    }

    /**
     * Resets what stays to the values it had, bit for bit, and starts over: with biases and running
     * statistics of that moment too.
     *
     * @param network what was trained
     * @param point the moment, before training or early in it
     * @throws IllegalArgumentException if the masks or the point are of another network, which is
     *     then unchanged
     */
    public void rewind(Model network, RewindPoint point) {
        List<MaskableWeights> weights = requireFit(network);
        point.requireFit(network);
        point.restore(network);
        startOver(network, weights);
    }

    /**
     * Keeps the trained values of what stays and starts the optimizer and its schedule over:
     * learning-rate rewinding (Renda, Frankle and Carbin 2020, arXiv:2003.02389).
     *
     * @param network what was trained
     * @throws IllegalArgumentException if the masks are of another network, which is then unchanged
     */
    public void rewindLearningRate(Model network) {
        startOver(network, requireFit(network));
    }

    /**
     * Draws all parameters anew, each layer by its own initialization, as the whole network without
     * masks would draw them from another seed, and starts over: the control by random
     * re-initialization. ND4J's random generator is left as it is.
     *
     * @param network what was trained
     * @param seed decides the values; not the network's own, of which the ticket is
     * @throws IllegalArgumentException if the masks are of another network, which is then unchanged
     */
    public void reinitialize(Model network, long seed) {
        List<MaskableWeights> weights = requireFit(network);
        RewindPoint.of(FreshParameters.of(network, seed)).restore(network);
        startOver(network, weights);
    }

    /**
     * Resets what stays to the signs it had, with one magnitude for each weight matrix or kernel,
     * the standard deviation of all its values at that moment (Zhou, Lan, Liu and Yosinski 2019,
     * arXiv:1905.01067), and everything else to the values it had, and starts over. A weight that
     * was 0 is 0.
     *
     * @param network what was trained
     * @param point the moment, usually before training
     * @throws IllegalArgumentException if the masks or the point are of another network, which is
     *     then unchanged
     */
    public void reinitializeKeepingSigns(Model network, RewindPoint point) {
        List<MaskableWeights> weights = requireFit(network);
        point.requireFit(network);
        point.restore(network);
        for (NetworkParameter parameter : PlasticNetwork.of(network).table()) {
            SparseTopology mask = masks.get(parameter.id());
            if (mask != null) {
                INDArray values = parameter.values();
                values.assign(
                        Nd4j.createFromArray(
                                        signs(values.toDoubleVector(), (int) mask.possibleCount()))
                                .castTo(values.dataType()));
            }
        }
        startOver(network, weights);
    }

    /** Peephole weights, beyond the last connection, stay as they are. */
    private static double[] signs(double[] values, int connections) {
        double mean = Arrays.stream(values, 0, connections).sum() / connections;
        double variance =
                Arrays.stream(values, 0, connections)
                                .map(value -> (value - mean) * (value - mean))
                                .sum()
                        / connections;
        double deviation = Math.sqrt(variance);
        for (int i = 0; i < connections; i++) {
            values[i] = Math.signum(values[i]) * deviation;
        }
        return values;
    }

    private List<MaskableWeights> requireFit(Model network) {
        List<MaskableWeights> weights = MaskableWeights.of(network);
        List<String> ids = weights.stream().map(MaskableWeights::id).sorted().toList();
        if (!ids.equals(List.copyOf(masks.keySet()))) {
            throw new IllegalArgumentException(
                    "the ticket is of another network: expected weights %s, got %s"
                            .formatted(masks.keySet(), ids));
        }
        weights.forEach(each -> each.requireFit(masks.get(each.id())));
        return weights;
    }

    /** By new gradients listeners see that there are other masks, or masks at all. */
    private void startOver(Model network, List<MaskableWeights> weights) {
        for (MaskableWeights each : weights) {
            each.setMask(masks.get(each.id()));
            each.clearInactive();
        }
        PlasticNetwork.of(network).startOver();
    }
}
