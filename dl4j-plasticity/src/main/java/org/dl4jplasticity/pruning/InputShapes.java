package org.dl4jplasticity.pruning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.layers.SparseLayer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The shapes of one example of a network's inputs. DL4J's networks don't keep them. */
final class InputShapes {
    private InputShapes() {}

    /**
     * {@return the shapes for a minibatch of one example}
     *
     * @param types the types of the inputs; if empty they are told from the layers
     */
    static long[][] of(Model network, List<InputType> types) {
        if (!types.isEmpty()) {
            int expected =
                    network instanceof ComputationGraph graph ? graph.getNumInputArrays() : 1;
            if (types.size() != expected) {
                throw new IllegalArgumentException(
                        "the network has %d inputs, got types of %d"
                                .formatted(expected, types.size()));
            }
            return types.stream().map(InputShapes::of).toArray(long[][]::new);
        }
        if (network instanceof MultiLayerNetwork sequential) {
            MultiLayerConfiguration conf = sequential.getLayerWiseConfigurations();
            return new long[][] {of("0", conf.getConf(0).getLayer(), conf.getInputPreProcess(0))};
        }
        ComputationGraphConfiguration conf = ((ComputationGraph) network).getConfiguration();
        return conf.getNetworkInputs().stream()
                .map(input -> of(conf, input))
                .toArray(long[][]::new);
    }

    static INDArray[] ones(long[][] shapes) {
        return Arrays.stream(shapes)
                .map(shape -> Nd4j.ones(DataType.DOUBLE, shape))
                .toArray(INDArray[]::new);
    }

    private static long[] of(InputType type) {
        long[] shape = type.getShape(true);
        shape[0] = 1;
        if (Arrays.stream(shape).anyMatch(length -> length < 1)) {
            throw new IllegalArgumentException(
                    "expected the whole size of an input, such as the length of its sequences, got "
                            + type);
        }
        return shape;
    }

    private static long[] of(ComputationGraphConfiguration conf, String input) {
        List<String> seen = new ArrayList<>();
        for (Map.Entry<String, List<String>> entry : conf.getVertexInputs().entrySet()) {
            if (entry.getValue().contains(input)) {
                String name = entry.getKey();
                seen.add(name);
                if (conf.getVertices().get(name) instanceof LayerVertex vertex
                        && entry.getValue().size() == 1) {
                    return of(name, vertex.getLayerConf().getLayer(), vertex.getPreProcessor());
                }
            }
        }
        throw unknown("input " + input + ", which goes to " + seen);
    }

    private static long[] of(String name, Layer layer, InputPreProcessor preProcessor) {
        if (preProcessor instanceof FeedForwardToCnnPreProcessor image) {
            return new long[] {
                1, image.getNumChannels() * image.getInputHeight() * image.getInputWidth()
            };
        }
        boolean flat =
                layer instanceof DenseLayer
                        || layer instanceof OutputLayer
                        || (layer instanceof SparseLayer && !(layer instanceof ConvolutionLayer));
        if (preProcessor == null && flat) {
            return new long[] {1, ((FeedForwardLayer) layer).getNIn()};
        }
        throw unknown(
                "the input of layer %s, a %s".formatted(name, layer.getClass().getSimpleName()));
    }

    private static IllegalArgumentException unknown(String input) {
        return new IllegalArgumentException(
                "the size of %s isn't known: name the types of the network's inputs, such as InputType.convolutional(32, 32, 3)"
                        .formatted(input));
    }
}
