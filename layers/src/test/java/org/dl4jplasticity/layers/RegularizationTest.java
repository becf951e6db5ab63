package org.dl4jplasticity.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.constraint.NonNegativeConstraint;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.conf.weightnoise.IWeightNoise;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Dropout, weight noise and constraints, which DL4J applies around a layer. */
class RegularizationTest {

    @Test
    void dropoutOfTheInputsTrainsAsInTheDenseTwin() {
        Twins twins = new Design().hiddenLayer(layer -> layer.dropOut(new Dropout(0.6))).twins();
        for (int step = 0; step < 5; step++) {
            DataSet minibatch = Examples.minibatch(DataType.DOUBLE, step, 16);
            Nd4j.getRandom().setSeed(100 + step);
            twins.sparse().fit(minibatch);
            Nd4j.getRandom().setSeed(100 + step);
            twins.dense().fit(minibatch);
            assertThat(twins.sparse().score()).isCloseTo(twins.dense().score(), within(1e-10));
            twins.maskDense();
            twins.assertSameParameters("after step " + step);
        }
    }

    @Test
    void dropoutChangesTrainingButNotInference() {
        MultiLayerNetwork plain = new Design().sparse();
        MultiLayerNetwork dropping =
                new Design().network(builder -> builder.dropOut(new Dropout(0.5))).sparse();
        DataSet minibatch = Examples.minibatch(DataType.DOUBLE, 1, 16);
        double[] outputs = Examples.elements(plain.output(minibatch.getFeatures()));
        for (int i = 0; i < 2; i++) {
            assertThat(Examples.elements(dropping.output(minibatch.getFeatures())))
                    .isEqualTo(outputs);
        }
        assertThat(Examples.elements(dropping.output(minibatch.getFeatures(), true)))
                .isNotEqualTo(outputs);
        plain.fit(minibatch);
        dropping.fit(minibatch);
        assertThat(Examples.elements(dropping.params()))
                .isNotEqualTo(Examples.elements(plain.params()))
                .doesNotContain(Double.NaN);
    }

    @Test
    void aNetworkWithDropoutLearns() {
        MultiLayerNetwork network =
                new Design()
                        .updater(new Sgd(0.3))
                        .network(builder -> builder.dropOut(new Dropout(0.8)))
                        .sparse();
        DataSet minibatch = Examples.minibatch(DataType.DOUBLE, 1, 16);
        double before = network.score(minibatch);
        for (int step = 0; step < 200; step++) {
            network.fit(minibatch);
        }
        assertThat(network.score(minibatch)).isLessThan(0.8 * before);
    }

    /**
     * Weights count half in training: what they do then can be told from a network of half weights.
     */
    public static final class Half implements IWeightNoise {
        private static final long serialVersionUID = 1;

        @Override
        public INDArray getParameter(
                Layer layer,
                String key,
                int iteration,
                int epoch,
                boolean train,
                LayerWorkspaceMgr workspaces) {
            INDArray parameter = layer.getParam(key);
            return train ? parameter.div(2) : parameter;
        }

        @Override
        public Half clone() {
            return new Half();
        }
    }

    @Test
    void weightNoiseIsSeenByForwardAndBackwardPassInTraining() {
        for (Activation output : new Activation[] {Activation.SOFTMAX, Activation.IDENTITY}) {
            Design design =
                    output == Activation.SOFTMAX
                            ? new Design()
                            : new Design().output(output, new LossMSE());
            MultiLayerNetwork halved = design.sparse();
            halved.params().divi(2);
            MultiLayerNetwork noisy =
                    design.network(builder -> builder.weightNoise(new Half())).sparse();
            DataSet minibatch = Examples.minibatch(DataType.DOUBLE, 1, 16);
            for (int step = 0; step < 3; step++) {
                noisy.setInput(minibatch.getFeatures());
                noisy.setLabels(minibatch.getLabels());
                noisy.computeGradientAndScore();
                halved.setInput(minibatch.getFeatures());
                halved.setLabels(minibatch.getLabels());
                halved.computeGradientAndScore();
                assertThat(noisy.score()).isCloseTo(halved.score(), within(1e-12));
                Examples.assertClose(
                        "gradient of step " + step,
                        noisy.getGradientsViewArray(),
                        halved.getGradientsViewArray(),
                        1e-12);
                // Other weights at the next step.
                noisy.params().muli(1.5);
                halved.params().muli(1.5);
            }
        }
    }

    @Test
    void weightNoiseIsNotSeenInInference() {
        MultiLayerNetwork noisy =
                new Design().network(builder -> builder.weightNoise(new Half())).sparse();
        INDArray features = Examples.numbers(DataType.DOUBLE, 1, 5, Design.N_IN);
        assertThat(Examples.elements(noisy.output(features)))
                .isEqualTo(Examples.elements(new Design().sparse().output(features)));
    }

    @Test
    void dropConnectTrains() {
        MultiLayerNetwork network =
                new Design()
                        .updater(new Sgd(0.3))
                        .network(builder -> builder.weightNoise(new DropConnect(0.8)))
                        .sparse();
        DataSet minibatch = Examples.minibatch(DataType.DOUBLE, 1, 16);
        double before = network.score(minibatch);
        for (int step = 0; step < 200; step++) {
            network.fit(minibatch);
        }
        assertThat(network.score(minibatch)).isLessThan(0.8 * before);
    }

    @Test
    void nonNegativeWeightsStayNonNegative() {
        MultiLayerNetwork network =
                new Design()
                        .network(builder -> builder.constrainWeights(new NonNegativeConstraint()))
                        .sparse();
        for (int step = 0; step < 5; step++) {
            network.fit(Examples.minibatch(DataType.DOUBLE, step, 16));
            for (String key : new String[] {"0_W", "1_W"}) {
                double[] weights = network.getParam(key).toDoubleVector();
                assertThat(Arrays.stream(weights).min().getAsDouble()).isGreaterThanOrEqualTo(0);
                assertThat(Arrays.stream(weights).max().getAsDouble()).isPositive();
            }
        }
        assertThat(network.getParam("0_b").minNumber().doubleValue()).isNegative();
    }

    /** The weights are one vector, so the norm is the layer's. */
    @Test
    void theNormOfALayersWeightsIsLimited() {
        MultiLayerNetwork network =
                new Design()
                        .network(builder -> builder.constrainWeights(new MaxNormConstraint(0.5, 0)))
                        .sparse();
        for (int step = 0; step < 3; step++) {
            network.fit(Examples.minibatch(DataType.DOUBLE, step, 16));
            for (String key : new String[] {"0_W", "1_W"}) {
                double[] weights = network.getParam(key).toDoubleVector();
                assertThat(Math.sqrt(DoubleStream.of(weights).map(w -> w * w).sum()))
                        .isBetween(0.49, 0.5 + 1e-6);
            }
        }
    }
}
