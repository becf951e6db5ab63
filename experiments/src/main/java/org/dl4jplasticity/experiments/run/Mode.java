package org.dl4jplasticity.experiments.run;

import java.util.Locale;

/** How the weights of sparse layers are kept. */
public enum Mode {
    /** Only active weights exist. */
    PACKED,
    /** All weights exist, and a mask lies over them. */
    MASKED,
    /** Packed where that is measured to be faster, masked elsewhere. */
    AUTO;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
