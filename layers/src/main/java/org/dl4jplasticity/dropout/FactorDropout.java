package org.dl4jplasticity.dropout;

import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A dropout that multiplies a layer's input by random factors while training, and leaves it alone
 * at inference. The gradient is multiplied by the same factors.
 *
 * <p>Inputs are [minibatch, features], or with positions or steps behind the features. What is
 * drawn depends on the seed, the number of iterations done and the input's shape alone, so that the
 * same run sees the same and a copy of a network goes on as the network does. Layers that are to
 * draw differently get different seeds: one dropout that a network's builder gives to all layers
 * drops the same units of all that are equally wide.
 */
public abstract sealed class FactorDropout implements IDropout
        permits ContinuousDropout, ScheduledDropout, ExcitationDropout, LearnedDropout {
    private static final long serialVersionUID = 1;

    private final long seed;
    private transient INDArray factors;

    /** Starts with nothing drawn. */
    FactorDropout(long seed) {
        this.seed = seed;
    }

    /** {@return the seed of all draws} */
    @JsonProperty("seed")
    public final long seed() {
        return seed;
    }

    /**
     * {@return the factors of one forward pass, in 'c' order of the input}
     *
     * @param shape of the input
     * @param iteration the iterations done
     * @param epoch the epochs done
     * @param random the source of draws
     */
    abstract double[] draw(InputShape shape, int iteration, int epoch, SplittableRandom random);

    /** Is told the input before anything is done to it. */
    void forward(INDArray input) {
        // Only what learns has to know.
    }

    /** Is told the gradient at the output of what was drawn last. */
    void backward(INDArray gradient) {
        // Only what learns has to know.
    }

    @Override
    public final INDArray applyDropout(
            INDArray input,
            INDArray result,
            int iteration,
            int epoch,
            LayerWorkspaceMgr workspaceMgr) {
        InputShape shape = InputShape.of(input);
        SplittableRandom random = source(iteration, shape.features());
        double[] drawn = draw(shape, iteration, epoch, random);
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            forward(input);
            factors =
                    Nd4j.createFromArray(drawn)
                            .reshape('c', input.shape())
                            .castTo(result.dataType());
            if (input != result) {
                result.assign(input);
            }
            result.muli(factors);
        }
        return result;
    }

    /** {@return the source of the draws of a forward pass} */
    final SplittableRandom source(int iteration, int features) {
        return Draws.of(seed, iteration, features);
    }

    @Override
    public final INDArray backprop(
            INDArray gradientAtOutput, INDArray gradientAtInput, int iteration, int epoch) {
        if (factors == null) {
            throw new IllegalStateException(
                    "%s: expected a forward pass in training before the backward pass, got none"
                            .formatted(getClass().getSimpleName()));
        }
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            backward(gradientAtOutput);
            if (gradientAtOutput != gradientAtInput) {
                gradientAtInput.assign(gradientAtOutput);
            }
            gradientAtInput.muli(factors.castTo(gradientAtInput.dataType()));
        }
        factors = null;
        return gradientAtInput;
    }

    @Override
    public void clear() {
        factors = null;
    }

    /** {@return factors that are the same or another, each with its chance} */
    static double[] choose(int length, double keep, double kept, SplittableRandom random) {
        double[] factors = new double[length];
        for (int i = 0; i < length; i++) {
            factors[i] = Draws.factor(random, keep, kept);
        }
        return factors;
    }

    /** {@return what those that are kept are multiplied by, so that the mean is 1} */
    static double inverse(double keep) {
        return keep == 0 ? 0 : 1 / keep;
    }

    @Override
    public abstract FactorDropout clone();
}
