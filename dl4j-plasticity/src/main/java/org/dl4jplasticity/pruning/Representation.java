package org.dl4jplasticity.pruning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.dl4jplasticity.surgery.NetworkNode;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** What parts of a network make of examples, a row of numbers per example. */
final class Representation {
    private Representation() {}

    /**
     * {@return for each part what it puts out, [examples, features]}
     *
     * @param parts ids of layers, vertices or the network's inputs
     * @param examples features, without masks
     */
    static List<double[][]> of(Model network, List<String> parts, MultiDataSet examples) {
        PlasticNetwork view = PlasticNetwork.of(network);
        List<String> inputs = view.inputs();
        Map<String, NetworkNode> nodes = NetworkNode.of(view);
        for (String part : parts) {
            if (!nodes.containsKey(part) && !inputs.contains(part)) {
                throw new IllegalArgumentException(
                        "expected one of the layers and vertices %s, got '%s'"
                                .formatted(nodes.keySet(), part));
            }
        }
        List<List<double[]>> rows = new ArrayList<>();
        parts.forEach(part -> rows.add(new ArrayList<>()));
        Inference.run(
                network,
                examples,
                outputs -> {
                    for (int i = 0; i < parts.size(); i++) {
                        if (nodes.containsKey(parts.get(i))) {
                            rows.get(i).addAll(rows(outputs.get(parts.get(i))));
                        }
                    }
                });
        for (int i = 0; i < parts.size(); i++) {
            int input = inputs.indexOf(parts.get(i));
            if (!nodes.containsKey(parts.get(i))) {
                rows.get(i).addAll(rows(examples.getFeatures(input)));
            }
        }
        return rows.stream().map(each -> each.toArray(double[][]::new)).toList();
    }

    private static List<double[]> rows(INDArray outputs) {
        int examples = Math.toIntExact(outputs.size(0));
        double[] values = outputs.castTo(DataType.DOUBLE).dup('c').data().asDouble();
        int features = values.length / examples;
        List<double[]> rows = new ArrayList<>();
        for (int from = 0; from < values.length; from += features) {
            rows.add(Arrays.copyOfRange(values, from, from + features));
        }
        return rows;
    }
}
