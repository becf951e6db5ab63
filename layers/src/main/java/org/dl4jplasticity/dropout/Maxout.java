package org.dl4jplasticity.dropout;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A {@link MaxoutLayer} at work. */
final class Maxout extends FullyConnected<MaxoutLayer> {
    private static final long serialVersionUID = 1;

    /** The largest sums of the last forward pass, [minibatch, nOut]; or null. */
    private transient INDArray largest;

    /** Which sums they were. */
    private transient INDArray pieces;

    Maxout(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    private void compare(boolean training, LayerWorkspaceMgr workspaceMgr) {
        INDArray sums =
                weightedSums(training, workspaceMgr)
                        .reshape(
                                'c',
                                new long[] {
                                    input.size(0), layerConf().pieces(), layerConf().getNOut()
                                });
        largest = sums.max(1);
        pieces = Nd4j.argMax(sums, 1);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaceMgr) {
        prepareInput(training, workspaceMgr);
        INDArray output = newOutput(workspaceMgr);
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            compare(training, workspaceMgr);
            output.assign(largest);
        }
        INDArray activated = layerConf().getActivationFn().getActivation(output, training);
        if (maskArray != null) {
            applyMask(activated);
        }
        return activated;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(
            INDArray epsilon, LayerWorkspaceMgr workspaceMgr) {
        prepareInput(true, workspaceMgr);
        if (maskArray != null) {
            applyMask(epsilon);
        }
        INDArray epsilonNext = newInputGradient(workspaceMgr);
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            if (largest == null) {
                compare(true, workspaceMgr);
            }
            INDArray delta =
                    layerConf()
                            .getActivationFn()
                            .backprop(largest.dup(), epsilon.castTo(dataType).dup('c'))
                            .getFirst();
            INDArray ofSums = ofSums(delta);
            Nd4j.gemm(input.castTo(dataType), ofSums, weightGradient(), true, false, 1, 0);
            if (hasBias()) {
                biasGradient().assign(ofSums.sum(0));
            }
            Nd4j.gemm(ofSums, weights(true, workspaceMgr), epsilonNext, false, true, 1, 0);
        }
        forget();
        return result(epsilonNext);
    }

    /** {@return the gradient by all sums, 0 for those that aren't the largest} */
    private INDArray ofSums(INDArray delta) {
        long units = layerConf().getNOut();
        INDArray all =
                Nd4j.createUninitialized(
                        dataType, new long[] {delta.size(0), layerConf().columns()}, 'c');
        for (int piece = 0; piece < layerConf().pieces(); piece++) {
            INDArray chosen = pieces.eq(piece).castTo(dataType).muli(delta);
            all.get(NDArrayIndex.all(), NDArrayIndex.interval(piece * units, (piece + 1) * units))
                    .assign(chosen);
        }
        return all;
    }

    private void forget() {
        largest = null;
        pieces = null;
    }

    @Override
    public void setInput(INDArray input, LayerWorkspaceMgr workspaceMgr) {
        super.setInput(input, workspaceMgr);
        forget();
    }

    @Override
    public void clear() {
        super.clear();
        forget();
    }
}
