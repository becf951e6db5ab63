package org.dl4jplasticity.dropout;

import java.util.function.Function;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.nd4j.linalg.activations.Activation;

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
                        true));
    }

    @Override
    public String toString() {
        return name;
    }
}
