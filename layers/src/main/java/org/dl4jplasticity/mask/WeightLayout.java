package org.dl4jplasticity.mask;

import java.util.Arrays;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.Deconvolution3D;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.dl4jplasticity.schedule.LayerShape;
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
        if (array.ordering() == 'f' && shape.length == 2) {
            return Optional.of(matrix(name, shape[0], shape[1] - peepholes(layer, key)));
        }
        int rows = Math.toIntExact(shape[0]);
        int rowLength = Math.toIntExact(array.length() / rows);
        return Optional.of(
                new WeightLayout(
                        kernelShape(name, layer, key, shape),
                        rowLength,
                        rows,
                        outputsFirst(layer, key)));
    }

    private static WeightLayout matrix(String name, long inputs, long outputs) {
        return new WeightLayout(
                LayerShape.dense(name, inputs, outputs),
                Math.toIntExact(inputs),
                Math.toIntExact(outputs),
                true);
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

    /** Whether the first dimension of a kernel counts output channels. */
    private static boolean outputsFirst(Layer layer, String key) {
        return layer instanceof ConvolutionLayer
                && !(layer instanceof Deconvolution2D)
                && !(layer instanceof Deconvolution3D)
                && !(layer instanceof DepthwiseConvolution2D)
                && !(layer instanceof SeparableConvolution2D && key.equals("W"));
    }

    private static LayerShape kernelShape(String name, Layer layer, String key, long[] shape) {
        if (shape.length == 2) {
            return LayerShape.dense(name, shape[0], shape[1]);
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
        return LayerShape.dense(
                name, Arrays.stream(shape).reduce(1, Math::multiplyExact) / shape[0], shape[0]);
    }

    private static LayerShape convolution(String name, long inputs, long outputs, long[] kernel) {
        return LayerShape.convolution(
                name, inputs, outputs, Arrays.stream(kernel).mapToInt(Math::toIntExact).toArray());
    }
}
