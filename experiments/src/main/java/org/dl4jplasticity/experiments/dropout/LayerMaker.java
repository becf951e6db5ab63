package org.dl4jplasticity.experiments.dropout;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.dl4jplasticity.dropout.ScaledAtInference;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * How a technique makes the layers of a perceptron.
 *
 * @param hidden makes a hidden layer
 * @param last makes the layers at the end, which put out probabilities
 */
record LayerMaker(Function<LayerPlace, Layer> hidden, Function<LayerPlace, List<Layer>> last) {

    /** {@return DL4J's own layers, unchanged} */
    static LayerMaker plain() {
        return changing((place, layer) -> {});
    }

    /** {@return DL4J's own layers with a dropout of what comes in} */
    static LayerMaker dropping(Function<LayerPlace, IDropout> dropout) {
        return changing((place, layer) -> layer.dropOut(dropout.apply(place)));
    }

    /** {@return the same with weights that are scaled at inference} */
    static LayerMaker scaledAtInference(Function<LayerPlace, IDropout> dropout) {
        return changing(
                (place, layer) ->
                        layer.dropOut(dropout.apply(place)).weightNoise(new ScaledAtInference()));
    }

    /** {@return DL4J's own layers, changed where something that comes in is dropped} */
    static LayerMaker changing(BiConsumer<LayerPlace, FeedForwardLayer.Builder<?>> change) {
        return new LayerMaker(
                place -> {
                    DenseLayer.Builder layer = place.dense();
                    if (place.drops()) {
                        change.accept(place, layer);
                    }
                    return layer.build();
                },
                place -> {
                    OutputLayer.Builder layer = place.output();
                    if (place.drops()) {
                        change.accept(place, layer);
                    }
                    return List.of(layer.build());
                });
    }

    /**
     * {@return layers of one kind up to the end, behind which softmax and loss follow}
     *
     * @param hidden makes a hidden layer
     * @param sums makes the layer whose outputs softmax takes
     */
    static LayerMaker throughout(
            Function<LayerPlace, Layer> hidden, Function<LayerPlace, Layer> sums) {
        return new LayerMaker(
                hidden,
                place ->
                        List.of(
                                sums.apply(place),
                                new LossLayer.Builder(LossFunction.MCXENT)
                                        .name("output")
                                        .activation(Activation.SOFTMAX)
                                        .build()));
    }

    /** {@return the same with other hidden layers} */
    LayerMaker withHidden(Function<LayerPlace, Layer> other) {
        return new LayerMaker(other, last);
    }

    /** {@return the same with another output layer} */
    LayerMaker withOutput(Function<LayerPlace, Layer> other) {
        return new LayerMaker(hidden, place -> List.of(other.apply(place)));
    }
}
