package org.dl4jplasticity.packing;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.layers.SparseLayer;
import org.dl4jplasticity.surgery.NetworkParameter;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network made anew from another one's configuration, of which some layers have changed between
 * packed and dense, with the other one's numbers.
 *
 * <p>The configuration is copied through JSON, as DL4J's own {@code ParallelWrapper} copies it:
 * {@code clone()} would share updaters and constraints with the original and let a graph count its
 * iterations anew.
 */
final class NetworkCopy {
    private NetworkCopy() {}

    /**
     * Refuses a network without parameters.
     *
     * @throws IllegalArgumentException if it was not initialized
     */
    static void requireInitialized(Model network) {
        org.deeplearning4j.nn.api.Layer[] layers =
                network instanceof MultiLayerNetwork sequential
                        ? sequential.getLayers()
                        : ((ComputationGraph) network).getLayers();
        if (layers == null || (layers.length > 0 && layers[0] == null)) {
            throw new IllegalArgumentException(
                    "expected an initialized network, got one without parameters: call init()"
                            + " first");
        }
    }

    /**
     * {@return the copy}
     *
     * @param network an initialized network
     * @param change gives a layer its new configuration, or the same one, by its index or vertex
     *     name and a configuration that nobody else holds
     */
    static Model of(Model network, LayerChange change) {
        Model copy =
                network instanceof MultiLayerNetwork
                        ? sequential(json(network), change)
                        : graph(json(network), change);
        carry(PlasticNetwork.of(network).table(), PlasticNetwork.of(copy).table());
        return copy;
    }

    /** What becomes of a layer: (id, configuration) to configuration. */
    @FunctionalInterface
    interface LayerChange {
        Layer apply(String id, Layer layer);
    }

    /** {@return the network's configuration as it is saved} */
    static String json(Model network) {
        return network instanceof MultiLayerNetwork sequential
                ? sequential.getLayerWiseConfigurations().toJson()
                : ((ComputationGraph) network).getConfiguration().toJson();
    }

    private static MultiLayerNetwork sequential(String json, LayerChange change) {
        MultiLayerConfiguration configuration = MultiLayerConfiguration.fromJson(json);
        List<NeuralNetConfiguration> layers = configuration.getConfs();
        long length = 0;
        for (int i = 0; i < layers.size(); i++) {
            length += apply(change, Integer.toString(i), layers.get(i));
        }
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init(zeros(configuration.getDataType(), length), false);
        return network;
    }

    private static ComputationGraph graph(String json, LayerChange change) {
        ComputationGraphConfiguration configuration = ComputationGraphConfiguration.fromJson(json);
        long length = 0;
        for (Map.Entry<String, GraphVertex> vertex : configuration.getVertices().entrySet()) {
            if (vertex.getValue() instanceof LayerVertex layer) {
                apply(change, vertex.getKey(), layer.getLayerConf());
            }
            length += vertex.getValue().numParams(true);
        }
        ComputationGraph network = new ComputationGraph(configuration);
        network.init(zeros(configuration.getDataType(), length), false);
        return network;
    }

    private static long apply(LayerChange change, String id, NeuralNetConfiguration layer) {
        layer.setLayer(change.apply(id, layer.getLayer()));
        return layer.getLayer().initializer().numParams(layer);
    }

    /** Given parameters keep DL4J from drawing random ones. */
    private static INDArray zeros(DataType type, long length) {
        return length == 0 ? null : Nd4j.zeros(type, length);
    }

    private static void carry(List<NetworkParameter> from, List<NetworkParameter> to) {
        // By id, not by place: DL4J keeps the biases of a convolution before its kernel.
        Map<String, NetworkParameter> targets = new HashMap<>();
        to.forEach(parameter -> targets.put(parameter.id(), parameter));
        for (NetworkParameter source : from) {
            NetworkParameter target = targets.get(source.id());
            UnaryOperator<INDArray> reshape = reshape(source, target);
            target.values().assign(reshape.apply(source.values()));
            List<INDArray> slots = source.slots();
            List<INDArray> newSlots = target.slots();
            for (int component = 0; component < slots.size(); component++) {
                newSlots.get(component).assign(reshape.apply(slots.get(component)));
            }
        }
    }

    /** How a vector with one number per weight gets from one form to the other. */
    private static UnaryOperator<INDArray> reshape(NetworkParameter from, NetworkParameter to) {
        if (from.length() == to.length()) { // unchanged, or every connection is active
            return vector -> vector;
        } else if (from.length() > to.length()) {
            return vector -> gather(topology(to), vector);
        }
        return vector -> scatter(topology(from), vector);
    }

    /** Within a wrapper, the wrapped layer's. */
    private static SparseTopology topology(NetworkParameter parameter) {
        return ((SparseLayer) parameter.layer().conf().getLayer()).getTopology();
    }

    /** The place of a weight in a dense layer's parameter is the id of its connection. */
    private static INDArray gather(SparseTopology topology, INDArray dense) {
        double[] all = dense.toDoubleVector();
        double[] active = new double[topology.activeCount()];
        long[] ids = topology.ids();
        for (int position = 0; position < ids.length; position++) {
            active[position] = all[(int) ids[position]];
        }
        return Nd4j.createFromArray(active).castTo(dense.dataType());
    }

    private static INDArray scatter(SparseTopology topology, INDArray packed) {
        double[] active = packed.toDoubleVector();
        double[] all = new double[Math.toIntExact(topology.possibleCount())];
        long[] ids = topology.ids();
        for (int position = 0; position < ids.length; position++) {
            all[(int) ids[position]] = active[position];
        }
        return Nd4j.createFromArray(all).castTo(packed.dataType());
    }
}
