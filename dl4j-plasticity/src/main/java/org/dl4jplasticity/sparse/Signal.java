package org.dl4jplasticity.sparse;

/** What a criterion looks at beside the weights, and training must therefore keep track of. */
public enum Signal {
    /**
     * The gradient of the minibatch, active entries and, for growth, all others. Known where an
     * update takes the place of an optimizer step.
     */
    GRADIENT,
    /**
     * The gradient of the minibatch, active entries and those of a sample of others. Known where an
     * update takes the place of an optimizer step.
     */
    SAMPLED_GRADIENT,
    /**
     * The moving average of the dense gradient. It is as large as the dense weights and needs the
     * dense gradient of every step: for masked weights only.
     */
    MOMENTUM,
    /** How far training has moved each active weight away from zero since it became active. */
    MOVEMENT
}
