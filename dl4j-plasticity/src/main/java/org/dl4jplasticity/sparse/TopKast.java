package org.dl4jplasticity.sparse;

import java.util.ArrayList;
import java.util.List;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.mask.WeightFilter;
import org.dl4jplasticity.schedule.LayerShape;
import org.dl4jplasticity.schedule.SparsityDistribution;
import org.dl4jplasticity.surgery.NetworkParameter;
import org.dl4jplasticity.topology.SparseTopology;

/**
 * Top-KAST (Jayakumar et al. 2020, "Top-KAST: Top-K Always Sparse Training", arXiv:2106.03517). Of
 * the latent weights of each layer the largest by magnitude are the forward set A: the network
 * computes with them and with 0 for all others. The gradient, taken there, is applied to the
 * backward set B, the next largest in addition, so that weights outside A may grow into it; all
 * others stay exactly as they are, without optimizer state, until they are among the largest of B
 * by themselves. Every so many steps both sets are chosen anew.
 *
 * <p>The forward set rides in the configuration as a mask. Equal magnitudes: the lower id. A weight
 * that enters the backward set starts with empty optimizer slots. Here the latent weights and the
 * gradient are dense arrays in memory; the paper's saving is in what is computed.
 */
public final class TopKast extends LatentWeightTraining {
    private final Builder settings;

    private TopKast(Builder settings) {
        super(settings.filter);
        this.settings = settings;
    }

    /**
     * {@return a builder with the paper's settings: the same sparsity in every layer, sets that are
     * chosen anew every 100 steps, and an L2 exploration penalty of 1e-4}
     *
     * @param forwardSparsity the share of weights the network computes without, in [0, 1)
     * @param backwardSparsity the share of weights without gradient, in [0, forward sparsity)
     * @throws IllegalArgumentException if a sparsity is out of range
     */
    public static Builder builder(double forwardSparsity, double backwardSparsity) {
        return new Builder(forwardSparsity, backwardSparsity);
    }

    /** Settings of Top-KAST. */
    public static final class Builder {
        private final double forwardSparsity;
        private final double backwardSparsity;
        private SparsityDistribution distribution = SparsityDistribution.uniform();
        private WeightFilter filter = WeightFilter.all();
        private int refreshEvery = 100;
        private ExplorationPenalty penalty = ExplorationPenalty.l2(1e-4);

        private Builder(double forwardSparsity, double backwardSparsity) {
            if (!(forwardSparsity >= 0 && forwardSparsity < 1)) {
                throw new IllegalArgumentException(
                        "forward sparsity must be in [0, 1), got " + forwardSparsity);
            }
            if (!(backwardSparsity >= 0 && backwardSparsity < forwardSparsity)) {
                throw new IllegalArgumentException(
                        "backward sparsity must be in [0, %s), below the forward sparsity, got %s"
                                .formatted(forwardSparsity, backwardSparsity));
            }
            this.forwardSparsity = forwardSparsity;
            this.backwardSparsity = backwardSparsity;
        }

        /**
         * {@return this builder with both sparsities shared out over the layers by a rule}
         *
         * @param distribution one that heeds the sparsity it is given
         * @throws IllegalArgumentException if it doesn't
         */
        public Builder by(SparsityDistribution distribution) {
            if (!distribution.usesSparsity()) {
                throw new IllegalArgumentException(
                        "Top-KAST needs a distribution of two sparsities, got %s, which heeds none"
                                .formatted(distribution));
            }
            this.distribution = distribution;
            return this;
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

        /**
         * {@return this builder with sets that are chosen anew after every so many steps} The paper
         * chooses at every step or, to no disadvantage, at every hundredth.
         *
         * @param steps at least 1
         * @throws IllegalArgumentException if there are fewer
         */
        public Builder refreshEvery(int steps) {
            if (steps < 1) {
                throw new IllegalArgumentException(
                        "the sets must be chosen anew every 1 or more steps, got " + steps);
            }
            this.refreshEvery = steps;
            return this;
        }

        /**
         * {@return this builder with an exploration penalty} It is added to the gradient before the
         * updater and before any gradient normalization.
         *
         * @param penalty on the weights of the backward set
         */
        public Builder penalty(ExplorationPenalty penalty) {
            this.penalty = penalty;
            return this;
        }

        /** {@return the listener} */
        public TopKast build() {
            Builder copy = new Builder(forwardSparsity, backwardSparsity);
            return new TopKast(
                    copy.by(distribution).only(filter).refreshEvery(refreshEvery).penalty(penalty));
        }
    }

    @Override
    List<LatentWeights> create(List<MaskableWeights> maskable, List<NetworkParameter> parameters) {
        List<LayerShape> shapes = maskable.stream().map(MaskableWeights::shape).toList();
        long[] forward = settings.distribution.activeCounts(shapes, settings.forwardSparsity);
        long[] backward = settings.distribution.activeCounts(shapes, settings.backwardSparsity);
        List<LatentWeights> weights = new ArrayList<>();
        for (int i = 0; i < forward.length; i++) {
            weights.add(
                    new TopKastWeights(
                            maskable.get(i),
                            parameters.get(i),
                            forward[i],
                            Math.max(forward[i], backward[i]),
                            settings.penalty));
        }
        return weights;
    }

    @Override
    void afterStep(int iteration) {
        if ((iteration + 1) % settings.refreshEvery == 0) {
            update(each -> ((TopKastWeights) each).refresh());
        }
    }

    /**
     * {@return the weights the network computes with}
     *
     * @param id the weights, by the name they have in a report, such as "0/W"
     */
    public SparseTopology forwardSet(String id) {
        return of(id).active();
    }

    /**
     * {@return the weights that get a gradient, the forward set among them}
     *
     * @param id the weights, by the name they have in a report, such as "0/W"
     */
    public SparseTopology backwardSet(String id) {
        return ((TopKastWeights) of(id)).backward();
    }

    @Override
    public String method() {
        return String.join(
                "; ",
                "top-kast",
                "forward sparsity " + settings.forwardSparsity,
                "backward sparsity " + settings.backwardSparsity,
                "distribution " + settings.distribution,
                "refresh every " + settings.refreshEvery,
                "penalty " + settings.penalty);
    }
}
