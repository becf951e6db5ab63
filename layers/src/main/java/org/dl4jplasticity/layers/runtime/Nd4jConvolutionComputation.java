package org.dl4jplasticity.layers.runtime;

import org.dl4jplasticity.kernel.ConvolutionAxis;
import org.dl4jplasticity.kernel.FusedActivation;
import org.dl4jplasticity.kernel.LargestEntries;
import org.dl4jplasticity.layers.SparseConvolutionLayer;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.scatter.ScatterAdd;
import org.nd4j.linalg.api.ops.impl.shape.Gather;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A convolution in ND4J operations alone: the active values are scattered into a dense kernel, and
 * its dense gradient is gathered. Slower and larger than the kernels, but right on any device and
 * for any floating-point type.
 */
final class Nd4jConvolutionComputation implements LayerComputation {
    private final SparseConvolutionLayer conf;

    private SparseTopology topology;
    private FusedActivation activation;
    private ImageShapes shapes;

    /** Ids of the active connections, [active]; made anew when the topology changes. */
    private INDArray ids;

    /** The kernel, [nOut, nIn, height, width]. */
    private INDArray dense;

    /** The input amid zeros, as much of it as outputs see and no less than there is. */
    private INDArray x;

    private long[] inputShape;
    private INDArray y;
    private INDArray delta;

    /** By output channel, [nOut, nIn * height * width]; null but after a backward pass. */
    private INDArray denseGradient;

    Nd4jConvolutionComputation(SparseConvolutionLayer conf) {
        this.conf = conf;
    }

    @Override
    public void forward(
            SparseTopology topology,
            INDArray input,
            INDArray weights,
            INDArray bias,
            FusedActivation activation) {
        shapes = ImageShapes.of(conf, input);
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            if (!topology.equals(this.topology)) {
                this.topology = topology;
                ids = Nd4j.createFromArray(topology.ids());
            }
            this.activation = activation;
            inputShape = input.shape();
            x = padded(input.castTo(weights.dataType()));
            INDArray zeros = Nd4j.zeros(weights.dataType(), topology.possibleCount());
            INDArray flat = Nd4j.exec(new ScatterAdd(zeros, ids, weights.dup()))[0];
            dense =
                    flat.reshape(
                            'c',
                            conf.getNOut(),
                            conf.getNIn(),
                            shapes.vertical().kernel(),
                            shapes.horizontal().kernel());
            y = execute("conv2d", x, dense)[0];
            if (bias != null) {
                y.addi(bias.reshape(1, conf.getNOut(), 1, 1).broadcast(y.shape()));
            }
            FusedActivations.apply(activation, y);
        }
        delta = null;
        denseGradient = null;
    }

    private INDArray padded(INDArray input) {
        ConvolutionAxis vertical = shapes.vertical();
        ConvolutionAxis horizontal = shapes.horizontal();
        INDArray result =
                Nd4j.zeros(
                        input.dataType(),
                        input.size(0),
                        input.size(1),
                        extent(vertical),
                        extent(horizontal));
        result.put(interior(), input);
        return result;
    }

    /** What the outputs see, or the input with the zeros before it where that is more. */
    private static long extent(ConvolutionAxis axis) {
        int seen = (axis.output() - 1) * axis.stride() + (axis.kernel() - 1) * axis.dilation() + 1;
        return Math.max(seen, axis.padding() + axis.input());
    }

    private INDArrayIndex[] interior() {
        return new INDArrayIndex[] {
            NDArrayIndex.all(),
            NDArrayIndex.all(),
            interval(shapes.vertical()),
            interval(shapes.horizontal())
        };
    }

    private static INDArrayIndex interval(ConvolutionAxis axis) {
        return NDArrayIndex.interval(axis.padding(), axis.padding() + axis.input());
    }

    private INDArray[] execute(String operation, INDArray... inputs) {
        ConvolutionAxis vertical = shapes.vertical();
        ConvolutionAxis horizontal = shapes.horizontal();
        return Nd4j.exec(
                DynamicCustomOp.builder(operation)
                        .addInputs(inputs)
                        .addIntegerArguments(
                                vertical.kernel(),
                                horizontal.kernel(),
                                vertical.stride(),
                                horizontal.stride(),
                                0,
                                0,
                                vertical.dilation(),
                                horizontal.dilation(),
                                0, // padding as given
                                0, // NCHW
                                1) // [nOut, nIn, height, width]
                        .build());
    }

    @Override
    public void readOutput(INDArray output) {
        output.assign(output(y));
    }

    /** Where the extent is larger than what is seen there may be outputs that aren't asked for. */
    private INDArray output(INDArray images) {
        return images.get(
                NDArrayIndex.all(),
                NDArrayIndex.all(),
                NDArrayIndex.interval(0, shapes.vertical().output()),
                NDArrayIndex.interval(0, shapes.horizontal().output()));
    }

    @Override
    public void setOutputGradient(INDArray gradient) {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            delta = Nd4j.zeros(y.dataType(), y.shape());
            output(delta).assign(gradient);
        }
    }

    @Override
    public void backward(INDArray weightGradient, INDArray biasGradient, INDArray inputGradient) {
        if (delta == null) {
            throw new IllegalStateException("backward before the gradient at the output is set");
        }
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            FusedActivations.derive(activation, y, delta);
            INDArray[] gradients = execute("conv2d_bp", x, dense, delta);
            denseGradient = gradients[1].dup('c').reshape('c', topology.nOut(), topology.nIn());
            INDArray flat = denseGradient.reshape(topology.possibleCount());
            weightGradient.assign(Nd4j.exec(new Gather(flat, ids, 0))[0]);
            if (biasGradient != null) {
                biasGradient.assign(delta.sum(0, 2, 3));
            }
            inputGradient.assign(gradients[0].get(interior()).reshape(inputShape));
        }
        delta = null;
    }

    @Override
    public long[] largestGradients(SparseTopology occupied, int k) {
        requireBackwardDone();
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            LargestEntries largest = LargestEntries.outside(occupied, k);
            for (int row = 0; row < occupied.nOut(); row++) {
                double[] entries = denseGradient.getRow(row).toDoubleVector();
                largest.offerInactive(row, column -> entries[column]);
            }
            return largest.ids();
        }
    }

    @Override
    public double[] gradientRow(int unit) {
        requireBackwardDone();
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            return denseGradient.getRow(unit).toDoubleVector();
        }
    }

    private void requireBackwardDone() {
        if (denseGradient == null) {
            throw new IllegalStateException(
                    "the dense gradient is known only between a backward pass and the next forward"
                            + " pass");
        }
    }
}
