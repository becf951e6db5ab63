package org.dl4jplasticity.adapter;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Networks made anew from another one's configuration, of which some layers have changed, with the
 * other one's parameters. The configuration is copied through JSON, which shares nothing.
 */
final class ChangedLayers {
    private ChangedLayers() {}

    /**
     * What becomes of a layer: index or vertex name, and a configuration that nobody else holds.
     */
    @FunctionalInterface
    interface Change {
        org.deeplearning4j.nn.conf.layers.Layer apply(
                String id, org.deeplearning4j.nn.conf.layers.Layer layer);
    }

    /**
     * {@return the changed copy; parameters that only one of the two has are 0}
     *
     * @throws IllegalArgumentException if the network isn't initialized
     */
    static Model of(Model network, Change change) {
        Map<String, Layer> from = layers(network);
        Model copy =
                network instanceof MultiLayerNetwork sequential
                        ? sequential(sequential.getLayerWiseConfigurations().toJson(), change)
                        : graph(((ComputationGraph) network).getConfiguration().toJson(), change);
        layers(copy)
                .forEach(
                        (id, layer) -> {
                            Map<String, INDArray> values = from.get(id).paramTable();
                            Map<String, INDArray> targets = layer.paramTable();
                            if (targets != null && values != null) {
                                targets.forEach((key, to) -> assign(values.get(key), to));
                            }
                        });
        return copy;
    }

    private static void assign(INDArray from, INDArray to) {
        if (from != null) {
            to.assign(from.reshape(to.shape()));
        }
    }

    private static MultiLayerNetwork sequential(String json, Change change) {
        MultiLayerConfiguration conf = MultiLayerConfiguration.fromJson(json);
        long length = 0;
        for (int i = 0; i < conf.getConfs().size(); i++) {
            length += apply(change, Integer.toString(i), conf.getConf(i));
        }
        MultiLayerNetwork network = new MultiLayerNetwork(conf);
        network.init(zeros(conf.getDataType(), length), false);
        return network;
    }

    private static ComputationGraph graph(String json, Change change) {
        ComputationGraphConfiguration conf = ComputationGraphConfiguration.fromJson(json);
        long length = 0;
        for (Map.Entry<String, GraphVertex> vertex : conf.getVertices().entrySet()) {
            if (vertex.getValue() instanceof LayerVertex layer) {
                apply(change, vertex.getKey(), layer.getLayerConf());
            }
            length += vertex.getValue().numParams(true);
        }
        ComputationGraph network = new ComputationGraph(conf);
        network.init(zeros(conf.getDataType(), length), false);
        return network;
    }

    private static long apply(Change change, String id, NeuralNetConfiguration conf) {
        org.deeplearning4j.nn.conf.layers.Layer changed = change.apply(id, conf.getLayer());
        if (!changed.equals(conf.getLayer())) {
            conf.setLayer(changed);
            conf.clearVariables();
        }
        return changed.initializer().numParams(conf);
    }

    private static INDArray zeros(DataType type, long length) {
        return length == 0 ? null : Nd4j.zeros(type, length);
    }

    /**
     * {@return a network's layers by index or vertex name}
     *
     * @throws IllegalArgumentException if it isn't initialized
     */
    private static Map<String, Layer> layers(Model network) {
        Layer[] all =
                network instanceof MultiLayerNetwork sequential
                        ? sequential.getLayers()
                        : ((ComputationGraph) network).getLayers();
        if (all == null || (all.length > 0 && all[0] == null)) {
            throw new IllegalArgumentException(
                    "expected an initialized network, got one without parameters: call init()"
                            + " first");
        }
        Map<String, Layer> layers = new LinkedHashMap<>();
        for (int i = 0; i < all.length; i++) {
            String id =
                    network instanceof MultiLayerNetwork
                            ? Integer.toString(i)
                            : all[i].conf().getLayer().getLayerName();
            layers.put(id, all[i]);
        }
        return layers;
    }

    /** {@return the layers of a type by index or vertex name} */
    static <L extends Layer> Map<String, L> find(Model network, Class<L> type) {
        Map<String, L> found = new LinkedHashMap<>();
        layers(network)
                .forEach(
                        (id, layer) -> {
                            if (type.isInstance(layer)) {
                                found.put(id, type.cast(layer));
                            }
                        });
        return found;
    }

    static <L extends Layer> void forEach(Model network, Class<L> type, Consumer<L> what) {
        find(network, type).values().forEach(what);
    }

    static Layer layer(Model network, String id) {
        return layers(network).get(id);
    }

    /** {@return whether nothing holds a layer's weights within limits} */
    static boolean isFree(FeedForwardLayer layer) {
        return layer.getConstraints() == null || layer.getConstraints().isEmpty();
    }

    /** Everything all fully connected layers have but their sizes, as it is. */
    static void carry(FeedForwardLayer from, FeedForwardLayer to) {
        to.setLayerName(from.getLayerName());
        to.setIDropout(from.getIDropout());
        to.setActivationFn(from.getActivationFn());
        to.setWeightInitFn(from.getWeightInitFn());
        to.setBiasInit(from.getBiasInit());
        to.setGainInit(from.getGainInit());
        to.setRegularization(from.getRegularization());
        to.setRegularizationBias(from.getRegularizationBias());
        to.setIUpdater(from.getIUpdater());
        to.setBiasUpdater(from.getBiasUpdater());
        to.setWeightNoise(from.getWeightNoise());
        to.setGradientNormalization(from.getGradientNormalization());
        to.setGradientNormalizationThreshold(from.getGradientNormalizationThreshold());
        to.setTimeDistributedFormat(from.getTimeDistributedFormat());
    }
}
