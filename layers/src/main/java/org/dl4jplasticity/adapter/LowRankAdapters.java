package org.dl4jplasticity.adapter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.dropout.SeededKeep;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Puts low-rank adapters on the dense layers of a network that was trained before, and merges them
 * into the weights when they have learned:
 *
 * <pre>{@code
 * MultiLayerNetwork tuned = LowRankAdapters.of(4).keeping(new SeededKeep(0.9, 1)).adapt(trained);
 * tuned.fit(newTask, 5);
 * MultiLayerNetwork merged = LowRankAdapters.merge(tuned);
 * }</pre>
 *
 * <p>The network given stays as it is. An adapted network begins with the same outputs: A is drawn
 * from a normal distribution of variance 1 / nIn, B is 0. Layers without an adapter go on learning,
 * the output layer among them, unless they are frozen by DL4J's means. Optimizer state starts anew.
 */
public final class LowRankAdapters {
    private final int rank;
    private final double alpha;
    private final SeededKeep kept;
    private final Predicate<DenseLayer> chosen;

    private LowRankAdapters(int rank, double alpha, SeededKeep kept, Predicate<DenseLayer> chosen) {
        this.rank = rank;
        this.alpha = alpha;
        this.kept = kept;
        this.chosen = chosen;
    }

    /**
     * {@return adapters for all dense layers, whose alpha is the rank, without dropout}
     *
     * @param rank of what is added to the weights, at least 1
     * @throws IllegalArgumentException if it is out of its range
     */
    public static LowRankAdapters of(int rank) {
        return new LowRankAdapters(
                LowRankDenseLayer.Builder.requireRank(rank),
                rank,
                new SeededKeep(1, 0),
                layer -> true);
    }

    /**
     * {@return the same with another factor of what is added}
     *
     * @param alpha the factor times the rank, greater than 0
     * @throws IllegalArgumentException if it is out of its range
     */
    public LowRankAdapters alpha(double alpha) {
        return new LowRankAdapters(
                rank, LowRankDenseLayer.Builder.requireAlpha(alpha), kept, chosen);
    }

    /**
     * {@return the same with LoRA dropout; A is drawn from its seed too}
     *
     * @param kept how many of the inputs of A and of the outputs of B are kept in training; each
     *     layer draws differently
     */
    public LowRankAdapters keeping(SeededKeep kept) {
        return new LowRankAdapters(rank, alpha, kept, chosen);
    }

    /**
     * {@return the same for some dense layers only}
     *
     * @param chosen tells which
     */
    public LowRankAdapters only(Predicate<DenseLayer> chosen) {
        return new LowRankAdapters(rank, alpha, kept, chosen);
    }

    /**
     * {@return a network like another one, with adapters on its dense layers}
     *
     * @param network an initialized network; it stays as it is
     * @throws IllegalArgumentException if it isn't initialized, none of its layers is a dense layer
     *     that is chosen, or one of them has layer normalization or constraints
     */
    public MultiLayerNetwork adapt(MultiLayerNetwork network) {
        return (MultiLayerNetwork) adapted(network);
    }

    /**
     * {@return a network like another one, with adapters on its dense layers}
     *
     * @param network an initialized network; it stays as it is
     * @throws IllegalArgumentException if it isn't initialized, none of its layers is a dense layer
     *     that is chosen, or one of them has layer normalization or constraints
     */
    public ComputationGraph adapt(ComputationGraph network) {
        return (ComputationGraph) adapted(network);
    }

    private Model adapted(Model network) {
        List<String> ids = new ArrayList<>();
        Model copy =
                ChangedLayers.of(
                        network,
                        (id, layer) -> {
                            if (layer instanceof DenseLayer dense
                                    && dense.getClass() == DenseLayer.class
                                    && chosen.test(dense)) {
                                ids.add(id);
                                return adapter(id, dense, ids.size());
                            }
                            return layer;
                        });
        if (ids.isEmpty()) {
            throw new IllegalArgumentException(
                    "the network has no DenseLayer to put an adapter on, or none is chosen");
        }
        ChangedLayers.forEach(copy, LowRankDense.class, LowRankAdapters::drawDown);
        return copy;
    }

    private LowRankDenseLayer adapter(String id, DenseLayer dense, int number) {
        require(id, dense, !dense.hasLayerNorm(), "layer normalization");
        require(id, dense, ChangedLayers.isFree(dense), "constraints");
        SeededKeep own = new SeededKeep(kept.keep().clone(), kept.seed() + number);
        LowRankDenseLayer adapted =
                new LowRankDenseLayer.Builder(rank)
                        .alpha(alpha)
                        .keeping(own)
                        .hasBias(dense.hasBias())
                        .nIn(dense.getNIn())
                        .nOut(dense.getNOut())
                        .build();
        ChangedLayers.carry(dense, adapted);
        return adapted;
    }

    private static void require(String id, FeedForwardLayer layer, boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "Layer %s (%s): a low-rank adapter is for a dense layer without %s"
                            .formatted(id, layer.getLayerName(), what));
        }
    }

    private static void drawDown(LowRankDense layer) {
        INDArray down = layer.getParam(LowRankParameters.DOWN);
        SplittableRandom random = new SplittableRandom(layer.layerConf().kept().seed());
        double deviation = 1 / Math.sqrt(down.rows());
        double[] values = new double[Math.toIntExact(down.length())];
        for (int i = 0; i < values.length; i++) {
            values[i] = deviation * random.nextGaussian();
        }
        down.assign(Nd4j.createFromArray(values).reshape('c', down.shape()));
    }

    /**
     * {@return a network of DL4J's dense layers with the outputs of an adapted one: W + alpha /
     * rank * A B in the place of W}
     *
     * @param network an initialized network with adapters; it stays as it is
     * @throws IllegalArgumentException if it isn't initialized or has no adapters
     */
    public static MultiLayerNetwork merge(MultiLayerNetwork network) {
        return (MultiLayerNetwork) merged(network);
    }

    /**
     * {@return a network of DL4J's dense layers with the outputs of an adapted one: W + alpha /
     * rank * A B in the place of W}
     *
     * @param network an initialized network with adapters; it stays as it is
     * @throws IllegalArgumentException if it isn't initialized or has no adapters
     */
    public static ComputationGraph merge(ComputationGraph network) {
        return (ComputationGraph) merged(network);
    }

    private static Model merged(Model network) {
        requireAdapters(network);
        Model copy =
                ChangedLayers.of(
                        network,
                        (id, layer) ->
                                layer instanceof LowRankDenseLayer adapted
                                        ? dense(adapted)
                                        : layer);
        Map<String, LowRankDense> adapters = ChangedLayers.find(network, LowRankDense.class);
        adapters.forEach(
                (id, adapter) ->
                        ChangedLayers.layer(copy, id)
                                .getParam(LowRankParameters.WEIGHTS)
                                .addi(
                                        adapter.getParam(LowRankParameters.DOWN)
                                                .mmul(adapter.getParam(LowRankParameters.UP))
                                                .muli(adapter.layerConf().scale())));
        return copy;
    }

    private static DenseLayer dense(LowRankDenseLayer adapted) {
        DenseLayer dense =
                new DenseLayer.Builder()
                        .hasBias(adapted.hasBias())
                        .nIn(adapted.getNIn())
                        .nOut(adapted.getNOut())
                        .build();
        ChangedLayers.carry(adapted, dense);
        return dense;
    }

    private static void requireAdapters(Model network) {
        if (ChangedLayers.find(network, LowRankDense.class).isEmpty()) {
            throw new IllegalArgumentException("the network has no layer with a low-rank adapter");
        }
    }

    /**
     * {@return the mean of a network's outputs over masks of its adapters: the inference of LoRA
     * dropout's paper (sec. 3.4)} Nothing but the adapters is dropped.
     *
     * @param network an initialized network with adapters
     * @param features its input
     * @param samples over how many draws of all masks, at least 1
     * @throws IllegalArgumentException if a number is out of its range or there are no adapters
     */
    public static INDArray ensemble(MultiLayerNetwork network, INDArray features, int samples) {
        return averaged(network, samples, () -> new INDArray[] {network.output(features)})[0];
    }

    /**
     * {@return the means of a network's outputs over masks of its adapters, one for each output}
     *
     * @param network an initialized network with adapters
     * @param samples over how many draws of all masks, at least 1
     * @param features its inputs
     * @throws IllegalArgumentException if a number is out of its range or there are no adapters
     */
    public static INDArray[] ensemble(ComputationGraph network, int samples, INDArray... features) {
        return averaged(network, samples, () -> network.output(features));
    }

    private static INDArray[] averaged(Model network, int samples, Supplier<INDArray[]> outputs) {
        requireAdapters(network);
        if (samples < 1) {
            throw new IllegalArgumentException(
                    "the number of masks to average over must be at least 1, got " + samples);
        }
        INDArray[] means = null;
        try {
            for (int sample = 0; sample < samples; sample++) {
                int number = sample;
                ChangedLayers.forEach(network, LowRankDense.class, layer -> layer.drop(number));
                INDArray[] now = outputs.get();
                if (means == null) {
                    means = now;
                } else {
                    for (int i = 0; i < now.length; i++) {
                        means[i].addi(now[i]);
                    }
                }
            }
        } finally {
            ChangedLayers.forEach(network, LowRankDense.class, LowRankDense::dropNothing);
        }
        for (INDArray mean : means) {
            mean.divi(samples);
        }
        return means;
    }
}
