package org.dl4jplasticity.experiments.grow;

import picocli.CommandLine.Option;

/** When networks grow and how much, and how units are recycled. */
final class GrowthOptions {
    @Option(
            names = "--trigger",
            paramLabel = "TRIGGER",
            description =
                    "What has networks grow: ${COMPLETION-CANDIDATES}; by default plateau with"
                            + " start-small, new-data with the other experiments.")
    private GrowthSignal trigger;

    @Option(
            names = "--threshold",
            paramLabel = "SHARE",
            defaultValue = "0.1",
            description =
                    "A training loss stalls that fell by less than this share from one look to the"
                            + " next.")
    private double threshold;

    @Option(
            names = "--patience",
            paramLabel = "N",
            defaultValue = "1",
            description = "Looks in a row that must find a stall.")
    private int patience;

    @Option(
            names = "--looks",
            paramLabel = "N",
            defaultValue = "8",
            description = "How often in an epoch the loss is looked at.")
    private int looks;

    @Option(
            names = "--units",
            paramLabel = "SHARE",
            defaultValue = "1",
            description = "The share of its units that a layer gets.")
    private double units;

    @Option(
            names = "--per-layer",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "The most units of a layer; 0 for 4 times those of the widest at the beginning.")
    private int perLayer;

    @Option(
            names = "--parameters",
            paramLabel = "N",
            defaultValue = "0",
            description = "The most parameters of the network; 0 for no limit.")
    private long parameters;

    @Option(
            names = "--stop-after",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Growing ends after so many growths in a row without a better validation loss; 0"
                            + " for never.")
    private int stopAfter;

    @Option(
            names = "--kappa",
            paramLabel = "K",
            defaultValue = "1",
            description =
                    "The most relevant layer grows if its relevance per unit exceeds the mean over"
                            + " layers so many times.")
    private double kappa;

    @Option(
            names = "--replacement-rate",
            paramLabel = "R",
            defaultValue = "1e-4",
            description = "Share of mature units that continual backprop replaces in each step.")
    private double replacementRate;

    @Option(
            names = "--maturity",
            paramLabel = "N",
            defaultValue = "100",
            description = "Steps that continual backprop leaves a new unit alone.")
    private int maturity;

    @Option(
            names = "--recycle-every",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Iterations between two looks of ReDo for dormant units.")
    private int recycleEvery;

    @Option(
            names = "--dormancy",
            paramLabel = "TAU",
            defaultValue = "0.025",
            description = "The highest score of a unit that ReDo takes for dormant.")
    private double dormancy;

    /**
     * {@return the settings of growth}
     *
     * @throws IllegalArgumentException if one of them is out of range
     */
    DropinSettings dropin(GrowExperiment experiment) {
        return new DropinSettings(
                trigger == null ? experiment.signal() : trigger,
                threshold,
                patience,
                looks,
                units,
                perLayer,
                parameters,
                stopAfter,
                kappa);
    }

    /**
     * {@return the settings of recycling}
     *
     * @throws IllegalArgumentException if one of them is out of range
     */
    RecyclingSettings recycling() {
        return new RecyclingSettings(replacementRate, maturity, recycleEvery, dormancy);
    }
}
