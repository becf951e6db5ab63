package org.dl4jplasticity.experiments.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.experiments.search.SearchFiles.Call;
import org.dl4jplasticity.experiments.train.Method;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchCommandTest {
    @TempDir private Path folder;

    private SearchFiles files;
    private Path out;

    @BeforeEach
    void setUp() {
        files = new SearchFiles(folder);
        out = folder.resolve("out");
    }

    private JsonNode report() throws IOException {
        return new ObjectMapper().readTree(out.resolve("report.json").toFile());
    }

    /** Index, values and scores without seconds. */
    private static List<String> told(Path out) throws IOException {
        return Files.readAllLines(out.resolve("candidates.jsonl")).stream()
                .map(line -> line.replaceAll("\"trainSeconds\":[^,}]*", ""))
                .toList();
    }

    @Test
    void triesTheDefaultSettingsAndTheCandidatesAndKeepsTheBest() throws IOException {
        Path space =
                files.small(
                        "  sparsity: {from: 0.3, to: 0.9}",
                        "  updateEvery: {from: 2, to: 10, scale: log}",
                        "  dropFraction: [0.1, 0.4]",
                        "  learningRate: {from: 0.01, to: 0.2, scale: log}");
        // The dimensions' usual values come from train, so settings may not name them too.
        Files.writeString(
                space, Files.readString(space).replace(", learningRate: 0.05, sparsity: 0.6", ""));
        assertThat(files.search(space, out, "--candidates", "3")).isEqualTo(new Call(0, ""));
        JsonNode report = report();
        assertThat(report.path("candidates")).hasSize(4);
        assertThat(report.path("failed").asInt()).isZero();
        JsonNode control = report.path("candidates").path(0);
        assertThat(control.path("index").asInt()).isZero();
        assertThat(control.path("values").path("sparsity").asDouble()).isEqualTo(0.95);
        double bestAccuracy = report.path("bestScores").path("validationAccuracy").asDouble();
        for (JsonNode candidate : report.path("candidates")) {
            JsonNode scores = candidate.path("scores");
            double sparsity = candidate.path("values").path("sparsity").asDouble();
            // 10 inputs, 12 and 8 units, 2 classes
            assertThat(scores.path("totalWeights").asInt()).isEqualTo(120 + 96 + 16);
            assertThat(scores.path("activeWeights").asLong())
                    .isEqualTo(Math.round((1 - sparsity) * 232));
            assertThat(scores.path("validationAccuracy").asDouble()).isBetween(0.0, bestAccuracy);
            Path own = out.resolve(Candidate.folderName(candidate.path("index").asInt()));
            assertThat(own.resolve("curves.csv")).content().hasLineCount(1 + 2);
            assertThat(own.resolve("journal.jsonl")).isNotEmptyFile();
            assertThat(own.resolve("config.json")).content().contains("\"sparsity\" : " + sparsity);
        }
        JsonNode verdict = report.path("verdict");
        assertThat(verdict.path("testAccuracy").asDouble()).isBetween(0.0, 1.0);
        assertThat(verdict.path("difference").isNumber()).isTrue();
        assertThat(Files.readAllLines(out.resolve("candidates.csv")))
                .hasSize(5)
                .first()
                .asString()
                .startsWith(
                        "candidate,sparsity,learningRate,updateEvery,dropFraction,"
                                + "validationAccuracy,");
        assertThat(out.resolve("figures/front.png")).isNotEmptyFile();
        assertThat(out.resolve("report.html")).content().contains("default settings");
        MultiLayerNetwork best = MultiLayerNetwork.load(out.resolve("model.zip").toFile(), false);
        assertThat(best.numParams())
                .isEqualTo(report.path("bestScores").path("parameters").asLong());
    }

    @Test
    void whatFailsIsKeptWithItsReasonAndTheOthersGoOn() throws IOException {
        Path space = files.small("  weightDecay: [1.0e-4, 1.0e+30]", "  momentum: [0.5]");
        Call call = files.search(space, out, "--candidates", "5", "--generator", "grid");
        assertThat(call).isEqualTo(new Call(0, ""));
        JsonNode report = report();
        assertThat(report.path("candidates")).hasSize(3);
        assertThat(report.path("failed").asInt()).isEqualTo(1);
        List<String> failures = new ArrayList<>();
        for (JsonNode candidate : report.path("candidates")) {
            if (candidate.path("scores").isNull()) {
                failures.add(candidate.path("failure").asText());
            }
        }
        assertThat(failures).hasSize(1).first().asString().startsWith("training stopped at");
        assertThat(out.resolve("candidates.csv")).content().contains("\"training stopped at");
    }

    @Test
    void ifEveryCandidateFailsOneSentenceSaysWhy() throws IOException {
        Path space = files.small("  momentum: [0.5]");
        Files.writeString(
                space,
                Files.readString(space).replace("learningRate: 0.05", "learningRate: 1.0e+30"));
        Call call = files.search(space, out);
        assertThat(call.code()).isEqualTo(2);
        assertThat(call.errors())
                .startsWith("plasticity: --space " + space + ": every candidate failed")
                .contains("because training stopped at")
                .hasLineCount(1);
    }

    @Test
    void aSearchGoesFurtherWithMoreCandidatesAndTrainsNoneAgain() throws IOException {
        Path space = files.small("  momentum: {from: 0.1, to: 0.9}");
        assertThat(files.search(space, out, "--candidates", "1").code()).isZero();
        List<String> first = told(out);
        Path model = out.resolve("candidates/001/model.zip");
        FileTime written = Files.getLastModifiedTime(model);
        assertThat(files.search(space, out, "--candidates", "2").code()).isZero();
        assertThat(told(out)).hasSize(4).startsWith(first.toArray(String[]::new));
        assertThat(Files.getLastModifiedTime(model)).isEqualTo(written);
        // Fewer again: the report is on those alone.
        assertThat(files.search(space, out, "--candidates", "1").code()).isZero();
        assertThat(report().path("candidates")).hasSize(2);
        assertThat(told(out)).hasSize(4);
    }

    @Test
    void aFolderOfAnotherSearchIsRefused() throws IOException {
        assertThat(files.search(files.small("  momentum: [0.5]"), out).code()).isZero();
        List<String> before = told(out);
        Call call = files.search(files.small("  momentum: [0.6]"), out, "--seed", "2");
        assertThat(call.code()).isEqualTo(2);
        assertThat(call.errors())
                .contains("candidates.jsonl is of other settings: space is momentum [0.5]")
                .contains("seed is 1 there and 2 here; choose another --out")
                .hasLineCount(1);
        assertThat(told(out)).isEqualTo(before);
    }

    @Test
    void aJournalThatIsNoneIsRefused() throws IOException {
        Files.createDirectories(out);
        Files.writeString(out.resolve("candidates.jsonl"), "{\"sequence\":1}\n");
        Call call = files.search(files.small("  momentum: [0.5]"), out);
        assertThat(call.code()).isEqualTo(2);
        assertThat(call.errors()).contains("is no journal of a search").hasLineCount(1);
    }

    @Test
    void networksMayGrow() throws IOException {
        Path space =
                files.small(
                        "  growth: [dropin, round-robin]",
                        "  growthThreshold: [0.9]",
                        "  method: [rigl, dense]");
        assertThat(files.search(space, out, "--candidates", "9", "--generator", "grid"))
                .isEqualTo(new Call(0, ""));
        for (JsonNode candidate : report().path("candidates")) {
            int total = candidate.path("scores").path("totalWeights").asInt();
            if (candidate.path("index").asInt() == 0) {
                assertThat(total).isEqualTo(232);
            } else {
                assertThat(total).isGreaterThan(232);
            }
        }
    }

    @Test
    void wrongNumbersAreToldInOneSentence() throws IOException {
        Path space = files.small("  momentum: [0.5]");
        for (List<String> wrong :
                List.of(
                        List.of("--candidates", "0", "--candidates must be at least 1, got 0"),
                        List.of("--time", "0", "--time must be greater than 0, got 0.0"),
                        List.of("--grid-values", "1", "--grid-values must be at least 2, got 1"))) {
            Call call = files.search(space, out, wrong.get(0), wrong.get(1));
            assertThat(call.code()).isEqualTo(2);
            assertThat(call.errors()).isEqualTo("plasticity: " + wrong.get(2) + "\n");
        }
        assertThat(out).doesNotExist();
    }

    @Test
    void theUsualValuesAreThoseOfTrain() {
        assertThat(Stream.of(Parameter.values()).filter(each -> each.usual().isEmpty()))
                .containsExactly(
                        Parameter.UPDATE_EVERY,
                        Parameter.DROP_FRACTION,
                        Parameter.WIDTH,
                        Parameter.LAYERS,
                        Parameter.CHANNELS);
        assertThat(Parameter.METHOD.usual()).contains(Method.RIGL.toString());
        assertThat(Parameter.LEARNING_RATE.usual()).contains(0.1);
        assertThat(Parameter.EPOCHS.usual()).contains(10);
        assertThat(Parameter.GROWTH_UNITS.usual()).contains(1.0);
    }
}
