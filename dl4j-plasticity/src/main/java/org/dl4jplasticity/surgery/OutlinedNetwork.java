package org.dl4jplasticity.surgery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.preprocessor.ComposableInputPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.surgery.NetworkOutline.Part;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The network that an outline is of, made anew as the outline has it. Configurations are copied
 * through JSON, as DL4J's own {@code ParallelWrapper} copies them: {@code clone()} would share
 * updaters and constraints, and let a graph count its iterations anew.
 */
final class OutlinedNetwork {
    private OutlinedNetwork() {}

    /**
     * {@return the network}
     *
     * @param random of the parameters of new layers
     */
    static Model of(NetworkOutline outline, RandomGenerator random) {
        Model built =
                outline.network() instanceof MultiLayerNetwork sequential
                        ? sequential(sequential, outline)
                        : graph((ComputationGraph) outline.network(), outline);
        carry(outline, PlasticNetwork.of(built));
        draw(outline, PlasticNetwork.of(built), random);
        return built;
    }

    private static MultiLayerNetwork sequential(MultiLayerNetwork network, NetworkOutline outline) {
        MultiLayerConfiguration conf =
                MultiLayerConfiguration.fromJson(network.getLayerWiseConfigurations().toJson());
        List<NeuralNetConfiguration> layers = new ArrayList<>();
        Map<Integer, InputPreProcessor> preProcessors = new HashMap<>();
        long length = 0;
        for (Part part : outline.parts().values()) {
            InputPreProcessor before = joined(part.preProcessors());
            if (before != null) {
                preProcessors.put(layers.size(), before);
            }
            NeuralNetConfiguration layer =
                    part.isNew() ? own(part) : conf.getConf(Integer.parseInt(part.id()));
            length += layer.getLayer().initializer().numParams(layer);
            layers.add(layer);
        }
        conf.setConfs(layers);
        conf.setInputPreProcessors(preProcessors);
        MultiLayerNetwork built = new MultiLayerNetwork(conf);
        built.init(zeros(conf.getDataType(), length), false);
        return built;
    }

    private static ComputationGraph graph(ComputationGraph network, NetworkOutline outline) {
        ComputationGraphConfiguration conf =
                ComputationGraphConfiguration.fromJson(network.getConfiguration().toJson());
        Map<String, GraphVertex> vertices = new LinkedHashMap<>();
        Map<String, List<String>> inputs = new LinkedHashMap<>();
        long length = 0;
        for (Part part : outline.parts().values()) {
            GraphVertex vertex = conf.getVertices().get(part.id());
            if (part.isNew()) {
                vertex = new LayerVertex(own(part), null);
            }
            if (vertex instanceof LayerVertex layer) {
                layer.setPreProcessor(joined(part.preProcessors()));
            }
            length += vertex.numParams(true);
            vertices.put(part.id(), vertex);
            inputs.put(part.id(), new ArrayList<>(part.inputs()));
        }
        conf.setVertices(vertices);
        conf.setVertexInputs(inputs);
        conf.setTopologicalOrder(null); // of the graph as it was
        conf.setTopologicalOrderStr(null);
        ComputationGraph built = new ComputationGraph(conf);
        built.init(zeros(conf.getDataType(), length), false);
        return built;
    }

    /** {@return a new part's configuration, which shares nothing with any other} */
    private static NeuralNetConfiguration own(Part part) {
        return NeuralNetConfiguration.fromJson(part.node().conf().toJson());
    }

    private static InputPreProcessor joined(List<InputPreProcessor> all) {
        return switch (all.size()) {
            case 0 -> null;
            case 1 -> all.get(0).clone();
            default ->
                    new ComposableInputPreProcessor(
                            all.stream()
                                    .map(InputPreProcessor::clone)
                                    .toArray(InputPreProcessor[]::new));
        };
    }

    /** Given parameters keep DL4J from drawing random ones. */
    private static INDArray zeros(DataType type, long length) {
        return length == 0 ? null : Nd4j.zeros(type, length);
    }

    private static void carry(NetworkOutline outline, PlasticNetwork built) {
        Map<String, NetworkParameter> before = new HashMap<>();
        for (NetworkParameter parameter : PlasticNetwork.of(outline.network()).table()) {
            before.put(parameter.id(), parameter);
        }
        Map<String, String> ids = new HashMap<>();
        for (Part part : outline.parts().values()) {
            if (!part.isNew()) {
                ids.put(outline.idInBuilt(part.id()), part.id());
            }
        }
        for (NetworkParameter parameter : built.table()) {
            String id = ids.get(built.layerId(parameter.layer()));
            if (id != null) {
                NetworkParameter from = before.get(id + "/" + parameter.name());
                parameter.values().assign(from.values());
                List<INDArray> slots = parameter.slots();
                List<INDArray> slotsBefore = from.slots();
                for (int component = 0; component < slots.size(); component++) {
                    slots.get(component).assign(slotsBefore.get(component));
                }
            }
        }
    }

    /** DL4J's initializations draw from ND4J's generator, which is put back into its state. */
    private static void draw(NetworkOutline outline, PlasticNetwork built, RandomGenerator random) {
        Map<String, Layer> layers = new HashMap<>();
        built.layers().forEach(layer -> layers.put(built.layerId(layer), layer));
        Random global = Nd4j.getRandom();
        long seed = global.getSeed();
        long root = global.rootState();
        long node = global.nodeState();
        try {
            for (Part part : outline.parts().values()) {
                Layer layer = layers.get(outline.idInBuilt(part.id()));
                if (part.isNew() && layer.numParams() > 0) {
                    global.setSeed(random.nextLong());
                    layer.conf().getLayer().initializer().init(layer.conf(), layer.params(), true);
                }
            }
        } finally {
            global.setSeed(seed);
            global.setStates(root, node);
        }
    }
}
