package org.dl4jplasticity.mask;

import java.util.Arrays;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.CapsuleLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.Deconvolution3D;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LearnedSelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.LocallyConnected1D;
import org.deeplearning4j.nn.conf.layers.LocallyConnected2D;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PrimaryCapsules;
import org.deeplearning4j.nn.conf.layers.RecurrentAttentionLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.ocnn.OCNNOutputLayer;
import org.dl4jplasticity.schedule.LayerShape;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What the entries of a weight parameter mean: its rows, and the connections it stands for. */
record WeightLayout(LayerShape shape, int rowLength, int rows, boolean rowsAreUnits) {

    /** Peepholes are not connections between two layers: one weight per unit and gate. */
    private static final int PEEPHOLES = 3;

    /** {@return the layout of a weight parameter; empty if it is no matrix or kernel} */
    static Optional<WeightLayout> of(String name, Layer layer, String key, INDArray array) {
        boolean scalesUnits =
                layer instanceof PReLULayer
                        || layer instanceof ElementWiseMultiplicationLayer
                        || key.equals("g"); // the gain of layer normalization
        if (scalesUnits || array.rank() < 2) {
            return Optional.empty();
        }
        long[] shape = array.shape();
        if (layer instanceof OCNNOutputLayer && key.equals("w")) { // of hidden units, as a row
            return Optional.of(matrix(name, shape[1], shape[0]));
        }
        if (shape.length == 2 && inputsFirst(array)) {
            return Optional.of(matrix(name, shape[0], shape[1] - peepholes(layer, key)));
        }
        if (isProjectionToHeads(layer, key)) { // heads, units of a head, inputs
            return Optional.of(matrix(name, shape[2], shape[0] * shape[1]));
        }
        int rows = Math.toIntExact(shape[0]);
        return Optional.of(
                new WeightLayout(
                        kernelShape(name, layer, key, shape),
                        Math.toIntExact(array.length() / rows),
                        rows,
                        outputsFirst(layer, key)));
    }

    /** {@return whether a topology has this many rows of this length} */
    boolean fits(SparseTopology topology) {
        return topology.nIn() == rowLength && topology.nOut() == rows;
    }

    /** A matrix whose flat form is one stretch of inputs per output unit. */
    private static WeightLayout matrix(String name, long inputs, long outputs) {
        return new WeightLayout(
                LayerShape.dense(name, inputs, outputs),
                Math.toIntExact(inputs),
                Math.toIntExact(outputs),
                true);
    }

    /** Whether inputs change fastest; with one input or one output both orders are the same. */
    private static boolean inputsFirst(INDArray matrix) {
        return matrix.ordering() == 'f' || matrix.size(0) == 1 || matrix.size(1) == 1;
    }

    @SuppressWarnings("deprecation") // Graves' LSTMs are in use still
    private static int peepholes(Layer layer, String key) {
        boolean graves =
                layer instanceof org.deeplearning4j.nn.conf.layers.GravesLSTM
                        || layer
                                instanceof
                                org.deeplearning4j.nn.conf.layers.GravesBidirectionalLSTM;
        return graves && key.startsWith("RW") ? PEEPHOLES : 0;
    }

    /** Whether a parameter projects to the queries, keys or values of attention. */
    private static boolean isProjectionToHeads(Layer layer, String key) {
        boolean attention =
                layer instanceof SelfAttentionLayer
                        || layer instanceof LearnedSelfAttentionLayer
                        || layer instanceof RecurrentAttentionLayer;
        return attention && (key.equals("Wq") || key.equals("Wk") || key.equals("Wv"));
    }

    /**
     * Whether the first dimension of a kernel counts output channels. That of a kernel of sequences
     * is said to, but DL4J computes with the same numbers as [length, inputs, outputs].
     */
    private static boolean outputsFirst(Layer layer, String key) {
        return layer instanceof ConvolutionLayer
                && !(layer instanceof Convolution1DLayer)
                && !(layer instanceof Deconvolution2D)
                && !(layer instanceof Deconvolution3D)
                && !(layer instanceof DepthwiseConvolution2D)
                && !(layer instanceof SeparableConvolution2D && key.equals("W"));
    }

    private static LayerShape kernelShape(String name, Layer layer, String key, long[] shape) {
        if (shape.length == 2) {
            return LayerShape.dense(name, shape[0], shape[1]);
        }
        if (layer instanceof Convolution1DLayer) { // outputs, inputs, length, 1
            return convolution(name, shape[1], shape[0], shape[2]);
        }
        if (outputsFirst(layer, key)) {
            return convolution(
                    name, shape[1], shape[0], Arrays.copyOfRange(shape, 2, shape.length));
        }
        if (layer instanceof Deconvolution3D) { // depth, height, width, outputs, inputs
            return convolution(name, shape[4], shape[3], Arrays.copyOf(shape, 3));
        }
        if (layer instanceof Deconvolution2D) { // inputs, outputs, height, width
            return convolution(name, shape[0], shape[1], Arrays.copyOfRange(shape, 2, 4));
        }
        if (layer instanceof DepthwiseConvolution2D) { // height, width, inputs, multiplier
            return convolution(name, 1, shape[2] * shape[3], Arrays.copyOf(shape, 2));
        }
        if (layer instanceof SeparableConvolution2D) { // multiplier, inputs, height, width
            return convolution(name, 1, shape[0] * shape[1], Arrays.copyOfRange(shape, 2, 4));
        }
        if (layer instanceof LocallyConnected1D
                || layer instanceof LocallyConnected2D
                || layer instanceof LearnedSelfAttentionLayer) { // positions, inputs, outputs
            return LayerShape.dense(name, shape[1], shape[0] * shape[2]);
        }
        if (layer instanceof PrimaryCapsules) { // height, width, inputs, outputs
            return convolution(name, shape[2], shape[3], Arrays.copyOf(shape, 2));
        }
        if (layer instanceof CapsuleLayer) { // 1, input capsules, outputs, their dimensions, 1
            return LayerShape.dense(name, shape[1] * shape[3], shape[2]);
        }
        return LayerShape.dense(
                name, Arrays.stream(shape).reduce(1, Math::multiplyExact) / shape[0], shape[0]);
    }

    private static LayerShape convolution(String name, long inputs, long outputs, long... kernel) {
        return LayerShape.convolution(
                name, inputs, outputs, Arrays.stream(kernel).mapToInt(Math::toIntExact).toArray());
    }
}
