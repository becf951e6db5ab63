package org.dl4jplasticity.pruning;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Copies of a network in double precision, without listeners, with backpropagation through whole
 * sequences. ND4J's random generator, which DL4J seeds and draws from whenever it initializes a
 * network, is put back to where it was.
 */
public final class DoubleCopy {
    private DoubleCopy() {}

    /**
     * {@return a copy without dropout and weight noise, which shares nothing with the network}
     *
     * @param network an initialized MultiLayerNetwork or ComputationGraph
     */
    public static Model withoutNoise(Model network) {
        return of(network, new WithoutNoise());
    }

    /**
     * {@return a copy}
     *
     * @param rework what it differs in
     */
    static Model of(Model network, Rework rework) {
        Random random = Nd4j.getRandom();
        long root = random.rootState();
        long node = random.nodeState();
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            Model copy =
                    network instanceof MultiLayerNetwork sequential
                            ? copy(sequential, rework)
                            : copy((ComputationGraph) network, rework);
            Map<String, INDArray> parameters = network.paramTable();
            copy.paramTable()
                    .forEach(
                            (key, array) ->
                                    array.assign(parameters.get(key).castTo(DataType.DOUBLE)));
            return copy;
        } finally {
            random.setStates(root, node);
        }
    }

    private static MultiLayerNetwork copy(MultiLayerNetwork network, Rework rework) {
        MultiLayerConfiguration conf =
                MultiLayerConfiguration.fromJson(network.getLayerWiseConfigurations().toJson());
        conf.setDataType(DataType.DOUBLE);
        conf.setBackpropType(BackpropType.Standard);
        List<NeuralNetConfiguration> layers = conf.getConfs();
        for (int i = 0; i < layers.size(); i++) {
            rework(Integer.toString(i), layers.get(i), i == layers.size() - 1, rework);
        }
        MultiLayerNetwork copy = new MultiLayerNetwork(conf);
        copy.init();
        return copy;
    }

    private static ComputationGraph copy(ComputationGraph network, Rework rework) {
        ComputationGraphConfiguration conf =
                ComputationGraphConfiguration.fromJson(network.getConfiguration().toJson());
        conf.setDataType(DataType.DOUBLE);
        conf.setBackpropType(BackpropType.Standard);
        for (Map.Entry<String, GraphVertex> entry : conf.getVertices().entrySet()) {
            String name = entry.getKey();
            GraphVertex vertex = rework.vertex(name, entry.getValue());
            if (vertex instanceof LayerVertex layer) {
                boolean isOutput = conf.getNetworkOutputs().contains(name);
                rework(name, layer.getLayerConf(), isOutput, rework);
            }
            entry.setValue(vertex);
        }
        ComputationGraph copy = new ComputationGraph(conf);
        copy.init();
        return copy;
    }

    private static void rework(
            String id, NeuralNetConfiguration conf, boolean isOutput, Rework rework) {
        String name = conf.getLayer().getLayerName();
        conf.setLayer(rework.layer(name == null ? id : name, conf.getLayer(), isOutput));
        conf.clearVariables(); // the layer names its parameters anew
    }
}
