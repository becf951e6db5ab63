package org.dl4jplasticity.experiments.search;

import java.util.OptionalDouble;

/** Proposes candidates one after the other and heeds what became of the earlier ones. */
interface Explorer {

    /** Tries a candidate; the search is told by this alone. */
    @FunctionalInterface
    interface Trial {
        /** {@return how good it is, the larger the better; nothing if it failed} */
        OptionalDouble of(Proposal proposal);
    }

    /**
     * Has candidates tried, one at a time, until there were enough, the time is over or there are
     * no others. The same space and settings propose the same candidates, as long as the same
     * becomes of them; all of them are different.
     *
     * @param space what is searched
     * @param settings of the search
     * @param trial tries a candidate
     */
    void explore(SearchSpace space, SearchSettings settings, Trial trial);

    /** {@return the proposal of the default settings, whose number is 0} */
    Proposal control(SearchSpace space);
}
