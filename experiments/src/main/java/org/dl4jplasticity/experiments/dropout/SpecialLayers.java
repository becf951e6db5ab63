package org.dl4jplasticity.experiments.dropout;

import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.dropout.AlphaDropout;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jplasticity.dropout.ControlledDenseLayer;
import org.dl4jplasticity.dropout.ControlledDropout;
import org.dl4jplasticity.dropout.FastDropoutLayer;
import org.dl4jplasticity.dropout.GaussianMoments;
import org.dl4jplasticity.dropout.LinearKeep;
import org.dl4jplasticity.dropout.MaskedDropConnect;
import org.dl4jplasticity.dropout.MaxoutLayer;
import org.dl4jplasticity.dropout.SeededKeep;
import org.dl4jplasticity.dropout.VariationalDenseLayer;
import org.dl4jplasticity.dropout.VariationalNoise;
import org.dl4jplasticity.kan.KolmogorovArnoldLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.schedule.ScheduleType;

/** Layers of techniques that are more than a dropout put into DL4J's own layers. */
final class SpecialLayers {
    /** Draws that an activation is averaged over at inference. */
    private static final int SAMPLES = 100;

    /**
     * How many times narrower a Kolmogorov-Arnold layer is: an edge has as many numbers, w, s and
     * one for each of 3 intervals and 3 orders.
     */
    private static final int NUMBERS_OF_AN_EDGE = 8;

    /** The paper drops 0.05 to 0.1 of the units. */
    private static final double SELF_NORMALIZING_KEEP = 0.95;

    /** What the weights of a sum have for a norm at most, in the paper's network for MNIST. */
    private static final double MAXOUT_NORM = 1.9365;

    private SpecialLayers() {}

    /** {@return layers of SELU with the dropout that keeps their mean and variance} */
    static LayerMaker selfNormalizing() {
        return LayerMaker.dropping(at -> new AlphaDropout(SELF_NORMALIZING_KEEP))
                .withHidden(
                        at -> {
                            DenseLayer.Builder layer =
                                    at.dense()
                                            .activation(Activation.SELU)
                                            .weightInit(WeightInit.LECUN_NORMAL);
                            if (at.drops()) {
                                layer.dropOut(new AlphaDropout(SELF_NORMALIZING_KEEP));
                            }
                            return layer.build();
                        });
    }

    /** {@return layers that compute with the units that are kept} */
    static LayerMaker controlledDense() {
        return LayerMaker.plain()
                .withHidden(
                        at -> {
                            double keep = at.settings().keep();
                            ControlledDenseLayer.Builder layer =
                                    at.named(new ControlledDenseLayer.Builder())
                                            .dropUnits(new ControlledDropout(keep, at.nextSeed()));
                            ControlledDropout before = new ControlledDropout(at.keep(), at.seed());
                            if (at.index() > 0) {
                                layer.droppedInputs(before);
                            } else if (at.drops()) {
                                layer.dropOut(before);
                            }
                            return layer.build();
                        });
    }

    /** {@return layers whose weights are dropped} */
    static LayerMaker dropConnect() {
        return LayerMaker.changing((at, layer) -> layer.weightNoise(dropConnect(at)));
    }

    private static MaskedDropConnect dropConnect(LayerPlace at) {
        return new MaskedDropConnect(at.keep(), at.seed());
    }

    /** {@return a layer whose weights are dropped, and whose activations are averaged} */
    static Layer averaged(LayerPlace at) {
        DenseLayer.Builder layer = at.dense();
        if (at.drops()) {
            layer.weightNoise(dropConnect(at))
                    .activation(new GaussianMoments(new ActivationReLU(), SAMPLES, at.seed()));
        }
        return layer.build();
    }

    /** {@return layers of means; the sums that softmax takes are drawn, for it has no mean} */
    static LayerMaker fast() {
        return LayerMaker.throughout(
                at ->
                        at.drops()
                                ? at.named(new FastDropoutLayer.Builder()).keep(at.keep()).build()
                                : at.dense().build(),
                at ->
                        at.named(new FastDropoutLayer.Builder())
                                .keep(at.keep())
                                .sampled(at.seed())
                                .activation(Activation.IDENTITY)
                                .build());
    }

    /** {@return layers of normal weights; what keeps all of its inputs is a layer of DL4J's} */
    static LayerMaker variational() {
        return LayerMaker.throughout(
                at -> at.drops() ? perInput(at).build() : at.dense().build(),
                at ->
                        at.drops()
                                ? perInput(at).activation(Activation.IDENTITY).build()
                                : at.dense().activation(Activation.IDENTITY).build());
    }

    private static VariationalDenseLayer.Builder perInput(LayerPlace at) {
        double alpha = (1 - at.keep()) / at.keep();
        return variational(at).noise(VariationalNoise.perInput(Math.min(1, alpha)));
    }

    private static VariationalDenseLayer.Builder variational(LayerPlace at) {
        return at.named(new VariationalDenseLayer.Builder())
                .trainingExamples(at.examples())
                .seed(at.seed());
    }

    /**
     * {@return layers of normal weights, whose divergence counts fully after half of the epochs}
     */
    static LayerMaker sparseVariational() {
        return LayerMaker.throughout(
                at -> sparse(at).build(), at -> sparse(at).activation(Activation.IDENTITY).build());
    }

    private static VariationalDenseLayer.Builder sparse(LayerPlace at) {
        int warmUp = Math.max(1, at.epochs() / 2);
        return variational(at)
                .noise(VariationalNoise.sparse())
                .warmUp(new LinearKeep(ScheduleType.EPOCH, 0, 1, warmUp));
    }

    /**
     * {@return a layer of maxout units with dropout; the larger of two sums has about the squared
     * mean of one, twice a ReLU's, and so weights begin with half the variance}
     */
    static Layer maxout(LayerPlace at) {
        MaxoutLayer.Builder layer =
                at.named(new MaxoutLayer.Builder())
                        .weightInit(WeightInit.LECUN_NORMAL)
                        .constrainWeights(new MaxNormConstraint(MAXOUT_NORM, 0));
        if (at.drops()) {
            layer.dropOut(new Dropout(at.keep()));
        }
        return layer.build();
    }

    /** {@return layers of functions on edges, with tanh between them, for the grid's range} */
    static LayerMaker kolmogorovArnold() {
        return LayerMaker.throughout(
                at ->
                        edges(at)
                                .nOut(Math.max(1, at.units() / NUMBERS_OF_AN_EDGE))
                                .activation(Activation.TANH)
                                .build(),
                at -> edges(at).build());
    }

    private static KolmogorovArnoldLayer.Builder edges(LayerPlace at) {
        return at.named(new KolmogorovArnoldLayer.Builder())
                .dropping(
                        KolmogorovArnoldLayer.Drop.POST_ACTIVATIONS,
                        new SeededKeep(at.keep(), at.seed()));
    }
}
