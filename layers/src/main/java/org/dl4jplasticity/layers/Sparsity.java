package org.dl4jplasticity.layers;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.dl4jplasticity.mask.MaskSelection;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.mask.WeightFilter;
import org.dl4jplasticity.schedule.LayerShape;
import org.dl4jplasticity.schedule.SparsityDistribution;
import org.dl4jplasticity.topology.SparseTopology;

/**
 * A sparsity for a whole network, shared out over its layers by a distribution. For a network of
 * this project's sparse layers it is set on the configuration, before the network is initialized;
 * on an initialized network of DL4J's own layers it lays masks over their weights:
 *
 * <pre>{@code
 * Sparsity.of(0.95).by(SparsityDistribution.erdosRenyiKernel()).applyTo(configuration);
 * Sparsity.of(0.9).by(SparsityDistribution.erdosRenyiKernel()).seed(1).applyTo(network);
 * Sparsity.of(0.9).keepingLargest().only(WeightFilter.ofType(LSTM.class)).applyTo(trained);
 * }</pre>
 */
public final class Sparsity {
    private final double sparsity;
    private final SparsityDistribution distribution;
    private final MaskSelection selection;
    private final WeightFilter filter;
    private final boolean rescaling;

    private Sparsity(
            double sparsity,
            SparsityDistribution distribution,
            MaskSelection selection,
            WeightFilter filter,
            boolean rescaling) {
        this.sparsity = SparseParameters.requireSparsity(null, sparsity);
        this.distribution = distribution;
        this.selection = selection;
        this.filter = filter;
        this.rescaling = rescaling;
    }

    /**
     * {@return a sparsity shared out uniformly, with random active weights of seed 0}
     *
     * @param sparsity the share of connections of all sparse layers together that are not active,
     *     in [0, 1); some distributions give it another meaning, which they document
     * @throws IllegalArgumentException if it is out of range
     */
    public static Sparsity of(double sparsity) {
        return new Sparsity(
                sparsity,
                SparsityDistribution.uniform(),
                MaskSelection.random(0),
                WeightFilter.all(),
                false);
    }

    /**
     * {@return the same sparsity, shared out by a distribution}
     *
     * @param distribution how the active connections are shared out
     */
    public Sparsity by(SparsityDistribution distribution) {
        return new Sparsity(sparsity, distribution, selection, filter, rescaling);
    }

    /**
     * {@return the same sparsity with masks whose active weights are drawn from a seed} Sparse
     * layers draw theirs from the network's own seed.
     *
     * @param seed any number
     */
    public Sparsity seed(long seed) {
        return selecting(MaskSelection.random(seed));
    }

    /** {@return the same sparsity with masks that keep the weights of largest magnitude} */
    public Sparsity keepingLargest() {
        return selecting(MaskSelection.largestMagnitude());
    }

    /**
     * {@return the same sparsity with masks whose active weights are chosen in some other way}
     *
     * @param selection which weights become the active ones
     */
    public Sparsity selecting(MaskSelection selection) {
        return new Sparsity(sparsity, distribution, selection, filter, rescaling);
    }

    /**
     * {@return the same sparsity for masks over some of a network's weights only}
     *
     * @param filter chooses the weights; all that can be masked by default
     */
    public Sparsity only(WeightFilter filter) {
        return new Sparsity(sparsity, distribution, selection, filter, rescaling);
    }

    /**
     * {@return the same sparsity, under whose masks the weights that stay are scaled by the square
     * root of possible over active} For weights that were drawn for a dense layer and have not been
     * trained: a unit's input keeps its variance, as with the initialization of sparse layers (Evci
     * et al. 2022, <em>Gradient Flow in Sparse Neural Networks</em>, sec. 3).
     */
    public Sparsity rescaling() {
        return new Sparsity(sparsity, distribution, selection, filter, true);
    }

    /**
     * Lays masks over the weights of an initialized network and sets what is not active to zero.
     * Masks that are there already are replaced. To be done at rest, not while {@code fit} runs.
     *
     * @param network a {@code MultiLayerNetwork} or {@code ComputationGraph}
     * @throws IllegalArgumentException if the network isn't initialized, there is nothing to mask,
     *     the distribution would empty a layer, or the selection makes a mask of another shape or
     *     number of active weights; the network is then unchanged
     */
    public void applyTo(Model network) {
        List<MaskableWeights> all = MaskableWeights.of(network);
        List<MaskableWeights> weights = all.stream().filter(filter::accepts).toList();
        if (weights.isEmpty()) {
            throw new IllegalArgumentException(
                    "the network has no weights to lay a mask over, or the filter chooses none");
        }
        List<LayerShape> shapes = weights.stream().map(MaskableWeights::shape).toList();
        long[] active = distribution.activeCounts(shapes, sparsity);
        List<SparseTopology> masks = new ArrayList<>();
        for (int i = 0; i < active.length; i++) {
            MaskableWeights chosen = weights.get(i);
            masks.add(select(chosen, all.indexOf(chosen), active[i]));
        }
        for (int i = 0; i < active.length; i++) {
            weights.get(i).setMask(masks.get(i));
            weights.get(i).clearInactive();
            if (rescaling) {
                weights.get(i).array().muli(Math.sqrt(1 / masks.get(i).density()));
            }
        }
    }

    private SparseTopology select(MaskableWeights weights, int index, long active) {
        SparseTopology mask = selection.select(weights, index, active);
        weights.requireFit(mask);
        if (mask.activeCount() != active) {
            throw new IllegalArgumentException(
                    "Layer %s, parameter %s: the selection must make %d weights active, got %d"
                            .formatted(
                                    weights.layerName(),
                                    weights.parameter(),
                                    active,
                                    mask.activeCount()));
        }
        return mask;
    }

    /**
     * Sets the sparsity of every sparse layer of a network that is not initialized yet.
     *
     * @param configuration the network's configuration; its layers' sizes must be known
     * @throws IllegalArgumentException if there is no sparse layer, one has a topology already, or
     *     the distribution would empty one; the configuration is then unchanged
     */
    public void applyTo(MultiLayerConfiguration configuration) {
        List<SparseLayer> layers = new ArrayList<>();
        for (NeuralNetConfiguration layer : configuration.getConfs()) {
            if (layer.getLayer() instanceof SparseLayer sparse) {
                layers.add(sparse);
            }
        }
        applyTo(layers);
    }

    /**
     * Sets the sparsity of every sparse layer of a network that is not initialized yet.
     *
     * @param configuration the network's configuration; its layers' sizes must be known
     * @throws IllegalArgumentException if there is no sparse layer, one has a topology already, or
     *     the distribution would empty one; the configuration is then unchanged
     */
    public void applyTo(ComputationGraphConfiguration configuration) {
        List<SparseLayer> layers = new ArrayList<>();
        for (GraphVertex vertex : configuration.getVertices().values()) {
            if (vertex instanceof LayerVertex layer
                    && layer.getLayerConf().getLayer() instanceof SparseLayer sparse) {
                layers.add(sparse);
            }
        }
        applyTo(layers);
    }

    private void applyTo(List<SparseLayer> layers) {
        List<LayerShape> shapes = new ArrayList<>();
        for (SparseLayer layer : layers) {
            if (layer.getTopology() != null) {
                throw new IllegalArgumentException(
                        "Layer %s has a topology already: set the sparsity before the network is"
                                        .formatted(layer.getLayerName())
                                + " initialized");
            }
            shapes.add(layer.shape(String.valueOf(layer.getLayerName())));
        }
        long[] active = distribution.activeCounts(shapes, sparsity);
        for (int i = 0; i < active.length; i++) {
            layers.get(i).setSparsity(1 - active[i] / (double) shapes.get(i).connections());
        }
    }
}
