package org.dl4jplasticity.pruning;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What the layers and vertices of a network put out for examples, in double precision. */
final class Inference {
    private static final int AT_A_TIME = 128;

    private Inference() {}

    /**
     * Has a copy of a network compute, some examples at a time.
     *
     * @param examples features, without masks
     * @param seen gets what each layer and vertex puts out, by id
     * @throws IllegalArgumentException if there are no examples, or masks
     */
    static void run(Model network, MultiDataSet examples, Consumer<Map<String, INDArray>> seen) {
        INDArray[] masks = examples.getFeaturesMaskArrays();
        if (masks != null && Arrays.stream(masks).anyMatch(Objects::nonNull)) {
            throw new IllegalArgumentException("expected features without a mask, got one");
        }
        Model copy = DoubleCopy.withoutNoise(network);
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            long count = examples.getFeatures(0).size(0);
            for (long from = 0; from < count; from += AT_A_TIME) {
                long first = from;
                long end = Math.min(count, from + AT_A_TIME);
                seen.accept(
                        outputs(
                                copy,
                                Arrays.stream(examples.getFeatures())
                                        .map(all -> all.get(NDArrayIndex.interval(first, end)))
                                        .map(some -> some.castTo(DataType.DOUBLE).dup('c'))
                                        .toArray(INDArray[]::new)));
            }
        }
    }

    private static Map<String, INDArray> outputs(Model network, INDArray[] features) {
        if (network instanceof ComputationGraph graph) {
            return graph.feedForward(features, false);
        }
        List<INDArray> outputs = ((MultiLayerNetwork) network).feedForward(features[0], false);
        Map<String, INDArray> byLayer = new LinkedHashMap<>();
        for (int i = 1; i < outputs.size(); i++) {
            byLayer.put(Integer.toString(i - 1), outputs.get(i));
        }
        return byLayer;
    }

    /**
     * {@return for each unit the mean over examples and positions of a function of what it puts
     * out}
     *
     * @param outputs examples first
     * @param producer the layer the units belong to
     * @param units the number of units
     */
    static double[] means(
            INDArray outputs, Layer producer, int units, DoubleUnaryOperator function) {
        INDArray ordered = channelsFirst(outputs, producer);
        int features = Math.toIntExact(ordered.size(1));
        int positions = Math.toIntExact(ordered.length() / (ordered.size(0) * features));
        double[] values = ordered.dup('c').data().asDouble();
        double[] means = new double[units];
        for (int i = 0; i < values.length; i++) {
            // Both directions of a recurrent layer may be there, one behind the other.
            means[i / positions % features % units] += function.applyAsDouble(values[i]);
        }
        Arrays.setAll(means, unit -> means[unit] * units / values.length);
        return means;
    }

    /**
     * {@return for each unit what it puts out, over examples and positions}
     *
     * @param outputs examples first
     * @param producer the layer the units belong to
     */
    static double[][] perUnit(INDArray outputs, Layer producer) {
        INDArray ordered = channelsFirst(outputs, producer);
        int examples = Math.toIntExact(ordered.size(0));
        int units = Math.toIntExact(ordered.size(1));
        int positions = Math.toIntExact(ordered.length() / examples / units);
        double[] values = ordered.dup('c').data().asDouble();
        double[][] samples = new double[units][examples * positions];
        for (int example = 0; example < examples; example++) {
            for (int unit = 0; unit < units; unit++) {
                System.arraycopy(
                        values,
                        (example * units + unit) * positions,
                        samples[unit],
                        example * positions,
                        positions);
            }
        }
        return samples;
    }

    private static INDArray channelsFirst(INDArray outputs, Layer producer) {
        boolean last =
                producer instanceof Convolution1DLayer sequences
                        ? sequences.getRnnDataFormat() == RNNFormat.NWC
                        : producer instanceof Convolution3D volumes
                                ? volumes.getDataFormat() == Convolution3D.DataFormat.NDHWC
                                : producer instanceof ConvolutionLayer images
                                        && images.getCnn2dDataFormat() == CNN2DFormat.NHWC;
        if (!last || outputs.rank() == 2) {
            return outputs;
        }
        int[] order = new int[outputs.rank()];
        Arrays.setAll(order, axis -> axis == 1 ? order.length - 1 : Math.max(0, axis - 1));
        return outputs.permute(order);
    }
}
