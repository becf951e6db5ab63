package org.dl4jplasticity.experiments.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.datasets.DatasetCatalog;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.experiments.run.Mode;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.layers.runtime.SparseRuntime;
import org.dl4jplasticity.schedule.SparsityDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrainingRunTest {
    @TempDir Path folder;

    private TrainSettings settings(Method method, String model, int epochs, Path out) {
        return new TrainSettings(
                "mnist-sample",
                null,
                model,
                method,
                Mode.AUTO,
                0.9,
                SparsityDistribution.erdosRenyiKernel(),
                Rewiring.USUAL,
                epochs,
                128,
                0.1,
                0.9,
                1e-4,
                0.1,
                3,
                out,
                0,
                false);
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void everyMethodTrainsAndReportsWhatTheModelHolds(Method method) throws IOException {
        TrainReport report = new TrainingRun(settings(method, "lenet-300-100", 2, folder)).run();

        assertThat(report.testAccuracy()).isBetween(0.6, 1.0);
        JsonNode json = new ObjectMapper().readTree(folder.resolve("report.json").toFile());
        assertThat(json.get("testAccuracy").doubleValue()).isEqualTo(report.testAccuracy());
        assertThat(json.get("totalWeights").longValue()).isEqualTo(266_200);
        assertThat(json.get("seed").longValue()).isEqualTo(3);
        assertThat(json.get("config").get("method").textValue()).isEqualTo(method.toString());
        long byLayer = 0;
        for (JsonNode layer : json.get("layers")) {
            byLayer += layer.get("activeWeights").longValue();
        }
        long active = json.get("activeWeights").longValue();
        assertThat(byLayer).isEqualTo(active);
        switch (method) {
            case DENSE -> assertThat(active).isEqualTo(266_200);
            case SET ->
                    assertThat(active).isBetween(18_934L, 18_938L); // dense output, 0.7 of the rest
            case SRIGL ->
                    assertThat(active).isBetween(26_100L, 26_620L); // an equal fan-in, rounded
            case STR -> assertThat(active).isLessThan(266_200);
            default -> assertThat(active).isEqualTo(26_620);
        }

        MultiLayerNetwork loaded =
                MultiLayerNetwork.load(new File(folder.toFile(), "model.zip"), true);
        if (method == Method.STATIC || method == Method.RIGL || method == Method.SET) {
            assertThat(loaded.numParams()).isEqualTo(active + 300 + 100 + 10);
        }
        double accuracy =
                loaded.evaluate(DatasetCatalog.load("mnist-sample", null).test().iterator(1_000))
                        .accuracy();
        assertThat(accuracy).isEqualTo(report.testAccuracy());
    }

    @Test
    void curvesHaveALineForEachEpoch() throws IOException {
        new TrainingRun(settings(Method.RIGL, "mlp:20", 3, folder)).run();

        List<String> lines = Files.readAllLines(folder.resolve("curves.csv"));
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0))
                .isEqualTo(
                        "epoch,iteration,loss,validationAccuracy,activeWeights,sparsity,"
                                + "explorationRate,trainSeconds");
        assertThat(lines.get(3)).startsWith("3,108,"); // 4,500 examples, 36 steps an epoch
        try (var files = Files.list(folder)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "report.json",
                            "curves.csv",
                            "updates.csv",
                            "journal.jsonl",
                            "initial.zip",
                            "model.zip",
                            "checkpoint.zip");
        }
    }

    @Test
    void theSameSeedGivesTheSameRun() throws IOException {
        new TrainingRun(settings(Method.RIGL, "mlp:30-20", 2, folder.resolve("a"))).run();
        new TrainingRun(settings(Method.RIGL, "mlp:30-20", 2, folder.resolve("b"))).run();

        MultiLayerNetwork a = MultiLayerNetwork.load(folder.resolve("a/model.zip").toFile(), true);
        MultiLayerNetwork b = MultiLayerNetwork.load(folder.resolve("b/model.zip").toFile(), true);
        // Bit for bit: ND4J's own equality allows for a tolerance.
        assertThat(a.params().toFloatVector()).isEqualTo(b.params().toFloatVector());
        assertThat(a.getUpdater().getStateViewArray().toFloatVector())
                .isEqualTo(b.getUpdater().getStateViewArray().toFloatVector());
        assertThat(a.getLayerWiseConfigurations().toJson())
                .isEqualTo(b.getLayerWiseConfigurations().toJson());
    }

    @Test
    void aSavedModelCanBeTrainedOn() {
        new TrainingRun(settings(Method.STATIC, "mlp:30", 1, folder.resolve("a"))).run();
        TrainReport report =
                new TrainingRun(
                                settings(
                                        Method.RIGL,
                                        folder.resolve("a/model.zip").toString(),
                                        1,
                                        folder.resolve("b")))
                        .run();
        assertThat(report.totalWeights()).isEqualTo(784 * 30 + 30 * 10);
        assertThat(report.updates()).isPositive();
    }

    @Test
    void convolutionsArePackedAsTheLayersAfterThemAre() {
        TrainSettings settings = settings(Method.RIGL, "conv-2", 1, folder);
        LabeledExamples examples = DatasetCatalog.load("mnist-sample", null).train();
        Network network =
                new Sparsification(settings)
                        .apply(ModelSpec.parse("conv-2").create(settings, examples, 10), examples);
        assertThat(network.weights())
                .extracting(Network.LayerWeights::totalWeights)
                .containsExactly(576L, 36_864L, 64L * 14 * 14 * 256, 65_536L, 2_560L);
        long all = 576 + 36_864 + 64L * 14 * 14 * 256 + 65_536 + 2_560;
        assertThat(network.activeWeights()).isEqualTo(Math.round(0.1 * all));
        MultiLayerNetwork sequence = (MultiLayerNetwork) network.model();
        assertThat(sequence.getLayer(1)).isInstanceOf(SparseRuntime.class);
        assertThat(sequence.getLayer(3)).isInstanceOf(SparseRuntime.class);
        assertThat(network.topologies()).hasSize(5);
    }
}
