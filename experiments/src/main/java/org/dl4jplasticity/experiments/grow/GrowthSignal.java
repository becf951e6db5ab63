package org.dl4jplasticity.experiments.grow;

import java.util.Locale;

/** What has networks grow in an experiment. */
public enum GrowthSignal {
    /** A training loss that stalls. */
    PLATEAU,
    /** The beginning of a new task. */
    NEW_DATA,
    /** Either. */
    BOTH;

    boolean heedsPlateaus() {
        return this != NEW_DATA;
    }

    boolean heedsNewData() {
        return this != PLATEAU;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
