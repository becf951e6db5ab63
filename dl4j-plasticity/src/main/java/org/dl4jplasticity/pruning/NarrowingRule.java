package org.dl4jplasticity.pruning;

/** Which units go. */
sealed interface NarrowingRule permits LeastUnits, DeadUnits, DuplicateUnits, SimilarUnits {

    /**
     * Removes them.
     *
     * @throws IllegalArgumentException if that can't be done; the run says whether anything has
     *     changed
     */
    void apply(NarrowingRun run);
}
