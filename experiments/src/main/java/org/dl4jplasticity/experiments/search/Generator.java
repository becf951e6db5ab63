package org.dl4jplasticity.experiments.search;

import java.util.Locale;

/** Ways of proposing candidates. */
enum Generator {
    /** Each independent of the others. */
    RANDOM,
    /** Every combination of some values of each dimension, in a random order. */
    GRID,
    /** Children of the best so far. */
    GENETIC;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
