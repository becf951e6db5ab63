package org.dl4jplasticity.sparse;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.mask.WeightFilter;
import org.dl4jplasticity.surgery.NetworkParameter;

/**
 * STR (Kusupati et al. 2020, "Soft Threshold Weight Reparameterization for Learnable Sparsity",
 * arXiv:2002.03231, eq. 4-6). The network computes with sign(w) max(|w| - sigmoid(s), 0) of its
 * latent weights w; the threshold's parameter s, one for each weight parameter, is learned with
 * them by the layer's own updater. It begins far below zero, where nearly all weights are active,
 * and its weight decay drives it up, so that these two settings and the length of the training
 * decide the sparsity; how it is shared out over the layers is learned.
 *
 * <p>The loss has no gradient at inactive weights; their latent values move by regularization,
 * which the authors use for weights and thresholds alike, and come back if the threshold falls. L2
 * is the regularization of the authors' code, in which it goes through the updater. Gradient
 * clipping and normalization leave the thresholds out.
 *
 * <p>Which weights are active may change at every step. The mask in the configuration is therefore
 * laid at the end of each epoch and by {@link #finish}, and lifted at the next step, before the
 * constraint could set a weight to zero that has come back. In between the inactive weights are
 * exactly zero all the same. A listener that saves the network at the ends of epochs must come
 * after this one.
 */
public final class SoftThreshold extends LatentWeightTraining {
    private final Builder settings;

    private SoftThreshold(Builder settings) {
        super(settings.filter);
        this.settings = settings;
    }

    /**
     * {@return a builder} For 90 % on ImageNet in 100 epochs the authors let s begin at -3200 and
     * decay by 2.25e-5 at a learning rate of 0.256; shorter trainings begin nearer to zero.
     *
     * @param initial what s begins with; sigmoid(s) is the first threshold
     * @param decay coefficient of the L2 regularization of s, at least 0
     * @throws IllegalArgumentException if a number is not finite or the decay below 0
     */
    public static Builder builder(double initial, double decay) {
        return new Builder(initial, decay);
    }

    /** Settings of STR. */
    public static final class Builder {
        private final double initial;
        private final double decay;
        private WeightFilter filter = WeightFilter.all();

        private Builder(double initial, double decay) {
            if (!Double.isFinite(initial)) {
                throw new IllegalArgumentException(
                        "the threshold's parameter must begin with a finite number, got "
                                + initial);
            }
            if (!(decay >= 0 && decay < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "the decay of the threshold's parameter must be in [0, infinity), got "
                                + decay);
            }
            this.initial = initial;
            this.decay = decay;
        }

        /**
         * {@return this builder with weights chosen; all that can be masked by default}
         *
         * @param filter chooses the weights; the others are trained as usual
         */
        public Builder only(WeightFilter filter) {
            this.filter = filter;
            return this;
        }

        /** {@return the listener} */
        public SoftThreshold build() {
            return new SoftThreshold(new Builder(initial, decay).only(filter));
        }

        double initial() {
            return initial;
        }

        double thresholdDecay() {
            return decay;
        }
    }

    @Override
    List<LatentWeights> create(List<MaskableWeights> maskable, List<NetworkParameter> parameters) {
        List<LatentWeights> weights = new ArrayList<>();
        for (int i = 0; i < maskable.size(); i++) {
            weights.add(new SoftThresholdWeights(maskable.get(i), parameters.get(i), settings));
        }
        return weights;
    }

    @Override
    void afterStep(int iteration) {
        // The thresholds move with the weights.
    }

    @Override
    public void onEpochEnd(Model model) {
        prepare(model);
        update(each -> ((SoftThresholdWeights) each).settle());
    }

    /**
     * {@return the threshold, in (0, 1)}
     *
     * @param id the weights, by the name they have in a report, such as "0/W"
     */
    public double threshold(String id) {
        return learned(id).value();
    }

    /**
     * {@return the parameter s of the threshold sigmoid(s)}
     *
     * @param id the weights, by the name they have in a report, such as "0/W"
     */
    public double thresholdParameter(String id) {
        return learned(id).parameter();
    }

    private LearnedThreshold learned(String id) {
        return ((SoftThresholdWeights) of(id)).threshold();
    }

    @Override
    public String method() {
        return String.join(
                "; ",
                "str",
                "threshold parameter from " + settings.initial,
                "decay " + settings.decay);
    }
}
