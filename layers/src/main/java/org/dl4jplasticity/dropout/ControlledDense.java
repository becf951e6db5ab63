package org.dl4jplasticity.dropout;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.dl4jplasticity.kernel.KernelChoice;
import org.dl4jplasticity.layers.runtime.HeapKernels;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A {@link ControlledDenseLayer} at work. */
final class ControlledDense extends FullyConnected<ControlledDenseLayer> {
    private static final long serialVersionUID = 1;

    private final transient ControlledProduct product;

    /** The input of the last forward pass in training, or null. */
    private transient INDArray computed;

    ControlledDense(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
        product =
                HeapKernels.of(dataType) == KernelChoice.ND4J
                        ? new MaskedProduct()
                        : new GatheredProduct(dataType);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaceMgr) {
        if (!training) {
            return super.activate(false, workspaceMgr);
        }
        INDArray output = forward(ArrayType.ACTIVATIONS, workspaceMgr);
        if (maskArray != null) {
            applyMask(output);
        }
        return output;
    }

    private INDArray forward(ArrayType type, LayerWorkspaceMgr workspaceMgr) {
        prepareInput(true, workspaceMgr);
        INDArray output =
                workspaceMgr.createUninitialized(
                        type, dataType, new long[] {input.size(0), layerConf().getNOut()}, 'c');
        INDArray w = weights(true, workspaceMgr);
        INDArray b = biases(true, workspaceMgr);
        KeptUnits inputs = kept(layerConf().droppedInputs(), layerConf().getNIn());
        KeptUnits units = kept(layerConf().dropUnits(), layerConf().getNOut());
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            requireDropped(inputs);
            product.forward(input, w, b, inputs, units, layerConf().getActivationFn(), output);
        }
        computed = input;
        return output;
    }

    private KeptUnits kept(ControlledDropout dropout, long units) {
        return dropout == null
                ? KeptUnits.all(units)
                : dropout.kept(Math.toIntExact(units), getIterationCount(), getEpochCount());
    }

    private void requireDropped(KeptUnits inputs) {
        int wrong = inputs.areAll() ? -1 : product.firstOutside(input, inputs);
        if (wrong >= 0) {
            throw new IllegalStateException(
                    "%s: input %d must be 0 where droppedInputs drops it, got another number; give the layer before a dropUnits that is equal"
                            .formatted(Layers.name(this), wrong));
        }
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(
            INDArray epsilon, LayerWorkspaceMgr workspaceMgr) {
        if (computed == null || computed != input) {
            forward(ArrayType.BP_WORKING_MEM, workspaceMgr);
        }
        if (maskArray != null) {
            applyMask(epsilon);
        }
        INDArray epsilonNext = newInputGradient(workspaceMgr);
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            product.backward(epsilon, weightGradient(), biasGradient(), epsilonNext);
        }
        computed = null; // what was kept of it is overwritten
        return result(epsilonNext);
    }

    @Override
    public void setInput(INDArray input, LayerWorkspaceMgr workspaceMgr) {
        super.setInput(input, workspaceMgr);
        computed = null;
    }

    @Override
    public void clear() {
        super.clear();
        computed = null;
    }
}
