package org.dl4jplasticity.dropout;

import java.util.function.Function;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * A layer with a dropout of its own kind inside.
 *
 * @param name what it is called in reports
 * @param builder of the layer, with an activation function
 * @param unbiased whether the mean of what a linear layer gives in training is what it gives at
 *     inference
 */
record BuiltInDropout(
        String name, Function<Activation, FeedForwardLayer.Builder<?>> builder, boolean unbiased) {

    /** {@return all of them, with much noise} */
    static Stream<BuiltInDropout> all() {
        return Stream.of(
                new BuiltInDropout(
                        "ControlledDenseLayer",
                        activation ->
                                new ControlledDenseLayer.Builder()
                                        .dropUnits(new ControlledDropout(0.6, 5))
                                        .activation(activation),
                        true),
                variational("perLayer", VariationalNoise.perLayer(0.5)),
                variational("perInput", VariationalNoise.perInput(0.5)),
                variational("perWeight", VariationalNoise.perWeight(0.5)),
                variational("sparse", VariationalNoise.sparse(-2)),
                new BuiltInDropout(
                        "MaxoutLayer",
                        activation ->
                                new MaxoutLayer.Builder()
                                        .pieces(3)
                                        .dropOut(new ControlledDropout(0.6, 5))
                                        .activation(activation),
                        false),
                new BuiltInDropout(
                        "FastDropoutLayer, sampled",
                        activation ->
                                new FastDropoutLayer.Builder()
                                        .keep(0.6)
                                        .sampled(5)
                                        .activation(activation),
                        true));
    }

    /** So few examples that the divergence counts, and a warm-up that isn't over. */
    private static BuiltInDropout variational(String name, VariationalNoise noise) {
        return new BuiltInDropout(
                "VariationalDenseLayer, " + name,
                activation ->
                        new VariationalDenseLayer.Builder()
                                .noise(noise)
                                .trainingExamples(20)
                                .warmUp(new LinearKeep(ScheduleType.ITERATION, 0.2, 1, 10))
                                .seed(5)
                                .activation(activation),
                // Weights that are nothing but noise are 0 at inference.
                !name.equals("sparse"));
    }

    @Override
    public String toString() {
        return name;
    }
}
