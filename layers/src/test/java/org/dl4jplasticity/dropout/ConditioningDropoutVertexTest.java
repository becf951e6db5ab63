package org.dl4jplasticity.dropout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.dl4jplasticity.testing.ModelCopies;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.FixedSchedule;

/** A main input of 4 features and a condition of 3, each through a layer of its own. */
class ConditioningDropoutVertexTest {
    private static final String JOINED = "joined";

    @BeforeAll
    static void useDoubles() {
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    }

    @AfterAll
    static void useFloats() {
        Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    }

    private static GraphVertex dropping(double keep) {
        return new ConditioningDropoutVertex(new SeededKeep(keep, 5));
    }

    private static ComputationGraph graph(
            GraphVertex vertex, Layer main, Layer condition, Layer joined) {
        ComputationGraphConfiguration.GraphBuilder builder =
                new NeuralNetConfiguration.Builder()
                        .seed(3)
                        .dataType(DataType.DOUBLE)
                        .updater(new Sgd(0.1))
                        .graphBuilder()
                        .addInputs("sample", "condition")
                        .addLayer("main", main, "sample")
                        .addLayer("given", condition, "condition")
                        .addVertex(JOINED, vertex, "main", "given");
        String from = JOINED;
        if (joined != null) {
            builder.addLayer("pooled", joined, JOINED);
            from = "pooled";
        }
        ComputationGraph graph =
                new ComputationGraph(
                        builder.addLayer(
                                        "out",
                                        new OutputLayer.Builder(LossFunction.MSE)
                                                .nIn(7)
                                                .nOut(2)
                                                .activation(Activation.IDENTITY)
                                                .build(),
                                        from)
                                .setOutputs("out")
                                .build());
        graph.init();
        return graph;
    }

    private static ComputationGraph graph(GraphVertex vertex) {
        return graph(
                vertex,
                new DenseLayer.Builder().nIn(5).nOut(4).activation(Activation.TANH).build(),
                new DenseLayer.Builder().nIn(2).nOut(3).activation(Activation.TANH).build(),
                null);
    }

    private static INDArray[] inputs() {
        return new INDArray[] {Trial.numbers(1, 6, 5), Trial.numbers(2, 6, 2)};
    }

    private static MultiDataSet examples() {
        return new MultiDataSet(inputs(), new INDArray[] {Trial.numbers(3, 6, 2)});
    }

    private static INDArray joined(ComputationGraph graph, boolean training) {
        return graph.feedForward(inputs(), training).get(JOINED).dup('c');
    }

    private static double[] values(INDArray array) {
        return array.dup('c').data().asDouble();
    }

    @Test
    void elementsOfTheMainInputAreDroppedAndTheConditionStays() {
        ComputationGraph graph = graph(dropping(0.25));
        INDArray whole = joined(graph, false);
        INDArray dropped = joined(graph, true);
        int kept = 0;
        for (int i = 0; i < 6; i++) {
            for (int feature = 0; feature < 7; feature++) {
                double ratio = dropped.getDouble(i, feature) / whole.getDouble(i, feature);
                if (feature >= 4) {
                    assertThat(ratio).isEqualTo(1);
                } else {
                    assertThat(ratio).isIn(0.0, 4.0);
                    kept += ratio == 0 ? 0 : 1;
                }
            }
        }
        assertThat(kept).isBetween(1, 23);
    }

    @Test
    void inferenceIsThatOfAMergeVertex() {
        ComputationGraph graph = graph(dropping(0.5));
        assertThat(graph.outputSingle(inputs()))
                .isEqualTo(graph(new MergeVertex()).outputSingle(inputs()));
        graph.getConfiguration().setIterationCount(3);
        assertThat(graph.outputSingle(inputs()))
                .isEqualTo(graph(new MergeVertex()).outputSingle(inputs()));
    }

    @Test
    void keepingAllTrainsAsAMergeVertexDoesAndDroppingAllLeavesTheConditionAlone() {
        ComputationGraph all = graph(dropping(1));
        ComputationGraph plain = graph(new MergeVertex());
        for (int step = 0; step < 3; step++) {
            all.fit(examples());
            plain.fit(examples());
        }
        assertThat(all.params()).isEqualTo(plain.params());
        ComputationGraph none = graph(dropping(0));
        INDArray before = none.getLayer("main").params().dup();
        INDArray joined = joined(none, true);
        assertThat(values(joined.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 4))))
                .containsExactly(new double[24], within(0.0));
        none.fit(examples());
        assertThat(none.getLayer("main").params()).isEqualTo(before);
    }

    @Test
    void theMeanInTrainingIsTheValueAtInference() {
        ComputationGraph graph = graph(dropping(0.6));
        double[] expected = values(joined(graph, false));
        int samples = 300;
        double[] sums = new double[expected.length];
        for (int sample = 0; sample < samples; sample++) {
            graph.getConfiguration().setIterationCount(sample);
            double[] outputs = values(joined(graph, true));
            for (int i = 0; i < outputs.length; i++) {
                sums[i] += outputs[i];
            }
        }
        for (int i = 0; i < expected.length; i++) {
            // A factor of 0 or 1 / 0.6 has the variance 0.4 / 0.6.
            double error = Math.abs(expected[i]) * Math.sqrt(0.4 / 0.6 / samples);
            assertThat(sums[i] / samples).isCloseTo(expected[i], within(5 * error + 1e-12));
        }
    }

    @Test
    void anotherIterationDrawsDifferentlyAndTheSameOneTheSame() {
        ComputationGraph graph = graph(dropping(0.5));
        INDArray first = joined(graph, true);
        assertThat(joined(graph, true)).isEqualTo(first);
        graph.getConfiguration().setIterationCount(1);
        assertThat(joined(graph, true)).isNotEqualTo(first);
    }

    @Test
    void gradientsAreThoseOfFiniteDifferencesForFeaturesSequencesAndImages() {
        Layer tanh = new DenseLayer.Builder().nIn(5).nOut(4).activation(Activation.TANH).build();
        Layer given = new DenseLayer.Builder().nIn(2).nOut(3).activation(Activation.TANH).build();
        assertGradients(graph(dropping(0.5), tanh, given, null), inputs());
        assertGradients(
                graph(
                        dropping(0.5),
                        new LSTM.Builder().nIn(2).nOut(4).activation(Activation.TANH).build(),
                        new LSTM.Builder().nIn(2).nOut(3).activation(Activation.TANH).build(),
                        new GlobalPoolingLayer()),
                new INDArray[] {
                    Trial.numbers(1, 6, 6).reshape('c', 6, 2, 3),
                    Trial.numbers(2, 6, 6).reshape('c', 6, 2, 3)
                });
        assertGradients(
                graph(
                        dropping(0.5),
                        new ConvolutionLayer.Builder(2, 2)
                                .nIn(1)
                                .nOut(4)
                                .activation(Activation.TANH)
                                .build(),
                        new ConvolutionLayer.Builder(2, 2)
                                .nIn(1)
                                .nOut(3)
                                .activation(Activation.TANH)
                                .build(),
                        new GlobalPoolingLayer()),
                new INDArray[] {
                    Trial.numbers(1, 6, 9).reshape('c', 6, 1, 3, 3),
                    Trial.numbers(2, 6, 9).reshape('c', 6, 1, 3, 3)
                });
    }

    private static void assertGradients(ComputationGraph graph, INDArray[] inputs) {
        for (org.deeplearning4j.nn.api.Layer layer : graph.getLayers()) {
            if (layer.conf().getLayer()
                    instanceof org.deeplearning4j.nn.conf.layers.BaseLayer base) {
                base.setIUpdater(new NoOp());
            }
        }
        assertThat(
                        GradientCheckUtil.checkGradients(
                                new GradientCheckUtil.GraphConfig()
                                        .net(graph)
                                        .inputs(inputs)
                                        .labels(new INDArray[] {Trial.numbers(3, 6, 2)})
                                        .callEachIter(it -> {})))
                .isTrue();
    }

    @Test
    void copiesGoOnTheSame(@TempDir Path folder) throws IOException {
        ComputationGraph graph = graph(dropping(0.5));
        graph.fit(examples());
        List<ComputationGraph> copies = ModelCopies.of(graph, folder);
        graph.fit(examples());
        for (ComputationGraph copy : copies) {
            copy.fit(examples());
            assertThat(copy.params()).isEqualTo(graph.params());
            assertThat(copy.getConfiguration().getVertices().get(JOINED))
                    .isEqualTo(graph.getConfiguration().getVertices().get(JOINED));
        }
        assertThat(dropping(0.5))
                .isNotEqualTo(dropping(0.6))
                .isNotEqualTo(new MergeVertex())
                .hasSameHashCodeAs(dropping(0.5).clone());
    }

    @Test
    void wrongProbabilitiesSchedulesAndInputsAreRefused() {
        ComputationGraph graph =
                graph(new ConditioningDropoutVertex(new SeededKeep(new FixedSchedule(-1), 1)));
        INDArray before = graph.params().dup();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> graph.fit(examples()))
                .withMessage(
                        "Vertex joined: the probability to keep at iteration 0 of epoch 0 must be"
                                + " in [0, 1], got -1.0");
        assertThat(graph.params()).isEqualTo(before);
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                new ConditioningDropoutVertex(
                                        new SeededKeep(new ValidationKeep(0.5, 0.5), 1)))
                .withMessage(
                        "ConditioningDropoutVertex: expected a schedule of iterations or epochs,"
                                + " got a ValidationKeep, which only layers can have");
        ComputationGraphConfiguration.GraphBuilder alone =
                new NeuralNetConfiguration.Builder()
                        .graphBuilder()
                        .addInputs("sample")
                        .addVertex(JOINED, dropping(0.5), "sample")
                        .addLayer(
                                "out",
                                new OutputLayer.Builder(LossFunction.MSE)
                                        .nIn(2)
                                        .nOut(2)
                                        .activation(Activation.IDENTITY)
                                        .build(),
                                JOINED)
                        .setOutputs("out");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ComputationGraph(alone.build()).init())
                .withMessage(
                        "Vertex joined: expected the main input and at least one condition, got 1"
                                + " input");
    }
}
