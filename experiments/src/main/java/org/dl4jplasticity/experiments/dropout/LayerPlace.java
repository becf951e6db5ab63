package org.dl4jplasticity.experiments.dropout;

import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Where a layer is to stand, and in what training.
 *
 * @param settings of the run
 * @param index of the layer, 0 for the first hidden one
 * @param units how many it has
 * @param examples how many are trained on
 * @param iterations of the whole run
 */
record LayerPlace(DropoutSettings settings, int index, int units, int examples, int iterations) {

    /** {@return the probability to keep what comes in} */
    double keep() {
        return index == 0 ? settings.inputKeep() : settings.keep();
    }

    /** {@return whether anything of what comes in is dropped} */
    boolean drops() {
        return keep() < 1;
    }

    /** {@return a seed for what is drawn here, another one in each layer} */
    long seed() {
        return seed(index);
    }

    /** {@return the seed of the layer behind this one} */
    long nextSeed() {
        return seed(index + 1);
    }

    private long seed(int layer) {
        SplittableRandom seeds = new SplittableRandom(settings.seed());
        long seed = seeds.nextLong();
        for (int i = 0; i < layer; i++) {
            seed = seeds.nextLong();
        }
        return seed;
    }

    int epochs() {
        return settings.training().epochs();
    }

    /** {@return DL4J's dense layer} */
    DenseLayer.Builder dense() {
        return named(new DenseLayer.Builder());
    }

    /** {@return DL4J's output layer with softmax and cross entropy} */
    OutputLayer.Builder output() {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .name("output")
                .nOut(units)
                .activation(Activation.SOFTMAX);
    }

    /** {@return a builder of a layer with this place's name and units} */
    <B extends FeedForwardLayer.Builder<B>> B named(B builder) {
        return builder.name("hidden-" + (index + 1)).nOut(units);
    }
}
