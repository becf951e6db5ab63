package org.dl4jplasticity.experiments.dropout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.datasets.DatasetCatalog;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.experiments.run.Mode;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.experiments.train.EarlierReport;
import org.dl4jplasticity.experiments.train.Method;
import org.dl4jplasticity.experiments.train.Rewiring;
import org.dl4jplasticity.experiments.train.TrainSettings;
import org.dl4jplasticity.schedule.SparsityDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Nesterovs;

class DropoutTechniqueTest {
    private static final LabeledExamples TEST =
            DatasetCatalog.load("mnist-sample", null).test().first(100);

    @TempDir Path folder;

    private static DropoutSettings settings(
            DropoutTechnique technique, double keep, double inputKeep, Path out) {
        TrainSettings training =
                new TrainSettings(
                        "mnist-sample",
                        null,
                        "mlp:20-16",
                        Method.DENSE,
                        Mode.AUTO,
                        0,
                        SparsityDistribution.uniform(),
                        Rewiring.USUAL,
                        2,
                        100,
                        0.05,
                        0.9,
                        1e-4,
                        0.05,
                        7,
                        out,
                        0,
                        false);
        return new DropoutSettings(technique, keep, inputKeep, 300, training);
    }

    private DropoutReport run(
            DropoutTechnique technique, double keep, double inputKeep, String name) {
        DropoutSettings settings = settings(technique, keep, inputKeep, folder.resolve(name));
        return new DropoutRun(
                        settings,
                        DropoutExamples.of(settings, DatasetCatalog.load("mnist-sample", null)))
                .run();
    }

    private MultiLayerNetwork model(String name) throws IOException {
        return (MultiLayerNetwork)
                Network.loadWithoutOptimizer(folder.resolve(name).resolve("model.zip")).model();
    }

    /** Two epochs of three steps; the weights move, and the same seed gives the same run. */
    @ParameterizedTest
    @EnumSource
    void everyTechniqueTrainsAndTheSameSeedGivesTheSameRun(DropoutTechnique technique)
            throws IOException {
        DropoutReport report = run(technique, 0.5, 0.8, "one");
        DropoutReport again = run(technique, 0.5, 0.8, "two");

        assertThat(report.testAccuracy()).isBetween(0.0, 1.0).isEqualTo(again.testAccuracy());
        assertThat(report.calibrationError())
                .isBetween(0.0, 1.0)
                .isEqualTo(again.calibrationError());
        assertThat(report.trainTestGap()).isEqualTo(report.trainAccuracy() - report.testAccuracy());
        MultiLayerNetwork model = model("one");
        assertThat(model.params()).isEqualTo(model("two").params());
        assertThat(model.numParams()).isEqualTo(report.parameters());
        assertThat(Files.readAllLines(folder.resolve("one/curves.csv"))).hasSize(3);
        JsonNode file = new ObjectMapper().readTree(folder.resolve("one/report.json").toFile());
        assertThat(file.get("config").get("technique").asText()).isEqualTo(technique.toString());
        assertThat(EarlierReport.read(folder.resolve("one/report.json"), DropoutReport.class))
                .usingRecursiveComparison()
                .isEqualTo(report);
        INDArray output = model.output(TEST.iterator(100).next().getFeatures());
        assertThat(output.sum(1).toDoubleVector()).hasSize(100);
        assertThat(output.sum(1).minNumber().doubleValue()).isBetween(0.999, 1.001);
        assertThat(output.sum(1).maxNumber().doubleValue()).isBetween(0.999, 1.001);
    }

    /** What drops by a probability drops nothing at 1, so that it is the recipe alone. */
    @ParameterizedTest
    @EnumSource(
            names = {
                "DROPOUT",
                "ALGORITHM_2",
                "GAUSSIAN",
                "EXCITATION",
                "CONCRETE",
                "GENERALIZED",
                "CONTROLLED",
                "CURRICULUM",
                "DYNAMIC_LINEAR",
                "DYNAMIC_EXPONENTIAL",
                "DYNAMIC_VALIDATION",
                "DROPCONNECT",
                "DROPCONNECT_MOMENTS"
            })
    void keepingAllIsTheRecipeAlone(DropoutTechnique technique) throws IOException {
        run(DropoutTechnique.NONE, 1, 1, "none");
        run(technique, 1, 1, "all kept");
        assertThat(model("all kept").params()).isEqualTo(model("none").params());
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "NONE",
                "AID",
                "DROPKAN",
                "MAXOUT",
                "SPARSE_VARIATIONAL",
                "VARIATIONAL",
                "FAST"
            },
            mode = EnumSource.Mode.EXCLUDE)
    void hasTheParametersOfTheRecipe(DropoutTechnique technique) {
        assertThat(parameters(technique)).isEqualTo(784 * 20 + 20 + 20 * 16 + 16 + 16 * 10 + 10);
    }

    /** An edge has w, s and six coefficients; layers are an eighth as wide: 784-2-2-10. */
    @Test
    void countsWhatTechniquesAdd() {
        int dense = 784 * 20 + 20 + 20 * 16 + 16 + 16 * 10 + 10;
        assertThat(parameters(DropoutTechnique.DROPKAN)).isEqualTo(8 * (784 * 2 + 2 * 2 + 2 * 10));
        assertThat(parameters(DropoutTechnique.MAXOUT))
                .isEqualTo(2 * (784 * 20 + 20 + 20 * 16 + 16) + 16 * 10 + 10);
        assertThat(parameters(DropoutTechnique.SPARSE_VARIATIONAL))
                .isEqualTo(dense + 784 * 20 + 20 * 16 + 16 * 10);
        assertThat(parameters(DropoutTechnique.VARIATIONAL)).isEqualTo(dense + 784 + 20 + 16);
        assertThat(parameters(DropoutTechnique.FAST)).isEqualTo(dense);
        assertThat(parameters(DropoutTechnique.AID)).isEqualTo(dense);
    }

    /** The settings say 0.05; half of the hidden units are kept. */
    @ParameterizedTest
    @CsvSource({
        "DROPOUT, 0.05",
        "ALGORITHM_2, 0.2",
        "GENERALIZED, 0.2",
        "CONTROLLED, 0.025",
        "CONTROLLED_DENSE, 0.025"
    })
    void learnsInStepsThatSuitIt(DropoutTechnique technique, double rate) {
        MultiLayerNetwork network =
                (MultiLayerNetwork)
                        technique.network(settings(technique, 0.5, 1, folder), TEST, 10).model();
        BaseLayer first = (BaseLayer) network.getLayer(0).conf().getLayer();
        assertThat(((Nesterovs) first.getIUpdater()).getLearningRateSchedule().valueAt(0, 0))
                .isCloseTo(rate, within(1e-15));
    }

    private long parameters(DropoutTechnique technique) {
        return technique.network(settings(technique, 0.5, 0.8, folder), TEST, 10).parameters();
    }

    @Test
    void inputsAndHiddenUnitsAreKeptByTheirOwnProbabilities() {
        MultiLayerNetwork model =
                (MultiLayerNetwork)
                        DropoutTechnique.DROPOUT
                                .network(
                                        settings(DropoutTechnique.DROPOUT, 0.5, 0.8, folder),
                                        TEST,
                                        10)
                                .model();
        DenseLayer first = (DenseLayer) model.getLayer(0).conf().getLayer();
        DenseLayer second = (DenseLayer) model.getLayer(1).conf().getLayer();
        assertThat(first.getIDropout()).isEqualTo(new Dropout(0.8));
        assertThat(second.getIDropout()).isEqualTo(new Dropout(0.5));
        assertThat(model.getOutputLayer().conf().getLayer().getIDropout())
                .isEqualTo(new Dropout(0.5));
    }

    @Test
    void namesAreThoseOfTheCommandLine() {
        assertThat(DropoutTechnique.parse(List.of("r-drop", "none", "Algorithm-2")))
                .containsExactly(
                        DropoutTechnique.NONE,
                        DropoutTechnique.ALGORITHM_2,
                        DropoutTechnique.R_DROP);
        assertThat(DropoutTechnique.parse(List.of("all"))).hasSize(25);
    }

    @ParameterizedTest
    @ValueSource(strings = {"recurrent", "lora", "transformer", "conditioning", "spatial"})
    void aTechniqueForOtherNetworksIsToldWhereItIs(String name) throws ClassNotFoundException {
        String sentence = OtherArchitecture.sentence(name).orElseThrow();
        assertThat(sentence).startsWith("--techniques: " + name + " is for ");
        String where = sentence.substring(sentence.lastIndexOf(' ') + 1);
        Class.forName(
                where.equals("SpatialDropout")
                        ? "org.deeplearning4j.nn.conf.dropout.SpatialDropout"
                        : where);
        assertThatThrownBy(() -> DropoutTechnique.parse(List.of("none", name)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(sentence);
    }

    @Test
    void everyTechniqueButNoneHasASource() {
        assertThat(Stream.of(DropoutTechnique.values()).filter(it -> it.citation().isEmpty()))
                .containsExactly(DropoutTechnique.NONE);
    }
}
