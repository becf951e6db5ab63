package org.dl4jplasticity.dropout;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.weightnoise.IWeightNoise;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * DropConnect (Wan, Zeiler, Zhang, LeCun, Fergus 2013, <em>Regularization of Neural Networks using
 * DropConnect</em>): in training each weight is kept with a probability, one draw for the
 * minibatch, and divided by it; at inference the weights are as they are, which is the mean. Biases
 * are not dropped. Of a sparse layer's weights, the active ones are dropped.
 *
 * <p>DL4J's {@code DropConnect} doesn't divide, so that inference differs from training by the
 * probability, and lets the gradient move weights that were dropped. The gradient of weight noise
 * is out of its own reach: {@link DropoutTraining} multiplies it by the same mask. The paper's own
 * inference, which averages activations rather than weights, is {@link GaussianMoments}.
 */
public final class MaskedDropConnect implements IWeightNoise, Scheduled {
    private static final long serialVersionUID = 1;

    private final ISchedule keep;
    private final long seed;
    private transient boolean attended;
    private transient Map<String, INDArray> masks;

    /**
     * Keeps weights with a probability that stays.
     *
     * @param keep the probability that a weight is kept, in [0, 1]; 0 drops all
     * @param seed of all draws; layers draw differently
     * @throws IllegalArgumentException if the probability is out of its range
     */
    public MaskedDropConnect(double keep, long seed) {
        this(new FixedSchedule(Ranges.probability(name(), keep)), seed);
    }

    /**
     * Keeps weights with a probability that changes.
     *
     * @param keep the probability that a weight is kept, in [0, 1] at all times
     * @param seed of all draws; layers draw differently
     */
    @JsonCreator
    public MaskedDropConnect(
            @JsonProperty("keep") ISchedule keep, @JsonProperty("seed") long seed) {
        this.keep = Objects.requireNonNull(keep, "keep");
        this.seed = seed;
    }

    private static String name() {
        return "MaskedDropConnect: the probability to keep a weight";
    }

    @Override
    @JsonProperty("keep")
    public ISchedule keep() {
        return keep;
    }

    /** {@return the seed of all draws} */
    @JsonProperty("seed")
    public long seed() {
        return seed;
    }

    /** From now on somebody calls {@link #mask}. */
    void attend() {
        attended = true;
    }

    @Override
    public INDArray getParameter(
            Layer layer,
            String paramKey,
            int iteration,
            int epoch,
            boolean train,
            LayerWorkspaceMgr workspaceMgr) {
        INDArray parameter = layer.getParam(paramKey);
        ParamInitializer initializer = layer.conf().getLayer().initializer();
        if (!initializer.isWeightParam(layer.conf().getLayer(), paramKey)) {
            return parameter;
        }
        if (!train) {
            prepareInference(layer, parameter, iteration, epoch);
            return parameter;
        }
        if (!attended) {
            throw new IllegalStateException(
                    Layers.name(layer)
                            + ": MaskedDropConnect masks the gradient with the help of a listener,"
                            + " add one: model.addListeners(DropoutTraining.of(model))");
        }
        double now = Ranges.probability(name(), keep, iteration, epoch);
        double[] drawn =
                FactorDropout.choose(
                        Math.toIntExact(parameter.length()),
                        now,
                        FactorDropout.inverse(now),
                        Draws.of(seed, layer.getIndex(), paramKey.hashCode(), iteration));
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            INDArray mask = Nd4j.createFromArray(drawn);
            if (parameter.rank() > 1) {
                mask = mask.reshape('c', parameter.shape());
            }
            mask = mask.castTo(parameter.dataType());
            if (masks == null) {
                masks = new HashMap<>();
            }
            masks.put(paramKey, mask);
            return parameter.dup(parameter.ordering()).muli(mask);
        }
    }

    private void prepareInference(Layer layer, INDArray weights, int iteration, int epoch) {
        if (((BaseLayer) layer.conf().getLayer()).getActivationFn() instanceof GaussianMoments) {
            double now = Ranges.probability(name(), keep, iteration, epoch);
            GaussianMoments.prepare(layer, weights, now);
        }
    }

    /**
     * Multiplies the gradients of weights by the masks of the last forward pass in training.
     *
     * @param gradients by parameter
     */
    void mask(Map<String, INDArray> gradients) {
        if (masks != null) {
            masks.forEach((key, mask) -> gradients.get(key).muli(mask));
            masks = null;
        }
    }

    @Override
    @SuppressWarnings("MissingSuperCall") // what was drawn belongs to one layer
    public MaskedDropConnect clone() {
        return new MaskedDropConnect(keep.clone(), seed);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MaskedDropConnect that
                && seed == that.seed
                && keep.equals(that.keep);
    }

    @Override
    public int hashCode() {
        return Objects.hash(seed, keep);
    }
}
