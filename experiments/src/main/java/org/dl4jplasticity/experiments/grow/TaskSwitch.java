package org.dl4jplasticity.experiments.grow;

import java.util.Locale;

/** What makes the second task of two. */
enum TaskSwitch {
    /** The same images with their pixels in another order, in place of the first task's. */
    PERMUTED,
    /** The second half of the classes, beside the first half, which was the first task. */
    NEW_CLASSES;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
