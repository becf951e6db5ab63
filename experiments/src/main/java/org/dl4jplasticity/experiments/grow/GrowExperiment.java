package org.dl4jplasticity.experiments.grow;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The experiments on growth. */
enum GrowExperiment {
    /** One task: does a network that grows reach what one of its final size reaches? */
    START_SMALL,
    /** Two tasks, the second of which is the signal to grow. */
    NEW_DATA,
    /** Many tasks, each of them the same pixels in another order. */
    PERMUTED;

    /** {@return what it compares unless told otherwise} */
    List<GrowArm> arms() {
        return this == PERMUTED
                ? List.of(GrowArm.PLAIN, GrowArm.CONTINUAL_BACKPROP, GrowArm.REDO, GrowArm.DROPIN)
                : List.of(
                        GrowArm.STATIC_SMALL,
                        GrowArm.DROPIN,
                        GrowArm.RANDOM_LAYER,
                        GrowArm.ROUND_ROBIN,
                        GrowArm.RANDOM_INIT,
                        GrowArm.STATIC_FINAL,
                        GrowArm.EQUAL_PARAMETERS);
    }

    /** {@return what it can compare} */
    Set<GrowArm> possibleArms() {
        Set<GrowArm> possible = EnumSet.allOf(GrowArm.class);
        if (this == PERMUTED) {
            possible.remove(GrowArm.STATIC_SMALL);
        } else {
            possible.removeIf(arm -> arm == GrowArm.PLAIN || arm.keepsPlastic());
        }
        return possible;
    }

    /** {@return when networks grow unless told otherwise} */
    GrowthSignal signal() {
        return this == START_SMALL ? GrowthSignal.PLATEAU : GrowthSignal.NEW_DATA;
    }

    boolean hasOneTask() {
        return this == START_SMALL;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
