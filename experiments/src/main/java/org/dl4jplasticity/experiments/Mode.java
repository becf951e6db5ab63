package org.dl4jplasticity.experiments;

import java.util.Locale;

/** How the weights of sparse layers are kept. */
enum Mode {
    /** Only active weights exist. */
    PACKED,
    /** Whatever is best for a layer: packed for every layer that can be. */
    AUTO;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
