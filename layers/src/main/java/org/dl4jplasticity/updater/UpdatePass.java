package org.dl4jplasticity.updater;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.dl4jplasticity.kernel.KernelChoice;
import org.dl4jplasticity.layers.runtime.HeapKernels;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One pass over the flat parameters, gradients and optimizer state of a network. */
final class UpdatePass {
    private final List<UpdaterBlock> blocks;
    private final INDArray params;
    private final INDArray gradients;

    /** The optimizer state of all blocks, one after the other; null if there is none. */
    private final INDArray state;

    /** Whether the heap can be copied to and from the arrays. */
    private final boolean addressable;

    private boolean skipping;

    UpdatePass(BaseMultiLayerUpdater<?> updater) {
        blocks = updater.getUpdaterBlocks();
        params = updater.getNetwork().params();
        gradients = updater.getFlattenedGradientsView();
        state = updater.getStateViewArray();
        DataType type = params.dataType();
        addressable =
                HeapKernels.of(type) != KernelChoice.ND4J
                        && params.length() * type.width() <= Integer.MAX_VALUE;
    }

    /** The next update is none. */
    void skipNext() {
        skipping = true;
    }

    /**
     * Turns the gradient into the update, in place, and brings the optimizer state up to date.
     *
     * @param gradient what is to be applied
     * @param iteration parameter updates so far
     * @param epoch epochs so far
     * @param divisor what gradients of losses are divided by
     * @return whether it did; if not, nothing has changed, for something is asked that it doesn't
     *     know
     */
    boolean run(Gradient gradient, int iteration, int epoch, int divisor) {
        if (skipping) {
            skipping = false;
            gradient.gradient().assign(0);
            return true;
        }
        if (!addressable || !isSame(gradient.gradient(), gradients)) {
            return false;
        }
        List<UpdateStretch> stretches = new ArrayList<>();
        for (UpdaterBlock block : blocks) {
            for (UpdaterBlock.ParamState parameter : block.getLayersAndVariablesInBlock()) {
                UpdateRule rule = rule(block, parameter, iteration, epoch, divisor);
                if (rule == null) {
                    return false;
                }
                stretches.add(
                        new UpdateStretch(
                                parameter.getParamOffsetStart(),
                                parameter.getParamOffsetEnd() - parameter.getParamOffsetStart(),
                                block.getUpdaterViewOffsetStart()
                                        + parameter.getParamOffsetStart()
                                        - block.getParamOffsetStart(),
                                block.getParamOffsetEnd() - block.getParamOffsetStart(),
                                rule));
            }
        }
        if (params.dataType() == DataType.FLOAT) {
            FloatUpdate.run(params, gradients, state, stretches);
        } else {
            DoubleUpdate.run(params, gradients, state, stretches);
        }
        return true;
    }

    /**
     * DL4J wraps the flat gradient anew at every step, so that arrays can't be told by identity.
     */
    private static boolean isSame(INDArray array, INDArray flat) {
        return array.length() == flat.length()
                && array.offset() == flat.offset()
                && array.data().address() == flat.data().address();
    }

    /** {@return how a parameter is updated, or null if this class doesn't know} */
    private static UpdateRule rule(
            UpdaterBlock block,
            UpdaterBlock.ParamState parameter,
            int iteration,
            int epoch,
            int divisor) {
        Trainable layer = parameter.getLayer();
        GradientNormalization normalization = layer.getConfig().getGradientNormalization();
        if (block.isPretrainUpdaterBlock()
                || (normalization != null && normalization != GradientNormalization.None)) {
            return null;
        }
        return UpdateRule.of(
                block.getGradientUpdater().getConfig(),
                layer.getConfig().getRegularizationByParam(parameter.getParamName()),
                layer.updaterDivideByMinibatch(parameter.getParamName()) ? divisor : 1,
                iteration,
                epoch);
    }
}
