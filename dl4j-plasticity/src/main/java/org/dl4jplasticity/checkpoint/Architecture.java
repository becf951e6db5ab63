package org.dl4jplasticity.checkpoint;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.dl4jplasticity.layers.SparseLayer;
import org.dl4jplasticity.layers.runtime.SparseRuntime;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a network is made of, in words: for each layer its type and the shapes of its parameters. A
 * packed weight has the shape it would have if it were dense, so topologies don't matter.
 */
record Architecture(Map<String, String> layers) {

    static Architecture of(Model model) {
        Map<String, String> layers = new LinkedHashMap<>();
        if (model instanceof MultiLayerNetwork network) {
            for (Layer layer : network.getLayers()) {
                layers.put(Integer.toString(layer.getIndex()), describe(layer));
            }
        } else if (model instanceof ComputationGraph graph) {
            for (GraphVertex vertex : graph.getVertices()) {
                String name = vertex.getVertexName();
                String what =
                        vertex.hasLayer()
                                ? describe(vertex.getLayer())
                                : vertex.getClass().getSimpleName();
                layers.put(
                        name,
                        vertex.isInputVertex()
                                ? what
                                : what
                                        + " after "
                                        + graph.getConfiguration().getVertexInputs().get(name));
            }
        }
        return new Architecture(layers);
    }

    private static String describe(Layer layer) {
        Map<String, String> shapes = new TreeMap<>();
        for (Map.Entry<String, INDArray> parameter : layer.paramTable().entrySet()) {
            shapes.put(parameter.getKey(), shape(parameter.getValue().shape()));
        }
        if (layer instanceof SparseRuntime runtime) {
            SparseLayer conf = runtime.sparseConf();
            shapes.put(DefaultParamInitializer.WEIGHT_KEY, shape(conf.rowLength(), conf.getNOut()));
        }
        String type = layer.conf().getLayer().getClass().getSimpleName();
        return shapes.isEmpty()
                ? type
                : type
                        + shapes.entrySet().stream()
                                .map(each -> " " + each.getKey() + " " + each.getValue())
                                .collect(Collectors.joining(","));
    }

    private static String shape(long... shape) {
        return LongStream.of(shape).mapToObj(Long::toString).collect(Collectors.joining("x"));
    }

    /** {@return what another architecture has that this one has not, or the other way round} */
    Optional<String> difference(Architecture other) {
        Map<String, String> all = new LinkedHashMap<>(layers);
        other.layers.forEach(all::putIfAbsent);
        for (String id : all.keySet()) {
            String expected = layers.get(id);
            String got = other.layers.get(id);
            if (!Objects.equals(expected, got)) {
                return Optional.of(
                        "layer %s: expected %s, got %s"
                                .formatted(
                                        id,
                                        expected == null ? "nothing" : expected,
                                        got == null ? "nothing" : got));
            }
        }
        return Optional.empty();
    }
}
