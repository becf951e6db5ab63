package org.dl4jplasticity.experiments.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.dl4jplasticity.experiments.run.Mode;
import org.dl4jplasticity.experiments.run.Outcome;
import org.dl4jplasticity.experiments.train.Method;
import org.dl4jplasticity.experiments.train.Rewiring;
import org.dl4jplasticity.experiments.train.TrainReport;
import org.dl4jplasticity.experiments.train.TrainSettings;
import org.dl4jplasticity.schedule.SparsityDistribution;
import org.junit.jupiter.api.Test;

class SweepTableTest {
    private static TrainSettings settings(Method method, double sparsity, long seed) {
        return new TrainSettings(
                "mnist-sample",
                null,
                "mlp:20",
                method,
                Mode.AUTO,
                sparsity,
                SparsityDistribution.uniform(),
                Rewiring.USUAL,
                4,
                64,
                0.25,
                0.5,
                0,
                0,
                seed,
                Path.of("nowhere"),
                0,
                false);
    }

    private static Outcome<TrainSettings, TrainReport> done(
            Method method, double sparsity, long seed, double testAccuracy, double seconds) {
        TrainSettings settings = settings(method, sparsity, seed);
        return new Outcome.Done<>(
                settings,
                new TrainReport(
                        testAccuracy,
                        1_590,
                        15_880,
                        List.of(),
                        seconds,
                        100,
                        7,
                        null,
                        null,
                        null,
                        seed,
                        settings.config()));
    }

    private static Outcome<TrainSettings, TrainReport> failed(
            Method method, double sparsity, long seed, String why) {
        TrainSettings settings = settings(method, sparsity, seed);
        return new Outcome.Failed<>(
                settings, Sweep.inWords(settings), new IllegalArgumentException(why));
    }

    /**
     * By hand: 0.90, 0.94, 0.92 have mean 0.92 and deviations 0.02, 0.02, 0, so the sample's
     * standard deviation is sqrt(0.0008 / 2) = 0.02; 0.5 and 0.7 have mean 0.6 and sqrt(0.02 / 1) =
     * 0.141421.
     */
    private static final SweepTable TABLE =
            new SweepTable(
                    List.of(
                            done(Method.DENSE, 0, 1, 0.25, 10),
                            failed(Method.DENSE, 0, 2, "too bad"),
                            failed(Method.DENSE, 0, 3, "too bad"),
                            done(Method.RIGL, 0.95, 1, 0.5, 1.25),
                            done(Method.RIGL, 0.95, 2, 0.7, 1.5),
                            failed(Method.RIGL, 0.95, 3, "it said \"no\", twice"),
                            done(Method.RIGL, 0.9, 1, 0.90, 2),
                            done(Method.RIGL, 0.9, 2, 0.94, 3),
                            done(Method.RIGL, 0.9, 3, 0.92, 4),
                            failed(Method.SET, 0.95, 1, "no"),
                            failed(Method.SET, 0.95, 2, "no"),
                            failed(Method.SET, 0.95, 3, "no")));

    @Test
    void markdownHasARowForEachMethodAndAColumnForEachSparsity() {
        assertThat(TABLE.toMarkdown())
                .isEqualTo(
                        """
                        | method | 0.0 | 0.9 | 0.95 | seeds | seconds |
                        |---|---|---|---|---|---|
                        | dense | 25.00 (1 of 3 seeds) |  |  | 3 | 10 |
                        | rigl |  | 92.00 ± 2.00 | 60.00 ± 14.14 (2 of 3 seeds) | 3 | 12 |
                        | set |  |  | failed | 3 | 0 |

                        Mean test accuracy in percent ± sample standard deviation over the seeds 1, 2, 3, by method and sparsity.
                        Seconds in training steps, all runs: 22.
                        Settings: dataset mnist-sample, model mlp:20, mode auto, distribution uniform, updateEvery usual, dropFraction usual, epochs 4, batch 64, learningRate 0.25, momentum 0.5, weightDecay 0.0, validation 0.0.
                        """);
    }

    @Test
    void aSingleSeedHasNoDeviation() {
        assertThat(new SweepTable(List.of(done(Method.SET, 0.9, 5, 0.875, 3))).toMarkdown())
                .contains("| set | 87.50 | 1 | 3 |")
                .contains("percent over the seeds 5,");
    }

    @Test
    void csvHasALineForEachRun() {
        assertThat(TABLE.toCsv().lines())
                .hasSize(13)
                .startsWith(
                        "method,sparsity,seed,testAccuracy,activeWeights,totalWeights,trainSeconds,"
                                + "failure",
                        "dense,0.0,1,0.25,1590,15880,10.0,")
                .contains(
                        "rigl,0.95,2,0.7,1590,15880,1.5,",
                        "rigl,0.95,3,,,,,\"rigl, sparsity 0.95, seed 3: it said \"\"no\"\","
                                + " twice\"");
    }

    @Test
    void jsonHasCellsRunsAndFailuresWithNumbersAsNumbers() throws IOException {
        JsonNode json = new ObjectMapper().readTree(TABLE.toJson());

        assertThat(json.get("trainSeconds").doubleValue()).isEqualTo(21.75);
        assertThat(json.get("config").get("epochs").intValue()).isEqualTo(4);
        assertThat(json.get("config").has("sparsity")).isFalse();
        assertThat(json.get("seeds").toString()).isEqualTo("[1,2,3]");
        assertThat(json.get("runs")).hasSize(6);
        assertThat(json.get("runs").get(2).get("testAccuracy").doubleValue()).isEqualTo(0.7);
        assertThat(json.get("failures")).hasSize(6);
        assertThat(json.get("failures").get(0).textValue())
                .isEqualTo("dense, sparsity 0.0, seed 2: too bad");

        assertThat(json.get("cells")).hasSize(4);
        JsonNode rigl = json.get("cells").get(1);
        assertThat(rigl.get("method").textValue()).isEqualTo("rigl");
        assertThat(rigl.get("sparsity").doubleValue()).isEqualTo(0.9);
        assertThat(rigl.get("seeds").intValue()).isEqualTo(3);
        assertThat(rigl.get("meanTestAccuracy").doubleValue()).isCloseTo(0.92, within(1e-12));
        assertThat(rigl.get("standardDeviation").doubleValue()).isCloseTo(0.02, within(1e-12));
        assertThat(rigl.get("minTestAccuracy").doubleValue()).isEqualTo(0.90);
        assertThat(rigl.get("maxTestAccuracy").doubleValue()).isEqualTo(0.94);
        assertThat(rigl.get("trainSeconds").doubleValue()).isEqualTo(9);
        JsonNode set = json.get("cells").get(3);
        assertThat(set.get("failed").intValue()).isEqualTo(3);
        assertThat(set.get("meanTestAccuracy").isNull()).isTrue();
        assertThat(set.get("standardDeviation").isNull()).isTrue();
    }
}
