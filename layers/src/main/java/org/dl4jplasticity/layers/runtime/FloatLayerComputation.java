package org.dl4jplasticity.layers.runtime;

import static org.dl4jplasticity.kernel.FloatSparseOperations.ensure;

import org.dl4jplasticity.kernel.FloatKernels;
import org.dl4jplasticity.kernel.FloatSparseOperations;
import org.dl4jplasticity.kernel.FusedActivation;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A layer on heap arrays: activations are copied from and to ND4J once per pass, in bulk, and the
 * arrays are reused from minibatch to minibatch. A layer that {@link #follow follows} another one
 * works on that one's arrays, without any copy of its input or of the gradient there.
 */
@SuppressWarnings("cast") // needed here, redundant in the double twin
final class FloatLayerComputation implements MatrixComputation {
    private final FloatSparseOperations operations;

    private SparseTopology topology;
    private FusedActivation activation;
    private int batch;
    private int stride;

    /** Feature-major: inputs, outputs, gradient at the outputs. */
    private float[] x;

    private float[] y;
    private float[] delta;

    /** Room for inputs and the gradient there, where they are not those of the layer before. */
    private float[] ownX;

    private float[] ownDx;

    /** The computation of the layer before, whose output is this one's input; or null. */
    private FloatLayerComputation before;

    /** The input whose values were taken from the layer before, or null if they were copied. */
    private INDArray shared;

    /** The array that has exactly the values of y, or null if none is known to. */
    private INDArray written;

    /** The array that stands for delta, whose values the layer behind computed; or null. */
    private INDArray received;

    /** By position. */
    private float[] weights;

    /** By position: the gradient until it is handed over, then the weights by input. */
    private float[] working;

    /** By output unit. */
    private float[] bias;

    private float[] biasGradient;

    private float[] scratch;

    /**
     * What delta is the gradient with respect to: y of this activation, or null if it is not set.
     */
    private FusedActivation deltaBehind;

    private boolean backwardDone;

    FloatLayerComputation(FloatSparseOperations operations) {
        this.operations = operations;
    }

    @Override
    public void forward(
            SparseTopology topology,
            INDArray input,
            INDArray weights,
            INDArray bias,
            FusedActivation activation) {
        this.topology = topology;
        this.activation = activation;
        batch = Math.toIntExact(input.size(0));
        stride = operations.stride(batch);
        forget();
        y = ensure(y, FloatKernels.length(topology.nOut(), stride));
        this.weights = ensure(this.weights, topology.activeCount());
        if (before != null && before.written == input) {
            shared = input;
            x = before.y;
        } else {
            ownX = ensure(ownX, FloatKernels.length(topology.nIn(), stride));
            scratch = FloatArrays.readFeatureMajor(input, ownX, stride, scratch);
            x = ownX;
        }
        FloatArrays.read(weights, this.weights);
        if (bias != null) {
            this.bias = ensure(this.bias, topology.nOut());
            FloatArrays.read(bias, this.bias);
        }
        operations.forward(
                topology, this.weights, bias == null ? null : this.bias, activation, x, stride, y);
        deltaBehind = null;
        backwardDone = false;
    }

    @Override
    public void follow(LayerComputation before) {
        this.before = before instanceof FloatLayerComputation same ? same : null;
    }

    @Override
    public void outputIs(INDArray output) {
        written = output;
    }

    @Override
    public void inputDiffers() {
        if (before != null) {
            before.written = null;
        }
    }

    @Override
    public void forget() {
        shared = null;
        written = null;
        received = null;
    }

    @Override
    public void readOutput(INDArray output) {
        FloatArrays.writeFeatureMajor(y, stride, output);
    }

    @Override
    public void setOutputGradient(INDArray gradient) {
        if (received == null) {
            delta = ensure(delta, FloatKernels.length(topology.nOut(), stride));
            scratch = FloatArrays.readFeatureMajor(gradient, delta, stride, scratch);
        } else if (received != gradient) {
            throw new IllegalStateException(
                    "the gradient at the output is not the one of the layer behind: take the"
                            + " network's layers as they are linked, or link them anew");
        }
        received = null;
        deltaBehind = activation;
    }

    /** {@return room for the gradient at the output, which an array then stands for} */
    private float[] receive(INDArray gradient) {
        delta = ensure(delta, FloatKernels.length(topology.nOut(), stride));
        received = gradient;
        return delta;
    }

    @Override
    public double softmaxCrossEntropy(INDArray labels, double clip) {
        int classes = topology.nOut();
        delta = ensure(delta, FloatKernels.length(classes, stride));
        scratch = FloatArrays.readFeatureMajor(labels, delta, stride, scratch);
        double loss = 0;
        double[] exponentials = new double[classes];
        for (int example = 0; example < batch; example++) {
            double largest = Double.NEGATIVE_INFINITY;
            for (int c = 0; c < classes; c++) {
                largest = Math.max(largest, y[FloatKernels.start(c, stride) + example]);
            }
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                exponentials[c] = Math.exp(y[FloatKernels.start(c, stride) + example] - largest);
                sum += exponentials[c];
            }
            for (int c = 0; c < classes; c++) {
                double probability = exponentials[c] / sum;
                double label = delta[FloatKernels.start(c, stride) + example];
                if (label != 0) {
                    loss -= label * Math.log(Math.min(Math.max(probability, clip), 1 - clip));
                }
                delta[FloatKernels.start(c, stride) + example] = (float) (probability - label);
            }
        }
        deltaBehind = FusedActivation.IDENTITY;
        return loss;
    }

    @Override
    public void backward(INDArray weightGradient, INDArray biasGradient, INDArray inputGradient) {
        if (deltaBehind == null) {
            throw new IllegalStateException("backward before the gradient at the output is set");
        }
        if (shared != null && before.written != shared) {
            throw new IllegalStateException(
                    "backward after the layer before has begun another minibatch");
        }
        working = ensure(working, topology.activeCount());
        this.biasGradient = ensure(this.biasGradient, topology.nOut());
        operations.parameterGradients(
                topology, deltaBehind, y, delta, x, stride, working, this.biasGradient);
        FloatArrays.write(working, weightGradient);
        if (biasGradient != null) {
            FloatArrays.write(this.biasGradient, biasGradient);
        }
        if (inputGradient != null) {
            if (shared != null) {
                float[] dx = before.receive(inputGradient);
                operations.inputGradient(topology, weights, delta, stride, working, dx);
            } else {
                ownDx = ensure(ownDx, FloatKernels.length(topology.nIn(), stride));
                operations.inputGradient(topology, weights, delta, stride, working, ownDx);
                FloatArrays.writeFeatureMajor(ownDx, stride, inputGradient);
            }
        }
        deltaBehind = null;
        backwardDone = true;
    }

    @Override
    public long[] largestGradients(SparseTopology occupied, int k) {
        requireBackwardDone();
        return operations.largestGradients(occupied, delta, x, stride, k);
    }

    @Override
    public long[] largestSampledGradients(SparseTopology occupied, int k, long draws, long seed) {
        requireBackwardDone();
        return operations.largestSampledGradients(occupied, delta, x, stride, k, draws, seed);
    }

    @Override
    public double[] gradientRow(int unit) {
        requireBackwardDone();
        float[] row = operations.gradientRow(topology.nIn(), delta, x, stride, unit);
        double[] entries = new double[row.length];
        for (int input = 0; input < row.length; input++) {
            entries[input] = row[input];
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
