package org.dl4jplasticity.layers.runtime;

import static org.dl4jplasticity.kernel.FloatSparseOperations.ensure;

import java.util.Arrays;
import org.dl4jplasticity.kernel.ConvolutionLayout;
import org.dl4jplasticity.kernel.ConvolutionTaps;
import org.dl4jplasticity.kernel.FloatConvolutionOperations;
import org.dl4jplasticity.kernel.FusedActivation;
import org.dl4jplasticity.layers.SparseConvolutionLayer;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A convolution on heap arrays: images are copied from and to ND4J once per pass, and the arrays
 * are reused from minibatch to minibatch. The largest of them are as large as the images with their
 * padding, whatever the kernel.
 */
@SuppressWarnings("cast") // needed here, redundant in the double twin
final class FloatConvolutionComputation implements LayerComputation {
    private final SparseConvolutionLayer conf;
    private final FloatConvolutionOperations operations;

    private ConvolutionLayout layout;
    private ConvolutionTaps taps;
    private FloatImages inputs;
    private FloatImages outputs;
    private FusedActivation activation;

    /** As the layout says: inputs, outputs, gradient at the outputs, gradient at the inputs. */
    private float[] x;

    private float[] y;
    private float[] delta;
    private float[] dx;

    /** By position. */
    private float[] weights;

    /** By position: the gradient until it is handed over, then the weights by input channel. */
    private float[] working;

    /** Partial sums of the gradient. */
    private float[] sums;

    /** By output channel. */
    private float[] bias;

    private float[] biasGradient;

    private boolean deltaSet;
    private boolean backwardDone;

    FloatConvolutionComputation(
            SparseConvolutionLayer conf, FloatConvolutionOperations operations) {
        this.conf = conf;
        this.operations = operations;
    }

    @Override
    public void forward(
            SparseTopology topology,
            INDArray input,
            INDArray weights,
            INDArray bias,
            FusedActivation activation) {
        this.activation = activation;
        setLayout(input, topology);
        this.weights = ensure(this.weights, topology.activeCount());
        inputs.read(input, x);
        FloatArrays.read(weights, this.weights);
        if (bias != null) {
            this.bias = ensure(this.bias, topology.nOut());
            FloatArrays.read(bias, this.bias);
        }
        operations.forward(taps, this.weights, bias == null ? null : this.bias, activation, x, y);
        deltaSet = false;
        backwardDone = false;
    }

    private void setLayout(INDArray input, SparseTopology topology) {
        ImageShapes shapes = ImageShapes.of(conf, input);
        ConvolutionLayout wanted =
                new ConvolutionLayout(
                        Math.toIntExact(conf.getNIn()),
                        Math.toIntExact(conf.getNOut()),
                        shapes.vertical(),
                        shapes.horizontal(),
                        Math.toIntExact(input.size(0)),
                        operations.lanes());
        if (!wanted.equals(layout)) {
            layout = wanted;
            taps = null;
            inputs =
                    new FloatImages(layout.inputRows(), layout.inputColumns(), layout.inputPlane());
            outputs =
                    new FloatImages(
                            layout.outputRows(), layout.outputColumns(), layout.outputPlane());
            x = zeros(x, layout.inputLength());
            y = zeros(y, layout.outputLength());
            delta = delta == null ? null : zeros(delta, layout.outputLength());
            dx = dx == null ? null : zeros(dx, layout.inputLength());
        }
        if (taps == null || !taps.topology().equals(topology)) {
            taps = new ConvolutionTaps(topology, layout);
        }
    }

    /** The old array or a new one: padding is written once and then left alone. */
    private static float[] zeros(float[] old, int length) {
        float[] array = ensure(old, length);
        Arrays.fill(array, 0);
        return array;
    }

    @Override
    public void readOutput(INDArray output) {
        outputs.write(y, output);
    }

    @Override
    public void setOutputGradient(INDArray gradient) {
        if (delta == null) {
            delta = zeros(null, layout.outputLength());
            dx = zeros(null, layout.inputLength());
        }
        outputs.read(gradient, delta);
        deltaSet = true;
    }

    @Override
    public void backward(INDArray weightGradient, INDArray biasGradient, INDArray inputGradient) {
        if (!deltaSet) {
            throw new IllegalStateException("backward before the gradient at the output is set");
        }
        int active = taps.topology().activeCount();
        working = ensure(working, active);
        this.biasGradient = ensure(this.biasGradient, layout.channelsOut());
        sums = ensure(sums, (long) active * operations.lanes());
        operations.parameterGradients(
                taps, activation, y, delta, x, sums, working, this.biasGradient);
        FloatArrays.write(working, weightGradient);
        operations.inputGradient(taps, weights, delta, working, dx);
        if (biasGradient != null) {
            FloatArrays.write(this.biasGradient, biasGradient);
        }
        inputs.write(dx, inputGradient);
        deltaSet = false;
        backwardDone = true;
    }

    @Override
    public long[] largestGradients(SparseTopology occupied, int k) {
        requireBackwardDone();
        return operations.largestGradients(occupied, layout, delta, x, k);
    }

    @Override
    public double[] gradientRow(int unit) {
        requireBackwardDone();
        float[] row = operations.gradientRow(layout, delta, x, unit);
        double[] entries = new double[row.length];
        for (int column = 0; column < row.length; column++) {
            entries[column] = row[column];
        }
        return entries;
    }

    private void requireBackwardDone() {
        if (!backwardDone) {
            throw new IllegalStateException(
                    "the dense gradient is known only between a backward pass and the next forward"
                            + " pass");
        }
    }
}
