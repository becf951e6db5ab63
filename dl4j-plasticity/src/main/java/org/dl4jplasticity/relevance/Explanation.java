package org.dl4jplasticity.relevance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dl4jplasticity.relevance.NetworkPlan.Place;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** How relevant inputs, neurons and weights were to what a network said about some examples. */
public final class Explanation {
    private final List<INDArray> inputs = new ArrayList<>();
    private final Map<String, INDArray> neurons = new LinkedHashMap<>();
    private final Map<String, WeightRelevance> weights = new LinkedHashMap<>();
    private final List<LayerBalance> balance = new ArrayList<>();

    /** Computes it. */
    Explanation(
            NetworkPlan plan,
            Propagation propagation,
            boolean neuronsWanted,
            RelevanceStart start,
            INDArray... features) {
        List<int[]> shapes = propagation.shapes(features);
        long examples = features[0].size(0);
        INDArray[] arrays = new INDArray[shapes.size()];
        for (int i = 0; i < arrays.length; i++) {
            boolean input = i < plan.inputs();
            if (input || (neuronsWanted && plan.places().get(i).id() != null)) {
                arrays[i] = zeros(examples, shapes.get(i));
            }
        }
        propagation.run(
                start, (place, first, relevance) -> put(arrays[place], first, relevance), features);
        inputs.addAll(Arrays.asList(arrays).subList(0, plan.inputs()));
        for (int i = plan.inputs(); i < arrays.length; i++) {
            Place place = plan.places().get(i);
            if (place.id() != null) {
                balance.add(propagation.tally(i).balance(place.id()));
                if (neuronsWanted) {
                    neurons.put(place.id(), arrays[i]);
                }
                addWeights(place, propagation.tally(i), examples);
            }
        }
    }

    private static INDArray zeros(long examples, int[] shape) {
        long[] full = new long[shape.length + 1];
        full[0] = examples;
        Arrays.setAll(full, i -> i == 0 ? examples : shape[i - 1]);
        return Nd4j.create(DataType.DOUBLE, full);
    }

    private static void put(INDArray array, long first, Values relevance) {
        if (array != null) {
            array.get(Values.some(array, first, first + relevance.examples()))
                    .assign(relevance.toArray());
        }
    }

    private void addWeights(Place place, Tally tally, long examples) {
        if (tally.weightsWanted() && place.step() instanceof Step.Weighted weighted) {
            weights.put(
                    place.id(),
                    new WeightRelevance(
                            place.id(),
                            mean(weighted.map(), tally.signed(), examples),
                            mean(weighted.map(), tally.absolute(), examples)));
        }
    }

    private static INDArray mean(LinearMap map, double[] sums, long examples) {
        double[] means = new double[map.weights().length];
        for (int i = 0; sums != null && i < means.length; i++) {
            means[i] = sums[i] / examples;
        }
        return map.asParameter(means);
    }

    /**
     * {@return the relevance of the inputs, of the features' shape; doubles}
     *
     * @throws IllegalStateException if the network has several inputs
     */
    public INDArray inputs() {
        if (inputs.size() != 1) {
            throw new IllegalStateException(
                    "expected a network with one input, got %d: name the input"
                            .formatted(inputs.size()));
        }
        return inputs.get(0);
    }

    /**
     * {@return the relevance of one of the network's inputs, of the features' shape; doubles}
     *
     * @param input the input's number, in the network's order, from 0
     * @throws IndexOutOfBoundsException if there is none
     */
    public INDArray inputs(int input) {
        return inputs.get(input);
    }

    /**
     * {@return the relevance of a layer's outputs, after its activation function, of the shape of
     * its activations; doubles}
     *
     * @param layerId the layer's index in a MultiLayerNetwork, the vertex' name in a
     *     ComputationGraph
     * @throws IllegalArgumentException if there is no such layer, or the relevance of neurons
     *     wasn't asked for
     */
    public INDArray neurons(String layerId) {
        return find(neurons, layerId, "withNeurons()");
    }

    /**
     * {@return the relevance of a layer's weights}
     *
     * @param layerId the layer's index in a MultiLayerNetwork, the vertex' name in a
     *     ComputationGraph
     * @throws IllegalArgumentException if there is no such layer with weights, or the relevance of
     *     weights wasn't asked for
     */
    public WeightRelevance weights(String layerId) {
        return find(weights, layerId, "withWeights()");
    }

    private static <T> T find(Map<String, T> all, String layerId, String call) {
        T found = all.get(layerId);
        if (found == null) {
            throw new IllegalArgumentException(
                    all.isEmpty()
                            ? "this relevance wasn't asked for: call Relevance's " + call
                            : "layer must be one of %s, got %s".formatted(all.keySet(), layerId));
        }
        return found;
    }

    /** {@return what became of the relevance in each layer and vertex, in the network's order} */
    public List<LayerBalance> balance() {
        return List.copyOf(balance);
    }
}
