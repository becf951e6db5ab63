package org.dl4jplasticity.experiments.grow;

import java.util.Locale;
import org.dl4jplasticity.growth.LayerChoice;
import org.dl4jplasticity.growth.NewUnits;
import org.dl4jplasticity.surgery.UnitInitialization;
import org.nd4j.linalg.dataset.DataSet;

/** What is compared in an experiment on growth: ways in which a network changes, or doesn't. */
public enum GrowArm {
    /** The model as given. */
    STATIC_SMALL,
    /** Dropin: the layer of most relevance grows, by units without outgoing weights. */
    DROPIN,
    /** Dropin, but any layer grows. */
    RANDOM_LAYER,
    /** Dropin, but one layer after the other grows. */
    ROUND_ROBIN,
    /** Dropin, but new units have random weights in and out. */
    RANDOM_INIT,
    /** Dropin, but the layer grows whose new units would have the largest gradient. */
    GRADMAX_LAYER,
    /** Dropin, but the layer grows whose new units would lower the loss most. */
    TINY_LAYER,
    /** A network that has had the widths all along that dropin ends with under the same seed. */
    STATIC_FINAL,
    /** A network of layers of one width with as many parameters as dropin ends with. */
    EQUAL_PARAMETERS,
    /** The model as given, in a sequence of tasks. */
    PLAIN,
    /** Continual backprop. */
    CONTINUAL_BACKPROP,
    /** Recycling of dormant units. */
    REDO,
    /** The model as given, with activation by interval-wise dropout in place of the ReLU. */
    AID;

    /** {@return whether networks grow} */
    public boolean grows() {
        return switch (this) {
            case DROPIN, RANDOM_LAYER, ROUND_ROBIN, RANDOM_INIT, GRADMAX_LAYER, TINY_LAYER -> true;
            default -> false;
        };
    }

    /** {@return whether units start anew at constant width} */
    boolean recycles() {
        return this == CONTINUAL_BACKPROP || this == REDO;
    }

    /** {@return whether it is there to keep a network plastic at constant width} */
    boolean keepsPlastic() {
        return recycles() || this == AID;
    }

    /** {@return whether its widths are those that dropin led to} */
    boolean needsDropin() {
        return this == STATIC_FINAL || this == EQUAL_PARAMETERS;
    }

    /**
     * {@return which layer grows}
     *
     * @param examples to choose by
     * @param kappa how many times the mean relevance the chosen layer must have
     */
    public LayerChoice choice(DataSet examples, double kappa) {
        return switch (this) {
            case RANDOM_LAYER -> LayerChoice.random();
            case ROUND_ROBIN -> LayerChoice.roundRobin();
            case GRADMAX_LAYER -> LayerChoice.gradMaxGain(examples);
            case TINY_LAYER -> LayerChoice.tinyGain(examples);
            default -> LayerChoice.mostRelevant(examples, kappa);
        };
    }

    /** {@return what new units start with} */
    public UnitInitialization start() {
        return this == RANDOM_INIT ? NewUnits.random() : NewUnits.zeroOutgoing();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
