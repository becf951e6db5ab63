package org.dl4jplasticity.pruning;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Gradients of a network's loss on a batch, at any values of some of its weights: on a copy of the
 * network in double precision, which shares nothing with it.
 */
final class GradientProbe {
    private final Model copy;
    private final List<MaskableWeights> weights;

    private INDArray[] features;
    private INDArray[] labels;
    private INDArray[] featuresMasks;
    private INDArray[] labelsMasks;

    /**
     * Copies a network.
     *
     * @param weights the weights the gradients are for, of the network
     * @param rework what the copy differs in
     */
    GradientProbe(Model network, List<MaskableWeights> weights, Rework rework) {
        this.copy = DoubleCopy.of(network, rework);
        this.weights = weights;
        if (copy instanceof ComputationGraph graph) {
            for (String output : graph.getConfiguration().getNetworkOutputs()) {
                requireOutputLayer("Vertex " + output, graph.getVertex(output).getLayer());
            }
        } else {
            Layer last = ((MultiLayerNetwork) copy).getOutputLayer();
            requireOutputLayer("Layer " + last.conf().getLayer().getLayerName(), last);
        }
    }

    private static void requireOutputLayer(String name, Layer layer) {
        if (!(layer instanceof IOutputLayer || layer instanceof FrozenLayerWithBackprop)) {
            throw new IllegalArgumentException(
                    "%s: expected an output or loss layer at the network's end, got %s"
                            .formatted(
                                    name,
                                    layer == null
                                            ? "a vertex without a layer"
                                            : layer.conf().getLayer().getClass().getSimpleName()));
        }
    }

    /** Sets the batch. */
    void feed(MultiDataSet batch) {
        require("features", inputs(), batch.getFeatures());
        require("labels", outputs(), batch.getLabels());
        features = own(batch.getFeatures());
        labels = own(batch.getLabels());
        featuresMasks = own(batch.getFeaturesMaskArrays());
        labelsMasks = own(batch.getLabelsMaskArrays());
    }

    /** Sets a batch of inputs, with zeros for labels. */
    void feedWithZeros(INDArray... inputs) {
        labels = Arrays.stream(outputs(inputs)).map(Nd4j::zerosLike).toArray(INDArray[]::new);
        features = inputs;
    }

    /** Sets a batch of inputs, with labels that are one less than what comes out. */
    void feedBelow(INDArray... inputs) {
        labels =
                Arrays.stream(outputs(inputs))
                        .map(output -> output.sub(1))
                        .toArray(INDArray[]::new);
        features = inputs;
    }

    private INDArray[] outputs(INDArray... inputs) {
        require("inputs", inputs(), inputs);
        return copy instanceof MultiLayerNetwork sequential
                ? new INDArray[] {sequential.output(inputs[0])}
                : ((ComputationGraph) copy).output(inputs);
    }

    private int inputs() {
        return copy instanceof ComputationGraph graph ? graph.getNumInputArrays() : 1;
    }

    private int outputs() {
        return copy instanceof ComputationGraph graph ? graph.getNumOutputArrays() : 1;
    }

    private static void require(String what, int expected, INDArray[] arrays) {
        int got = arrays == null ? 0 : arrays.length;
        if (got != expected) {
            throw new IllegalArgumentException(
                    "the batch must have %d arrays of %s, as many as the network, got %d"
                            .formatted(expected, what, got));
        }
    }

    private static INDArray[] own(INDArray[] arrays) {
        return arrays == null
                ? null
                : Arrays.stream(arrays)
                        .map(
                                array ->
                                        array == null || array.dataType() != DataType.DOUBLE
                                                ? cast(array)
                                                : array.dup())
                        .toArray(INDArray[]::new);
    }

    private static INDArray cast(INDArray array) {
        return array == null ? null : array.castTo(DataType.DOUBLE);
    }

    /** {@return the copy} */
    Model copy() {
        return copy;
    }

    /** {@return the copy's flat parameters, a view} */
    INDArray parameters() {
        return copy.params();
    }

    /** {@return the gradient of the loss, the mean over examples, at the copy's parameters} */
    INDArray gradients() {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            computeGradients();
            INDArray gradients = PlasticNetwork.of(copy).gradients();
            return gradients.div(features[0].size(0)).reshape(copy.params().shape());
        }
    }

    /** {@return for each of the weights the copy's values, by connection id} */
    double[][] values() {
        return numbers(copy.paramTable());
    }

    /**
     * {@return for each of the weights the gradient of the loss, the mean over examples, by
     * connection id}
     *
     * @param values for each of the weights the values it is taken at, by connection id
     */
    double[][] gradients(double[][] values) {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            for (int i = 0; i < values.length; i++) {
                assign(copy.paramTable().get(key(weights.get(i))), values[i]);
            }
            computeGradients();
            double[][] gradients = numbers(copy.gradient().gradientForVariable());
            double examples = features[0].size(0);
            for (double[] some : gradients) {
                for (int id = 0; id < some.length; id++) {
                    some[id] /= examples;
                }
            }
            return gradients;
        }
    }

    private void computeGradients() {
        if (copy instanceof MultiLayerNetwork sequential) {
            sequential.setLayerMaskArrays(
                    featuresMasks == null ? null : featuresMasks[0],
                    labelsMasks == null ? null : labelsMasks[0]);
            sequential.setInput(features[0]);
            sequential.setLabels(labels[0]);
            sequential.computeGradientAndScore();
            sequential.clearLayerMaskArrays();
        } else {
            ComputationGraph graph = (ComputationGraph) copy;
            graph.setLayerMaskArrays(featuresMasks, labelsMasks);
            graph.setInputs(features);
            graph.setLabels(labels);
            graph.computeGradientAndScore();
            graph.clearLayerMaskArrays();
        }
    }

    private double[][] numbers(Map<String, INDArray> table) {
        double[][] numbers = new double[weights.size()][];
        for (int i = 0; i < numbers.length; i++) {
            char order = weights.get(i).array().ordering();
            INDArray array = table.get(key(weights.get(i)));
            double[] all = array.dup(order).data().asDouble();
            numbers[i] = Arrays.copyOf(all, connections(weights.get(i)));
        }
        return numbers;
    }

    /** Peephole weights, beyond the last connection, stay as they are. */
    private static void assign(INDArray parameter, double[] values) {
        char order = parameter.ordering();
        double[] all = values;
        if (values.length < parameter.length()) {
            all = parameter.dup(order).data().asDouble();
            System.arraycopy(values, 0, all, 0, values.length);
        }
        parameter.assign(Nd4j.createFromArray(all).reshape(order, parameter.shape()));
    }

    private static int connections(MaskableWeights weights) {
        return Math.multiplyExact(weights.rowLength(), weights.rows());
    }

    /** DL4J's name for a parameter in a whole network. */
    private static String key(MaskableWeights weights) {
        return weights.layerId() + "_" + weights.parameter();
    }
}
