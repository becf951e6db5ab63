package org.dl4jplasticity.experiments.dropout;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Techniques for other networks than perceptrons, and where they are. */
enum OtherArchitecture {
    /** Recurrent dropout without memory loss. */
    RECURRENT("recurrent networks", "dropout.RecurrentDropoutLSTM"),
    /** Dropout of low-rank adapters. */
    LORA("networks trained before", "adapter.LowRankAdapters"),
    /** Dropout of attention weights and feed-forward units. */
    TRANSFORMER("sequences", "transformer.TransformerBlockLayer"),
    /** Dropout of the main input, so that the condition is used. */
    CONDITIONING("graphs with a condition", "dropout.ConditioningDropoutVertex"),
    /** Dropout of whole channels. */
    SPATIAL("convolutions", null);

    private final String networks;
    private final String where;

    OtherArchitecture(String networks, String where) {
        this.networks = networks;
        this.where = where == null ? "DL4J's SpatialDropout" : "org.dl4jplasticity." + where;
    }

    /** {@return what to say to who asks for it by name; empty if it is none of these} */
    static Optional<String> sentence(String name) {
        return Arrays.stream(values())
                .filter(each -> each.name().equalsIgnoreCase(name))
                .findFirst()
                .map(OtherArchitecture::sentence);
    }

    private String sentence() {
        return "--techniques: %s is for %s, not for a perceptron; it is %s"
                .formatted(name().toLowerCase(Locale.ROOT), networks, where);
    }
}
