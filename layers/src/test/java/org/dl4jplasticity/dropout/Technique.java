package org.dl4jplasticity.dropout;

import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;

/**
 * A technique of this package in a hidden layer, and what the theory says of it.
 *
 * @param name what it is called in reports
 * @param into puts it into a layer
 * @param mean the mean of what the layer's input, or its weights, are multiplied by in training,
 *     over what they are multiplied by at inference
 */
record Technique(String name, Consumer<FeedForwardLayer.Builder<?>> into, double mean) {

    private static Technique dropout(Supplier<IDropout> dropout) {
        return new Technique(
                dropout.get().getClass().getSimpleName(), layer -> layer.dropOut(dropout.get()), 1);
    }

    private static Technique scaled(Supplier<IDropout> dropout) {
        return new Technique(
                dropout.get().getClass().getSimpleName(),
                layer -> layer.dropOut(dropout.get()).weightNoise(new ScaledAtInference()),
                1);
    }

    private Technique called(String other) {
        return new Technique(other, into, mean);
    }

    private Technique withMean(double other) {
        return new Technique(name, into, other);
    }

    private static Technique intervals(double keep) {
        return new Technique(
                "IntervalDropout", layer -> layer.activation(IntervalDropout.relu(keep, 5)), 1);
    }

    /** {@return those that neither drop all nor nothing; what can learn doesn't} */
    static Stream<Technique> all() {
        return all(0);
    }

    /**
     * {@return those that neither drop all nor nothing}
     *
     * @param learningRate of those that learn
     */
    static Stream<Technique> all(double learningRate) {
        return Stream.of(
                dropout(() -> ContinuousDropout.uniform(5)).called("ContinuousDropout, uniform"),
                dropout(() -> ContinuousDropout.normal(0.2, 5)).called("ContinuousDropout, normal"),
                dropout(() -> new ControlledDropout(0.6, 5)),
                scaled(() -> new UnscaledDropout(0.6, 5)),
                dropout(() -> fed(new ExcitationDropout(0.6, 5))),
                dropout(
                                () ->
                                        ConcreteDropout.builder()
                                                .rate(0.3)
                                                .learningRate(learningRate)
                                                .seed(5)
                                                .build())
                        .withMean(concreteMean(0.3, 0.1)),
                scaled(
                        () ->
                                GeneralizedDropout.builder()
                                        .keep(0.6)
                                        .learningRate(learningRate)
                                        .seed(5)
                                        .build()),
                new Technique(
                        "MaskedDropConnect",
                        layer -> layer.weightNoise(new MaskedDropConnect(0.6, 5)),
                        1),
                intervals(0.7));
    }

    /** {@return those that can keep all} */
    static Stream<Technique> keepingAll() {
        return Stream.of(
                dropout(() -> ContinuousDropout.normal(0, 5)),
                dropout(() -> new ControlledDropout(1, 5)),
                scaled(() -> new UnscaledDropout(1, 5)),
                dropout(() -> fed(new ExcitationDropout(1, 5))),
                scaled(() -> GeneralizedDropout.builder().keep(1).seed(5).build()),
                new Technique(
                        "MaskedDropConnect",
                        layer -> layer.weightNoise(new MaskedDropConnect(1, 5)),
                        1),
                new Technique(
                        "IntervalDropout",
                        layer ->
                                layer.activation(
                                        new IntervalDropout(
                                                new double[] {0}, new double[] {1, 1}, 5)),
                        1));
    }

    /** {@return those that can drop all} */
    static Stream<Technique> droppingAll() {
        return Stream.of(
                dropout(() -> new ControlledDropout(0, 5)),
                scaled(() -> new UnscaledDropout(0, 5)),
                dropout(() -> fed(new ExcitationDropout(0, 5))),
                scaled(() -> GeneralizedDropout.builder().keep(0).seed(5).build()),
                new Technique(
                        "MaskedDropConnect",
                        layer -> layer.weightNoise(new MaskedDropConnect(0, 5)),
                        1),
                new Technique(
                        "IntervalDropout",
                        layer ->
                                layer.activation(
                                        new IntervalDropout(
                                                new double[] {0}, new double[] {0, 0}, 5)),
                        1));
    }

    private static ExcitationDropout fed(ExcitationDropout dropout) {
        dropout.attend();
        return dropout;
    }

    /** The integral of (1 - z(u)) / (1 - p) over u, by midpoints. */
    private static double concreteMean(double rate, double temperature) {
        double sum = 0;
        int points = 100_000;
        for (int i = 0; i < points; i++) {
            double u = (i + 0.5) / points;
            double odds = rate / (1 - rate) * u / (1 - u);
            sum += 1 / (1 + Math.pow(odds, 1 / temperature)) / (1 - rate);
        }
        return sum / points;
    }

    @Override
    public String toString() {
        return name;
    }
}
