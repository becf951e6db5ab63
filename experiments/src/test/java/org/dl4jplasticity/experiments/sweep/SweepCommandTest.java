package org.dl4jplasticity.experiments.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dl4jplasticity.experiments.ComparingCommand;
import org.dl4jplasticity.experiments.Plasticity;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SweepCommandTest {
    private static final String[] TINY = {
        "--model", "mlp:20", "--batch", "500", "--epochs", "1", "--validation", "0"
    };

    @TempDir Path folder;

    private ComparingCommand command;

    @BeforeEach
    void aSmallCommand() {
        command = new ComparingCommand("sweep", out(), TINY);
    }

    private Path out() {
        return folder.resolve("out");
    }

    private int sweep(String... options) {
        return command.call(options);
    }

    private JsonNode json(String file) throws IOException {
        return command.json(file);
    }

    private double testAccuracy(String run) throws IOException {
        return json(run + "/report.json").get("testAccuracy").doubleValue();
    }

    private List<String> files() throws IOException {
        try (var files = Files.list(out())) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void everyCombinationIsTrainedInAFolderOfItsOwnAndTheTableHasTheirMeans() throws IOException {
        assertThat(sweep("--methods", "rigl,dense", "--sparsities", "0.8,0.9", "--seeds", "1,7"))
                .isZero();

        assertThat(files())
                .containsExactly(
                        "dense_0.0_seed1",
                        "dense_0.0_seed7",
                        "figures",
                        "report.html",
                        "rigl_0.8_seed1",
                        "rigl_0.8_seed7",
                        "rigl_0.9_seed1",
                        "rigl_0.9_seed7",
                        "table.csv",
                        "table.json",
                        "table.md");
        JsonNode cells = json("table.json").get("cells");
        assertThat(cells).hasSize(3);
        assertThat(cells.get(1).get("sparsity").doubleValue()).isEqualTo(0.9);
        assertThat(cells.get(1).get("meanTestAccuracy").doubleValue())
                .isCloseTo(
                        (testAccuracy("rigl_0.9_seed1") + testAccuracy("rigl_0.9_seed7")) / 2,
                        within(1e-12));
        assertThat(json("rigl_0.8_seed7/report.json").get("seed").longValue()).isEqualTo(7);
        assertThat(json("rigl_0.8_seed7/report.json").get("config").get("sparsity").doubleValue())
                .isEqualTo(0.8);
        assertThat(Files.readString(out().resolve("table.md")))
                .startsWith("| method | 0.0 | 0.8 | 0.9 | seeds | seconds |\n")
                .contains("| rigl |  | ", "| dense | ");
    }

    @Test
    void aRunOfASweepIsTheRunThatTrainMakes() throws IOException {
        assertThat(sweep("--methods", "static,rigl", "--sparsities", "0.9", "--seeds", "3"))
                .isZero();
        List<String> arguments = new ArrayList<>(List.of("train", "--method", "rigl"));
        arguments.addAll(List.of("--sparsity", "0.9", "--seed", "3"));
        arguments.addAll(List.of("--out", folder.resolve("alone").toString()));
        arguments.addAll(Arrays.asList(TINY));
        assertThat(Plasticity.commandLine().execute(arguments.toArray(new String[0]))).isZero();

        JsonNode alone = new ObjectMapper().readTree(folder.resolve("alone/report.json").toFile());
        assertThat(testAccuracy("rigl_0.9_seed3"))
                .isEqualTo(alone.get("testAccuracy").doubleValue());
        assertThat(json("rigl_0.9_seed3/report.json").get("config")).isEqualTo(alone.get("config"));
    }

    @Test
    void whatIsThereAlreadyIsNotTrainedAgain() throws IOException {
        String[] options = {"--methods", "set", "--sparsities", "0.9", "--seeds", "1,2"};
        assertThat(sweep(options)).isZero();
        FileTime longAgo = FileTime.fromMillis(1_000_000);
        Path kept = out().resolve("set_0.9_seed1/model.zip");
        Files.setLastModifiedTime(kept, longAgo);
        String table = Files.readString(out().resolve("table.md"));
        double before = testAccuracy("set_0.9_seed2");
        // As a sweep leaves it that was stopped: the last run began but has no report.
        Files.delete(out().resolve("set_0.9_seed2/report.json"));
        Files.delete(out().resolve("table.md"));

        assertThat(sweep(options)).isZero();

        assertThat(Files.getLastModifiedTime(kept)).isEqualTo(longAgo);
        assertThat(testAccuracy("set_0.9_seed2")).isEqualTo(before);
        assertThat(Files.readString(out().resolve("table.md")).lines().findFirst())
                .isEqualTo(table.lines().findFirst());
        assertThat(json("table.json").get("runs")).hasSize(2);
    }

    @Test
    void aReportOfOtherSettingsIsNotOverwritten() throws IOException {
        String[] options = {"--methods", "set", "--sparsities", "0.9", "--seeds", "1"};
        assertThat(sweep(options)).isZero();
        String report = Files.readString(out().resolve("set_0.9_seed1/report.json"));

        assertThat(
                        sweep(
                                "--methods",
                                "set",
                                "--sparsities",
                                "0.8,0.9",
                                "--seeds",
                                "1",
                                "--epochs",
                                "2"))
                .isEqualTo(2);

        assertThat(command.errors())
                .contains("report.json is of other settings: epochs is 1 there and 2 here;")
                .doesNotContain("\tat ");
        assertThat(Files.readString(out().resolve("set_0.9_seed1/report.json"))).isEqualTo(report);
        assertThat(out().resolve("set_0.8_seed1")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[1, 2", "{}", "{\"testAccuracy\": 0.9}"})
    void aFileThatIsNoReportIsNamedAndKept(String text) throws IOException {
        Path run = Files.createDirectories(out().resolve("set_0.9_seed1"));
        Files.writeString(run.resolve("report.json"), text);
        assertThat(sweep("--methods", "set", "--sparsities", "0.9", "--seeds", "1")).isEqualTo(2);
        assertThat(command.errors())
                .contains("set_0.9_seed1", "report.json is no report of a training run: ")
                .doesNotContain("\tat ");
        assertThat(Files.readString(run.resolve("report.json"))).isEqualTo(text);
    }

    /** Of 20 x 784 + 10 x 20 connections 0.9999 leaves 2, too few for both layers to have one. */
    @Test
    void aRefusedCombinationIsToldAtTheEndAndTheOthersAreTrained() throws IOException {
        assertThat(sweep("--methods", "rigl", "--sparsities", "0.9999,0.9", "--seeds", "1"))
                .isEqualTo(1);

        assertThat(command.errors())
                .contains("plasticity: rigl, sparsity 0.9999, seed 1: ")
                .doesNotContain("\tat ");
        assertThat(testAccuracy("rigl_0.9_seed1")).isPositive();
        assertThat(Files.readString(out().resolve("table.md"))).contains("| failed | 1 |");
        assertThat(json("table.json").get("failures")).hasSize(1);
        assertThat(Files.readAllLines(out().resolve("table.csv"))).hasSize(3);
    }

    @Test
    void aDivergedRunIsToldAtTheEnd() throws IOException {
        assertThat(
                        sweep(
                                "--methods",
                                "static",
                                "--sparsities",
                                "0.9",
                                "--seeds",
                                "1",
                                "--learning-rate",
                                "1e30"))
                .isEqualTo(1);
        assertThat(command.errors())
                .contains("static, sparsity 0.9, seed 1: training stopped at iteration")
                .doesNotContain("\tat ");
        assertThat(json("table.json").get("runs")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --methods|magic|magic
                    --methods|rigl,set,rigl|--methods must all be different, got rigl twice
                    --sparsities|0.9,1.0|--sparsity must be in [0, 1), got 1.0
                    --sparsities|0.9,0.90|--sparsities must all be different, got 0.9 twice
                    --sparsities|0.9,x|--sparsities
                    --seeds|1,1|--seeds must all be different, got 1 twice
                    --seeds|1,x|--seeds
                    --epochs|0|--epochs must be at least 1, got 0
                    --model|resnet|got 'resnet'
                    --dataset|imagenet|imagenet
                    --distribution|epsilon:20|--sparsities must be a single one, got [0.9, 0.95,
                    --sparsity|0.9|--sparsity
                    """)
    void badInputIsOneSentenceAndExitCode2BeforeAnythingIsTrained(
            String option, String value, String sentence) {
        assertThat(sweep(option, value)).isEqualTo(2);
        assertThat(command.errors()).contains(sentence).doesNotContain("\tat ");
        assertThat(out()).doesNotExist();
    }

    @Test
    void aFolderThatIsAFileIsRefused() throws IOException {
        Files.writeString(out(), "a file");
        assertThat(sweep()).isEqualTo(2);
        assertThat(command.errors()).contains("--out: expected a folder, got the file");
        assertThat(out()).hasContent("a file");
    }
}
