package org.dl4jplasticity.experiments.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.datasets.DatasetCatalog;
import org.dl4jplasticity.experiments.Plasticity;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import picocli.CommandLine;

class PruneCommandTest {
    @TempDir private static Path models;

    private static Path dense;
    private static Path graph;
    private static Path convolutional;

    @TempDir Path folder;

    private final StringWriter errors = new StringWriter();

    @BeforeAll
    static void trainsModels() {
        dense = PruneModels.trained(PruneModels.dense(), models.resolve("dense.zip"));
        graph = PruneModels.trained(PruneModels.graph(), models.resolve("graph.zip"));
        convolutional =
                PruneModels.trained(PruneModels.convolutional(), models.resolve("conv.zip"));
    }

    private Path out() {
        return folder.resolve("out");
    }

    private int prune(Path model, String... options) {
        return prune(model, out(), options);
    }

    private int prune(Path model, Path out, String... options) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "prune",
                                model.toString(),
                                "--out=" + out,
                                "--epochs=0",
                                "--examples=40"));
        arguments.addAll(Arrays.asList(options));
        CommandLine commandLine = Plasticity.commandLine();
        commandLine.setErr(new PrintWriter(errors, true));
        // A later option replaces an earlier one.
        commandLine.setOverwrittenOptionsAllowed(true);
        return commandLine.execute(arguments.toArray(new String[0]));
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }

    private JsonNode report() throws IOException {
        return json(out().resolve("report.json"));
    }

    private Network pruned() throws IOException {
        return Network.load(out().resolve("model.zip"));
    }

    private static INDArray output(Network network) {
        return network.output(
                DatasetCatalog.load("mnist-sample", null).test().iterator(50).next().getFeatures());
    }

    /** Of 15,880 weights; blocks hold 8 each, of which 993 hold at least half of them. */
    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    weights,    0.9, 1588
                    kernels,    0.9, 1588
                    blocks:4x2, 0.5, 7944
                    2:4,        ,    7940
                    """)
    void connectionsGoToTheCount(String granularity, String target, int active) throws IOException {
        List<String> options = new ArrayList<>(List.of("--granularity=" + granularity));
        if (target != null) {
            options.add("--target=" + target);
        }
        assertThat(prune(dense, options.toArray(new String[0]))).isZero();
        JsonNode report = report();
        assertThat(report.get("activeWeights").intValue()).isEqualTo(active);
        assertThat(report.get("totalWeights").intValue()).isEqualTo(15_880);
        assertThat(report.at("/after/flops").doubleValue()).isEqualTo(2 * active);
        assertThat(report.at("/before/flops").doubleValue()).isEqualTo(2 * 15_880);
        assertThat(report.at("/before/parameters").intValue()).isEqualTo(15_910);
        assertThat(report.at("/after/parameters").intValue()).isEqualTo(active + 30);
        assertThat(report.get("packedLayers")).hasSize(2);
        assertThat(pruned().parameters()).isEqualTo(active + 30);
        assertThat(out().resolve("journal.jsonl")).doesNotExist();
    }

    @Test
    void everyLayerGivesTheSameShareIfAskedTo() throws IOException {
        assertThat(prune(dense, "--each-layer", "--target=0.75", "--form=masked")).isZero();
        assertThat(pruned().topologies().values())
                .extracting(SparseTopology::activeCount)
                .containsExactly(3_920, 50);
    }

    /** Of 784-20-20-20-10 the two layers of 20 by 20 weights can go; one of them does nothing. */
    @Test
    void layersGoThatDoNothing() throws IOException {
        Path deep =
                PruneModels.trained(
                        PruneModels.deep(), models.resolve("deep.zip"), PruneModels::makeIdentity);
        assertThat(prune(deep, "--granularity=layers", "--form=masked")).isZero();
        JsonNode report = report();
        assertThat(report.get("totalWeights").intValue()).isEqualTo(15_880 + 800);
        assertThat(report.get("activeWeights").intValue()).isEqualTo(15_880 + 400);
        assertThat(report.get("layers"))
                .extracting(layer -> layer.get("name").textValue())
                .containsExactly("hidden", "second", "output");
        assertThat(report.get("testAccuracy")).isEqualTo(report.get("accuracyBefore"));
        assertThat(output(pruned()).distance2(output(Network.load(deep)))).isLessThan(1e-5);
    }

    @Test
    void aShorterNetworkIsRetrained() throws IOException {
        Path deep = PruneModels.trained(PruneModels.deep(), models.resolve("deep.zip"));
        assertThat(prune(deep, "--granularity=layers", "--target=0.75", "--rounds=2", "--epochs=1"))
                .isZero();
        // Of two round(0.5 * 2) goes, then of the one left round(0.5 * 1).
        assertThat(report().get("activeWeights").intValue()).isEqualTo(15_880);
        assertThat(report().get("rounds"))
                .extracting(round -> round.get("activeWeights").intValue())
                .containsExactly(15_880 + 400, 15_880);
        assertThat(report().get("testAccuracy").doubleValue()).isGreaterThan(0.7);
    }

    @Test
    void aModelWithoutALayerThatCanGoIsRefused() {
        assertThat(prune(dense, "--granularity=layers")).isEqualTo(2);
        assertThat(errors.toString()).contains("has no layer that can go");
        assertThat(out()).doesNotExist();
    }

    @Test
    void wholeKernelsStayOrGo() throws IOException {
        assertThat(
                        prune(
                                convolutional,
                                "--granularity=kernels",
                                "--target=0.5",
                                "--only=conv-*",
                                "--form=masked"))
                .isZero();
        SparseTopology second = pruned().topologies().get("3/W");
        for (int kernel = 0; kernel < 24; kernel++) {
            for (int position = 1; position < 9; position++) {
                assertThat(second.contains(9L * kernel + position))
                        .isEqualTo(second.contains(9L * kernel));
            }
        }
        int left = pruned().topologies().get("0/W").activeCount() + second.activeCount();
        assertThat(left).isBetween(140, 155); // of 280; the last kernel has 9 or 16
        assertThat(pruned().topologies()).hasSize(2);
    }

    /**
     * Before, 2 (64 * 49 + 216 * 25 + 1,200 + 80) operations; with two and three channels 2 (32 *
     * 49 + 54 * 25 + 600 + 80). Parameters: 34 + 8, 57 + 12, 608, 90.
     */
    @Test
    void halfOfTheChannelsGo() throws IOException {
        assertThat(prune(convolutional, "--granularity=units", "--only=conv-1,conv-2")).isZero();
        JsonNode report = report();
        assertThat(report.at("/before/flops").doubleValue()).isEqualTo(19_632);
        assertThat(report.at("/after/flops").doubleValue()).isEqualTo(7_196);
        assertThat(report.at("/after/parameters").intValue()).isEqualTo(809);
        assertThat(report.get("activeWeights").intValue()).isEqualTo(32 + 54 + 600 + 80);
        assertThat(report.get("totalWeights").intValue()).isEqualTo(1_560);
        assertThat(report.get("widths"))
                .isEqualTo(new ObjectMapper().readTree("{\"0\":2,\"3\":3,\"6\":8}"));
        assertThat(report.at("/config/criterion").asText()).isEqualTo("norm");
        assertThat(Files.readAllLines(out().resolve("journal.jsonl"))).hasSize(2);
        assertThat(Plasticity.commandLine().execute("replay", out().toString())).isZero();
    }

    @Test
    void theReportSaysWhatIsInTheFolder() throws IOException {
        assertThat(prune(dense, "--epochs=1", "--form=masked")).isZero();
        JsonNode report = report();
        double accuracy =
                pruned().accuracy(DatasetCatalog.load("mnist-sample", null).test().iterator(100));
        assertThat(report.get("testAccuracy").doubleValue()).isEqualTo(accuracy);
        assertThat(report.at("/rounds/0/accuracyRetrained").doubleValue()).isEqualTo(accuracy);
        assertThat(report.at("/rounds/0/accuracyPruned"))
                .isEqualTo(report.get("accuracyPruned"))
                .isNotEqualTo(report.get("testAccuracy"));
        assertThat(report.get("accuracyBefore").doubleValue())
                .isEqualTo(
                        Network.load(dense)
                                .accuracy(
                                        DatasetCatalog.load("mnist-sample", null)
                                                .test()
                                                .iterator(100)));
        assertThat(report.at("/before/fileBytes").longValue()).isEqualTo(Files.size(dense));
        assertThat(report.at("/after/fileBytes").longValue())
                .isEqualTo(Files.size(out().resolve("model.zip")));
        assertThat(report.get("inference"))
                .extracting(it -> it.get("batch").intValue())
                .containsExactly(1, 256);
        for (JsonNode times : report.get("inference")) {
            assertThat(times.get("timesAsFast").doubleValue())
                    .isCloseTo(
                            times.get("medianMsBefore").doubleValue()
                                    / times.get("medianMsAfter").doubleValue(),
                            within(1e-9));
        }
        assertThat(report.get("seed").longValue()).isEqualTo(1);
        assertThat(report.get("stepsPerSecond").doubleValue()).isPositive();
        assertThat(Files.readAllLines(out().resolve("curves.csv"))).hasSize(2);
        MultiLayerNetwork network = (MultiLayerNetwork) pruned().model();
        assertThat(
                        ((BaseLayer) network.getLayer(0).conf().getLayer())
                                .getIUpdater()
                                .getLearningRate(0, 0))
                .isCloseTo(0.1 * PruneModels.LEARNING_RATE, within(1e-12));
    }

    @Test
    void masksHoldWhileTheRestIsRetrained() throws IOException {
        assertThat(prune(dense, "--epochs=1", "--form=masked")).isZero();
        assertThat(zeros()).isEqualTo(15_880 - 1_588);
        assertThat(report().get("testAccuracy").doubleValue())
                .isGreaterThan(report().get("accuracyPruned").doubleValue());
    }

    private long zeros() throws IOException {
        long zeros = 0;
        for (MaskableWeights weights : MaskableWeights.of(pruned().model())) {
            INDArray array = weights.array();
            zeros += array.eq(0).castTo(array.dataType()).sumNumber().longValue();
        }
        return zeros;
    }

    @ParameterizedTest
    @CsvSource({"iterative, 0.75, 7940, 3970", "cubic, 0.8, 4764, 3176"})
    void roundsLeadToTheTarget(String schedule, String target, int first, int second)
            throws IOException {
        assertThat(
                        prune(
                                dense,
                                "--schedule=" + schedule,
                                "--rounds=2",
                                "--target=" + target,
                                "--epochs=1",
                                "--batch=500",
                                "--form=masked"))
                .isZero();
        assertThat(report().get("rounds"))
                .extracting(round -> round.get("activeWeights").intValue())
                .containsExactly(first, second);
        assertThat(zeros()).isEqualTo(15_880 - second);
        assertThat(Files.readAllLines(out().resolve("curves.csv"))).hasSize(3);
    }

    @Test
    void plainModelsLoadWithoutThisLibraryAndPutOutTheSame() throws IOException {
        assertThat(prune(dense, "--form=masked")).isZero();
        INDArray masked = output(pruned());
        assertThat(prune(dense, "--form=plain")).isZero();
        try (ZipFile zip = new ZipFile(out().resolve("model.zip").toFile())) {
            assertThat(
                            new String(
                                    zip.getInputStream(zip.getEntry("configuration.json"))
                                            .readAllBytes(),
                                    StandardCharsets.UTF_8))
                    .doesNotContain("dl4jplasticity");
        }
        assertThat(output(pruned()).toFloatMatrix()).isDeepEqualTo(masked.toFloatMatrix());
        assertThat(report().get("activeWeights").intValue()).isEqualTo(1_588);
        assertThat(report().at("/after/parameters").intValue()).isEqualTo(15_910);
        assertThat(prune(dense, "--form=packed")).isZero();
        assertThat(output(pruned()).sub(masked).amaxNumber().doubleValue()).isLessThan(1e-5);
    }

    @Test
    void graphsArePackedToo() throws IOException {
        assertThat(prune(graph)).isZero();
        assertThat(report().get("activeWeights").intValue()).isEqualTo(1_588);
        assertThat(report().at("/after/flops").doubleValue()).isEqualTo(3_176);
        assertThat(report().get("packedLayers"))
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrder("hidden", "out");
        assertThat(prune(graph, "--granularity=units", "--criterion=taylor")).isZero();
        assertThat(report().get("activeWeights").intValue()).isEqualTo(7_940);
    }

    @Test
    void whatWasPackedIsPrunedFurther() throws IOException {
        assertThat(prune(dense, "--target=0.5")).isZero();
        Path packed = out().resolve("model.zip");
        assertThat(prune(packed, folder.resolve("again"))).isZero();
        JsonNode report = json(folder.resolve("again/report.json"));
        assertThat(report.at("/before/activeWeights").intValue()).isEqualTo(7_940);
        assertThat(report.at("/before/flops").doubleValue()).isEqualTo(2 * 7_940);
        assertThat(report.at("/after/activeWeights").intValue()).isEqualTo(1_588);
    }

    @Test
    void everyCriterionOfConnectionsRuns() throws IOException {
        assertThat(prune(dense, "--criterion=all", "--target=0.5")).isZero();
        assertThat(criteria())
                .containsExactly(
                        "magnitude",
                        "lamp",
                        "random",
                        "gradient",
                        "taylor",
                        "magnitude-times-firing",
                        "snip",
                        "grasp",
                        "synflow",
                        "relevance");
        for (JsonNode row : report().get("rows")) {
            assertThat(row.at("/runs/0/activeWeights").intValue()).isEqualTo(7_940);
        }
    }

    private List<String> criteria() throws IOException {
        List<String> names = new ArrayList<>();
        report().get("rows").forEach(row -> names.add(row.get("criterion").asText()));
        return names;
    }

    @Test
    void everyCriterionOfUnitsRuns() throws IOException {
        assertThat(prune(convolutional, "--granularity=units", "--criterion=all", "--only=conv*"))
                .isZero();
        assertThat(criteria())
                .containsExactly(
                        "random",
                        "gradient",
                        "taylor",
                        "relevance",
                        "norm",
                        "activation",
                        "firing",
                        "nisp",
                        "scale");
        for (JsonNode row : report().get("rows")) {
            assertThat(row.at("/runs/0/after/parameters").intValue()).isEqualTo(809);
        }
        // A heading, its rule, the model as given and nine criteria.
        assertThat(Files.readAllLines(out().resolve("table.md"))).hasSize(12);
    }

    @Test
    void deadAndDuplicateUnitsGoWithoutATarget() throws IOException {
        MultiLayerNetwork network = (MultiLayerNetwork) Network.load(dense).model();
        INDArray weights = network.getParam("0_W");
        weights.getColumn(3).assign(0);
        weights.getColumn(5).assign(weights.getColumn(4));
        INDArray biases = network.getParam("0_b");
        biases.putScalar(5, biases.getDouble(4));
        Path file = folder.resolve("idle.zip");
        new Network(network).save(file);
        assertThat(prune(file, "--granularity=units", "--criterion=duplicates")).isZero();
        assertThat(report().at("/widths/0").intValue()).isEqualTo(19);
        assertThat(report().at("/config/target").isNull()).isTrue();
        assertThat(prune(file, "--granularity=units", "--criterion=dead")).isZero();
        assertThat(report().at("/widths/0").intValue()).isLessThanOrEqualTo(19);
        assertThat(report().get("testAccuracy")).isEqualTo(report().get("accuracyBefore"));
        assertThat(prune(file, "--granularity=units", "--criterion=dead", "--target=0.5"))
                .isEqualTo(2);
        assertThat(errors.toString()).contains("--target: dead takes the units that it finds");
    }

    @Test
    void aCriterionThatCantRateTheModelLeavesTheOthersAlone() throws IOException {
        assertThat(
                        prune(
                                convolutional,
                                "--granularity=units",
                                "--criterion=norm,scale",
                                "--seeds=2"))
                .isEqualTo(2);
        assertThat(errors.toString())
                .contains("plasticity: scale with seed 1: Layer 6: expected batch normalization")
                .doesNotContain("\tat ");
        assertThat(Files.readString(out().resolve("table.md")))
                .contains("| norm | ")
                .contains("| scale | failed | failed |");
        assertThat(out().resolve("norm_seed2/model.zip")).isRegularFile();
        assertThat(out().resolve("scale_seed1")).doesNotExist();
        assertThat(report().at("/rows/0/runs")).hasSize(2);
    }

    @Test
    void whatIsThereAlreadyIsNotPrunedAgain() throws IOException {
        String[] options = {"--criterion=random", "--target=0.5", "--epochs=0", "--seeds=2"};
        assertThat(prune(dense, options)).isZero();
        Path kept = out().resolve("random_seed1/model.zip");
        FileTime longAgo = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(kept, longAgo);
        JsonNode before = report();
        // As a comparison leaves it that was stopped: the last run has no report.
        Files.delete(out().resolve("random_seed2/report.json"));
        Files.delete(out().resolve("report.json"));

        assertThat(prune(dense, options)).isZero();

        assertThat(Files.getLastModifiedTime(kept)).isEqualTo(longAgo);
        assertThat(report().at("/rows/0/testAccuracy"))
                .isEqualTo(before.at("/rows/0/testAccuracy"));
    }

    @Test
    void aReportOfOtherSettingsIsNotOverwritten() throws IOException {
        assertThat(prune(dense, "--criterion=random", "--target=0.5", "--epochs=0", "--seeds=2"))
                .isZero();
        assertThat(prune(dense, "--criterion=random", "--target=0.6", "--epochs=0", "--seeds=2"))
                .isEqualTo(2);
        assertThat(errors.toString())
                .contains("report.json is of other settings: target is 0.5 there and 0.6 here;")
                .doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --criterion=magic|of random, gradient, taylor, relevance, norm, activation
                    --criterion=scale|--criterion scale doesn't rate what --granularity weights is of
                    --granularity=units,--criterion=snip|--criterion snip doesn't rate what
                    --granularity=units,--criterion=scale|expected batch normalization behind it
                    --granularity=units,--criterion=cka|--criterion cka doesn't rate what
                    --granularity=layers,--global|layers go as a whole, leave them out
                    --granularity=triangles|--granularity must be weights, kernels, blocks:RxC
                    --granularity=blocks:0x2|at least 1 row and 1 column, got 0 x 2
                    --granularity=4:2|1 <= N < M, got 4:2
                    --granularity=2:4,--target=0.5|--target: the pattern 2:4 says how much goes
                    --granularity=2:4,--global|the pattern 2:4 chooses within each unit
                    --granularity=2:4,--rounds=2|the pattern 2:4 is chosen at once
                    --target=1|--target must be in [0, 1), got 1.0
                    --target=-0.1|--target must be in [0, 1), got -0.1
                    --global,--each-layer|mutually exclusive
                    --schedule=one-shot,--rounds=3|--rounds must be 1 with --schedule one-shot, got 3
                    --rounds=0|--rounds must be at least 1, got 0
                    --only=conv*|--only: expected layers that can be pruned, of 0 (hidden), 1 (output)
                    --granularity=units,--only=output|of 0 (hidden), got 'output'
                    --examples=0|--examples must be at least 1, got 0
                    --epochs=-1|--epochs must be at least 0, got -1
                    --batch=0|--batch must be at least 1, got 0
                    --learning-rate=0|--learning-rate must be greater than 0, got 0.0
                    --seeds=0|--seeds must be at least 1, got 0
                    --form=magic|magic
                    --dataset=csv:nowhere.csv|nowhere.csv
                    --target=0.9999,--on-collapse=report|the network would fall apart
                    --target=0.99999|too few for one in each of 2
                    """)
    void badInputIsOneSentenceAndNothingIsWritten(String options, String sentence) {
        assertThat(prune(dense, options.split(",(?=--)"))).isEqualTo(2);
        assertThat(errors.toString()).contains(sentence).doesNotContain("\tat ");
        assertThat(out()).doesNotExist();
    }

    @Test
    void modelsThatDontFitAreRefused() throws IOException {
        Path none = folder.resolve("none.zip");
        assertRefused(none, "there is no file " + none);
        Path text = Files.writeString(folder.resolve("text.zip"), "no model");
        assertRefused(text, "is not a DL4J model");
        Path narrow = folder.resolve("narrow.zip");
        new Network(PruneModels.dense(30, 10)).save(narrow);
        assertRefused(narrow, "can't take the examples of mnist-sample, 784 values each");
        Path three = folder.resolve("three.zip");
        new Network(PruneModels.dense(784, 3)).save(three);
        assertRefused(three, "has 3 outputs, expected one for each of the 10 classes");
        assertThat(prune(dense, models)).isEqualTo(2);
        assertThat(errors.toString()).contains("is the folder of the model");
        assertThat(dense).isRegularFile();
    }

    private void assertRefused(Path model, String sentence) {
        assertThat(prune(model)).isEqualTo(2);
        assertThat(errors.toString()).contains(sentence).doesNotContain("\tat ");
        assertThat(out()).doesNotExist();
    }
}
