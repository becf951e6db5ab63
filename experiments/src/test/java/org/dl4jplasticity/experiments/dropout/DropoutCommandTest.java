package org.dl4jplasticity.experiments.dropout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.dl4jplasticity.experiments.ComparingCommand;
import org.dl4jplasticity.experiments.Plasticity;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DropoutCommandTest {
    private static final String[] TINY = {
        "--model", "mlp:20", "--batch", "100", "--epochs", "1", "--train-examples", "300"
    };

    @TempDir Path folder;

    private ComparingCommand command;

    @BeforeEach
    void aSmallCommand() {
        command = new ComparingCommand("dropout", out(), TINY);
    }

    private Path out() {
        return folder.resolve("out");
    }

    private int dropout(String... options) {
        return command.call(options);
    }

    private JsonNode json(String file) throws IOException {
        return command.json(file);
    }

    private double figure(String run, String field) throws IOException {
        return json(run + "/report.json").get(field).doubleValue();
    }

    @Test
    void theTableHasMeansAndDeviationsOfWhatTheRunsReported() throws IOException {
        assertThat(dropout("--techniques", "dropout,none", "--seeds", "1,7")).isZero();

        JsonNode json = json("table.json");
        assertThat(json.get("config").get("keep").doubleValue()).isEqualTo(0.5);
        assertThat(json.get("config").has("technique")).isFalse();
        JsonNode rows = json.get("techniques");
        assertThat(rows).hasSize(2);
        assertThat(rows.get(0).get("technique").asText()).isEqualTo("none");
        JsonNode row = rows.get(1);
        assertThat(row.get("technique").asText()).isEqualTo("dropout");
        for (String field :
                List.of(
                        "testAccuracy",
                        "calibrationError",
                        "trainTestGap",
                        "trainSeconds",
                        "parameters")) {
            double one = figure("dropout_seed1", field);
            double other = figure("dropout_seed7", field);
            assertThat(row.get(field).get("mean").doubleValue())
                    .isCloseTo((one + other) / 2, within(1e-9));
            // Of two numbers the sample deviation is their distance over the root of 2.
            assertThat(row.get(field).get("standardDeviation").doubleValue())
                    .isCloseTo(Math.abs(one - other) / Math.sqrt(2), within(1e-9));
        }
        assertThat(row.get("parameters").get("mean").doubleValue())
                .isEqualTo(784 * 20 + 20 + 20 * 10 + 10);
        assertThat(Files.readAllLines(out().resolve("table.csv"))).hasSize(5);
        assertThat(Files.readString(out().resolve("table.md")))
                .startsWith("| technique | source | test accuracy, % | against none, points |")
                .contains("| none |  | ", "| dropout | Srivastava et al. 2014 | ")
                .contains("| 15,910 | 2 |", "over the seeds 1, 7.", "keep 0.5");
        assertThat(Files.readString(out().resolve("report.html")))
                .contains("Dropout, out", "id=\"test-accuracy\"", "id=\"calibration-error\"");
        assertThat(out().resolve("figures/test-accuracy.png")).isNotEmptyFile();
        assertThat(Files.readAllLines(out().resolve("figures/test-accuracy.csv"))).hasSize(3);
    }

    @Test
    void whatIsThereAlreadyIsNotTrainedAgain() throws IOException {
        String[] options = {"--techniques", "none,gaussian", "--seeds", "1"};
        assertThat(dropout(options)).isZero();
        FileTime longAgo = FileTime.fromMillis(1_000_000);
        Path kept = out().resolve("none_seed1/model.zip");
        Files.setLastModifiedTime(kept, longAgo);
        double before = figure("gaussian_seed1", "testAccuracy");
        Files.delete(out().resolve("gaussian_seed1/report.json"));
        Files.delete(out().resolve("table.md"));

        assertThat(dropout(options)).isZero();

        assertThat(Files.getLastModifiedTime(kept)).isEqualTo(longAgo);
        assertThat(figure("gaussian_seed1", "testAccuracy")).isEqualTo(before);
        assertThat(out().resolve("table.md")).exists();
        assertThat(json("table.json").get("runs")).hasSize(2);
    }

    @Test
    void aReportOfOtherSettingsIsNotOverwritten() throws IOException {
        assertThat(dropout("--techniques", "none", "--seeds", "1")).isZero();
        String report = Files.readString(out().resolve("none_seed1/report.json"));

        assertThat(dropout("--techniques", "none,dropout", "--seeds", "1", "--keep", "0.8"))
                .isEqualTo(2);

        assertThat(command.errors())
                .contains("report.json is of other settings: keep is 0.5 there and 0.8 here;")
                .doesNotContain("\tat ");
        assertThat(Files.readString(out().resolve("none_seed1/report.json"))).isEqualTo(report);
        assertThat(out().resolve("dropout_seed1")).doesNotExist();
    }

    @Test
    void aRunThatFailsIsToldAtTheEndAndLeavesTheOthersAlone() throws IOException {
        assertThat(dropout("--techniques", "none,aid", "--seeds", "1", "--learning-rate", "1e30"))
                .isEqualTo(1);

        assertThat(command.errors())
                .contains("plasticity: none, seed 1: training stopped at iteration")
                .doesNotContain("\tat ");
        assertThat(json("table.json").get("failures")).hasSize(2);
        assertThat(Files.readString(out().resolve("table.md"))).contains("| failed | 0 of 1 |");
        assertThat(out().resolve("report.html")).exists();
    }

    @Test
    void aRunHasAPageOfItsOwn() {
        assertThat(dropout("--techniques", "variational", "--seeds", "1")).isZero();
        Path run = out().resolve("variational_seed1");
        assertThat(Plasticity.commandLine().execute("report", run.toString())).isZero();
        assertThat(run.resolve("report.html"))
                .content()
                .contains("variational_seed1: variational, mlp:20, mnist-sample");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --techniques|magic|--techniques must be all or some of none, dropout,
                    --techniques|none,none|--techniques must all be different, got none,none
                    --techniques|lora|it is org.dl4jplasticity.adapter.LowRankAdapters
                    --techniques|all,none|got 'all'
                    --keep|0|--keep must be in (0, 1], got 0.0
                    --keep|1.5|--keep must be in (0, 1], got 1.5
                    --input-keep|-1|--input-keep must be in (0, 1], got -1.0
                    --train-examples|-1|--train-examples must be at least 0, got -1
                    --train-examples|1000000|those of mnist-sample that are not held out, got 1000000
                    --model|conv-2|--model: dropouts are compared in perceptrons
                    --seeds|1,1|--seeds must all be different, got [1, 1]
                    --epochs|0|--epochs must be at least 1, got 0
                    --validation|0|dynamic-validation hears of the validation loss and needs a --validation above 0
                    --dataset|imagenet|imagenet
                    """)
    void badInputIsOneSentenceAndExitCode2(String option, String value, String sentence) {
        assertThat(dropout(option, value)).isEqualTo(2);
        assertThat(command.errors()).contains(sentence).doesNotContain("\tat ");
        assertThat(out()).doesNotExist();
    }
}
