package org.dl4jplasticity.relevance;

import org.dl4jplasticity.relevance.RelevanceLayer.Kind;

/**
 * Which layer gets which rule. One's own is a lambda:
 *
 * <pre>{@code
 * layer -> layer.first() ? RelevanceRule.flat() : RelevanceRule.epsilon(1e-6)
 * }</pre>
 *
 * <p>Those here are the ones in common use (Kohlbrenner et al. 2020, <em>Towards Best Practice in
 * Explaining Neural Network Decisions with LRP</em>; Montavon et al. 2019, sec. 10.3).
 */
@FunctionalInterface
public interface RelevanceComposite {

    /**
     * {@return the rule of a layer with weights}
     *
     * @param layer the layer
     */
    RelevanceRule ruleFor(RelevanceLayer layer);

    /**
     * {@return the rule of what has no weights to choose among: average and sum pooling, addition,
     * and batch normalization that can't be merged into a layer before it} The zero rule or one of
     * the epsilon rules; epsilon = 1e-6 unless a composite says otherwise.
     */
    default RelevanceRule ruleForSums() {
        return RelevanceRule.epsilon(1e-6);
    }

    /** {@return LRP-0 everywhere} */
    static RelevanceComposite zero() {
        return everywhere(RelevanceRule.zero());
    }

    /**
     * {@return LRP-epsilon everywhere; the one for layer scores of dense networks}
     *
     * @param epsilon in (0, infinity)
     * @throws IllegalArgumentException if it is out of range
     */
    static RelevanceComposite epsilon(double epsilon) {
        RelevanceRule rule = RelevanceRule.epsilon(epsilon);
        return everywhere(rule);
    }

    /**
     * {@return LRP-epsilon everywhere, with epsilon relative to the size of each layer's z}
     *
     * @param epsilon in (0, infinity)
     * @throws IllegalArgumentException if it is out of range
     */
    static RelevanceComposite relativeEpsilon(double epsilon) {
        RelevanceRule rule = RelevanceRule.relativeEpsilon(epsilon);
        return everywhere(rule);
    }

    /**
     * {@return EpsilonPlus: z+ for convolutions, LRP-epsilon for dense layers}
     *
     * @param epsilon in (0, infinity)
     * @throws IllegalArgumentException if it is out of range
     */
    static RelevanceComposite epsilonPlus(double epsilon) {
        RelevanceRule dense = RelevanceRule.epsilon(epsilon);
        RelevanceRule plus = RelevanceRule.zPlus();
        return of(dense, layer -> layer.kind() == Kind.CONVOLUTION ? plus : dense);
    }

    /**
     * {@return EpsilonGammaBox: zB for the first layer, gamma = 0.25 for other convolutions,
     * LRP-epsilon for other dense layers}
     *
     * @param epsilon in (0, infinity)
     * @param low the lowest value an input can have, after normalization
     * @param high the highest value
     * @throws IllegalArgumentException if a number is out of range
     */
    static RelevanceComposite epsilonGammaBox(double epsilon, double low, double high) {
        RelevanceRule dense = RelevanceRule.epsilon(epsilon);
        RelevanceRule box = RelevanceRule.zB(low, high);
        RelevanceRule gamma = RelevanceRule.gamma(0.25);
        return of(
                dense,
                layer -> {
                    if (layer.first()) {
                        return box;
                    }
                    return layer.kind() == Kind.CONVOLUTION ? gamma : dense;
                });
    }

    private static RelevanceComposite everywhere(RelevanceRule rule) {
        return of(rule, layer -> rule);
    }

    private static RelevanceComposite of(RelevanceRule sums, RelevanceComposite weighted) {
        return new RelevanceComposite() {
            @Override
            public RelevanceRule ruleFor(RelevanceLayer layer) {
                return weighted.ruleFor(layer);
            }

            @Override
            public RelevanceRule ruleForSums() {
                return sums;
            }
        };
    }
}
