package org.dl4jplasticity.sparse;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.Deconvolution3D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.dl4jplasticity.layers.runtime.SparseConvolution;
import org.dl4jplasticity.layers.runtime.SparseRuntime;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.schedule.LayerShape;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Counts floating-point operations as the RigL paper does (Evci et al. 2020, arXiv:1911.11134,
 * appendix H): a weight costs a multiplication and an addition wherever it is applied, the backward
 * pass costs twice the forward pass, and a step that needs the dense gradient pays for the dense
 * weights in one of its three thirds. Biases, activations and pooling are not counted.
 */
final class TrainingCost {
    private static final int OPERATIONS = 2;

    /** How often an example applies each weight of a layer, by the layer's id. */
    private final Map<String, Double> uses = new HashMap<>();

    /** Whether the sizes of activations have been seen, or come from an earlier run. */
    private boolean observed;

    private double dense;
    private double sparse;
    private double total;

    /** Takes note of the sizes of a sequence's activations, the input first. */
    void observe(Model network, List<INDArray> activations) {
        if (!observed) {
            observed = true;
            for (MaskableWeights weights : MaskableWeights.of(network)) {
                int index = Integer.parseInt(weights.layerId());
                note(
                        weights,
                        activations.get(index),
                        index + 1 < activations.size() ? activations.get(index + 1) : null,
                        activations.get(0).size(0));
            }
            for (Layer layer : PlasticNetwork.of(network).layers()) {
                if (layer instanceof SparseConvolution convolution
                        && layer.getIndex() + 1 < activations.size()) {
                    INDArray output = activations.get(layer.getIndex() + 1);
                    note(convolution, Integer.toString(layer.getIndex()), output);
                }
            }
            recount(network);
        }
    }

    /** Takes note of the sizes of a graph's activations. */
    void observe(ComputationGraph network, Map<String, INDArray> activations) {
        INDArray first = network.getInput(0);
        if (!observed && first != null) {
            observed = true;
            for (MaskableWeights weights : MaskableWeights.of(network)) {
                String source =
                        network.getConfiguration().getVertexInputs().get(weights.layerId()).get(0);
                int input = network.getConfiguration().getNetworkInputs().indexOf(source);
                note(
                        weights,
                        input >= 0 ? network.getInput(input) : activations.get(source),
                        activations.get(weights.layerId()),
                        first.size(0));
            }
            PlasticNetwork view = PlasticNetwork.of(network);
            for (Layer layer : view.layers()) {
                if (layer instanceof SparseConvolution convolution) {
                    String id = view.layerId(layer);
                    note(convolution, id, activations.get(id));
                }
            }
            recount(network);
        }
    }

    private void note(MaskableWeights weights, INDArray input, INDArray output, long minibatch) {
        LayerShape shape = weights.shape();
        double count = 1;
        if (shape.kernel().isEmpty()) {
            count = Math.max(steps(input, minibatch), steps(output, minibatch));
        } else if (weights.configuration() instanceof Deconvolution2D
                || weights.configuration() instanceof Deconvolution3D) {
            count = input.length() / (double) (shape.inputs() * minibatch);
        } else if (output != null) {
            count = output.length() / (double) (shape.outputs() * minibatch);
        }
        uses.put(weights.layerId(), count);
    }

    private void note(SparseConvolution convolution, String id, INDArray output) {
        long outputs = convolution.sparseConf().getNOut() * output.size(0);
        uses.put(id, output.length() / (double) outputs);
    }

    /** Time steps of a sequence [minibatch, units, steps] or [minibatch * steps, units]. */
    private static double steps(INDArray activations, long minibatch) {
        if (activations == null || activations.rank() > 3) {
            return 1; // flattened before a matrix is applied
        }
        return activations.rank() == 3
                ? activations.size(2)
                : activations.size(0) / (double) minibatch;
    }

    /** Counts a forward pass of one example through all weights, dense and as they are. */
    void recount(Model network) {
        dense = 0;
        sparse = 0;
        for (MaskableWeights weights : MaskableWeights.of(network)) {
            long possible = weights.array().length();
            add(weights.layerId(), possible, possible - inactive(weights));
        }
        PlasticNetwork view = PlasticNetwork.of(network);
        for (Layer layer : view.layers()) {
            if (layer instanceof SparseRuntime runtime) {
                add(
                        view.layerId(layer),
                        runtime.sparseConf().getTopology().possibleCount(),
                        runtime.sparseConf().getTopology().activeCount());
            }
        }
    }

    /**
     * Counts a forward pass of one example with given numbers of active weights.
     *
     * @param active the active weights by parameter, such as "0/W"; others are as their masks say
     */
    void recount(Model network, Map<String, Long> active) {
        recount(network);
        sparse = operations(network, active);
    }

    /** {@return operations of one use of all weights, of some of them in given numbers} */
    double operations(Model network, Map<String, Long> active) {
        double operations = 0;
        for (MaskableWeights weights : MaskableWeights.of(network)) {
            Long given = active.get(weights.id());
            long count = given != null ? given : weights.array().length() - inactive(weights);
            operations += OPERATIONS * uses.getOrDefault(weights.layerId(), 1.0) * count;
        }
        return operations;
    }

    private static long inactive(MaskableWeights weights) {
        return weights.mask().map(mask -> mask.possibleCount() - mask.activeCount()).orElse(0L);
    }

    private void add(String layerId, long possible, long active) {
        double applied = OPERATIONS * uses.getOrDefault(layerId, 1.0);
        dense += applied * possible;
        sparse += applied * active;
    }

    /** Adds one step over a minibatch. */
    void step(int minibatch, boolean denseGradient) {
        total += minibatch * (denseGradient ? 2 * sparse + dense : 3 * sparse);
    }

    /** Adds one step over a minibatch that takes some operations for each example. */
    void step(int minibatch, double operations) {
        total += minibatch * operations;
    }

    /** {@return operations of a forward pass of one example} */
    double inference() {
        return sparse;
    }

    /** {@return operations of a forward pass of one example, were all weights active} */
    double denseInference() {
        return dense;
    }

    /** {@return operations of all steps so far} */
    double training() {
        return total;
    }

    /** {@return how often an example applies each weight of a layer, by the layer's id} */
    Map<String, Double> uses() {
        return uses;
    }

    void resume(double operations, Map<String, Double> uses) {
        total = operations;
        this.uses.clear();
        this.uses.putAll(uses);
        observed = !uses.isEmpty();
    }
}
