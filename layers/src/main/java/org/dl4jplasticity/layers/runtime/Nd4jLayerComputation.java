package org.dl4jplasticity.layers.runtime;

import org.dl4jplasticity.kernel.FusedActivation;
import org.dl4jplasticity.kernel.LargestEntries;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scatter.ScatterAdd;
import org.nd4j.linalg.api.ops.impl.shape.Gather;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * A layer in ND4J operations alone: the active values are scattered into a dense matrix,
 * multiplied, and the dense gradient is gathered. Slower and larger than the kernels, but right on
 * any device and for any floating-point type.
 */
final class Nd4jLayerComputation implements MatrixComputation {
    private SparseTopology topology;
    private FusedActivation activation;

    /** Ids of the active connections, [active]; made anew when the topology changes. */
    private INDArray ids;

    /** W by output unit, [nOut, nIn]. */
    private INDArray dense;

    private INDArray x;
    private INDArray y;
    private INDArray delta;
    private FusedActivation deltaBehind;
    private boolean backwardDone;

    @Override
    public void forward(
            SparseTopology topology,
            INDArray input,
            INDArray weights,
            INDArray bias,
            FusedActivation activation) {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            if (!topology.equals(this.topology)) {
                this.topology = topology;
                ids = Nd4j.createFromArray(topology.ids());
            }
            this.activation = activation;
            x = input.castTo(weights.dataType()).dup();
            INDArray zeros = Nd4j.zeros(weights.dataType(), topology.possibleCount());
            INDArray flat = Nd4j.exec(new ScatterAdd(zeros, ids, weights.dup()))[0];
            dense = flat.reshape('c', topology.nOut(), topology.nIn());
            y = x.mmul(dense.transpose());
            if (bias != null) {
                y.addiRowVector(bias);
            }
            FusedActivations.apply(activation, y);
        }
        deltaBehind = null;
        backwardDone = false;
    }

    @Override
    public void readOutput(INDArray output) {
        output.assign(y);
    }

    @Override
    public void setOutputGradient(INDArray gradient) {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            delta = gradient.castTo(y.dataType()).dup();
        }
        deltaBehind = activation;
    }

    @Override
    public double softmaxCrossEntropy(INDArray labels, double clip) {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            INDArray typed = labels.castTo(y.dataType());
            INDArray probabilities = Transforms.softmax(y, true);
            INDArray clipped = Transforms.max(Transforms.min(probabilities, 1 - clip), clip);
            delta = probabilities.sub(typed);
            deltaBehind = FusedActivation.IDENTITY;
            return -Transforms.log(clipped).mul(typed).sumNumber().doubleValue();
        }
    }

    @Override
    public void backward(INDArray weightGradient, INDArray biasGradient, INDArray inputGradient) {
        if (deltaBehind == null) {
            throw new IllegalStateException("backward before the gradient at the output is set");
        }
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            FusedActivations.derive(deltaBehind, y, delta);
            INDArray flat = denseGradient().reshape(topology.possibleCount());
            weightGradient.assign(Nd4j.exec(new Gather(flat, ids, 0))[0]);
            if (biasGradient != null) {
                biasGradient.assign(delta.sum(0));
            }
            if (inputGradient != null) {
                inputGradient.assign(delta.mmul(dense));
            }
        }
        deltaBehind = null;
        backwardDone = true;
    }

    /** [nOut, nIn], 'c' order. */
    private INDArray denseGradient() {
        return delta.transpose().mmul(x).dup('c');
    }

    @Override
    public long[] largestGradients(SparseTopology occupied, int k) {
        requireBackwardDone();
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            INDArray gradient = denseGradient();
            LargestEntries largest = LargestEntries.outside(occupied, k);
            for (int row = 0; row < occupied.nOut(); row++) {
                double[] entries = gradient.getRow(row).toDoubleVector();
                largest.offerInactive(row, column -> entries[column]);
            }
            return largest.ids();
        }
    }

    @Override
    public double[] gradientRow(int unit) {
        requireBackwardDone();
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            return x.transpose().mmul(delta.getColumn(unit, true)).toDoubleVector();
        }
    }

    private void requireBackwardDone() {
        if (!backwardDone) {
            throw new IllegalStateException(
                    "the dense gradient is known only between a backward pass and the next forward"
                            + " pass");
        }
    }
}
