package org.dl4jplasticity.layers;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.dl4jplasticity.schedule.LayerShape;
import org.dl4jplasticity.schedule.SparsityDistribution;

/**
 * A sparsity for a whole network, shared out over its sparse layers by a distribution:
 *
 * <pre>{@code
 * Sparsity.of(0.95).by(SparsityDistribution.erdosRenyiKernel()).applyTo(configuration);
 * }</pre>
 *
 * @param sparsity the share of connections of all sparse layers together that are not active, in
 *     [0, 1); some distributions give it another meaning, which they document
 * @param distribution how the active connections are shared out
 */
public record Sparsity(double sparsity, SparsityDistribution distribution) {

    /**
     * Checks the sparsity.
     *
     * @param sparsity in [0, 1)
     * @param distribution how the active connections are shared out
     * @throws IllegalArgumentException if the sparsity is out of range
     */
    public Sparsity {
        SparseParamInitializer.requireSparsity(null, sparsity);
    }

    /**
     * {@return a sparsity shared out uniformly}
     *
     * @param sparsity in [0, 1)
     * @throws IllegalArgumentException if it is out of range
     */
    public static Sparsity of(double sparsity) {
        return new Sparsity(sparsity, SparsityDistribution.uniform());
    }

    /**
     * {@return the same sparsity, shared out by a distribution}
     *
     * @param distribution how the active connections are shared out
     */
    public Sparsity by(SparsityDistribution distribution) {
        return new Sparsity(sparsity, distribution);
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
            shapes.add(
                    LayerShape.dense(
                            String.valueOf(layer.getLayerName()), layer.getNIn(), layer.getNOut()));
        }
        long[] active = distribution.activeCounts(shapes, sparsity);
        for (int i = 0; i < active.length; i++) {
            layers.get(i).setSparsity(1 - active[i] / (double) shapes.get(i).connections());
        }
    }
}
