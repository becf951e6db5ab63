package org.dl4jplasticity.experiments.lottery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.dl4jplasticity.experiments.Plasticity;
import org.dl4jplasticity.experiments.run.Mode;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** 784-20-10: 15,680 and 200 weights. */
class LotteryCommandTest {
    private static final String[] TINY = {
        "--model",
        "mlp:20",
        "--levels",
        "2",
        "--seeds",
        "2",
        "--iterations",
        "30",
        "--evaluate-every",
        "10",
        "--rewind",
        "5",
        "--rate",
        "0.5",
        "--one-shot",
        "--learning-rate-rewinding"
    };

    private static final String CONTROLS = "--controls=reinit,random,sign";

    private static final List<String> ARMS =
            List.of("ticket", "one-shot", "lr-rewind", "reinit", "random", "sign");

    @TempDir private static Path all;

    @TempDir Path folder;

    private final StringWriter errors = new StringWriter();

    @BeforeAll
    static void runsEveryArmWithTwoSeeds() {
        assertThat(lottery(new StringWriter(), all.resolve("out"), CONTROLS)).isZero();
    }

    private static int lottery(StringWriter errors, Path out, String... options) {
        List<String> arguments = new ArrayList<>(List.of("lottery", "--out", out.toString()));
        arguments.addAll(Arrays.asList(TINY));
        arguments.addAll(Arrays.asList(options));
        CommandLine commandLine = Plasticity.commandLine();
        commandLine.setErr(new PrintWriter(errors, true));
        // A later option replaces an earlier one, so that a test can change one of the tiny ones.
        commandLine.setOverwrittenOptionsAllowed(true);
        return commandLine.execute(arguments.toArray(new String[0]));
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }

    private static JsonNode cell(String name) throws IOException {
        return json(all.resolve("out").resolve(name).resolve("report.json"));
    }

    private static Network model(String name, String file) throws IOException {
        return Network.load(all.resolve("out").resolve(name).resolve(file));
    }

    private static Map<String, SparseTopology> masks(String name) throws IOException {
        return model(name, "model.zip").topologies();
    }

    private static List<Integer> counts(String name) throws IOException {
        return masks(name).values().stream().map(SparseTopology::activeCount).toList();
    }

    /** {@return the weights of a layer by connection id} */
    private static double[] weights(Network network, String id) {
        return PlasticNetwork.of(network.model()).table().stream()
                .filter(parameter -> parameter.id().equals(id))
                .findFirst()
                .orElseThrow()
                .values()
                .toDoubleVector();
    }

    @Test
    void everyTrainingHasAFolderWithMaskWeightsAndCurve() throws IOException {
        for (String arm : ARMS) {
            for (int level = 1; level <= 2; level++) {
                for (int seed = 1; seed <= 2; seed++) {
                    Path cell =
                            all.resolve("out")
                                    .resolve("%s_level%02d_seed%d".formatted(arm, level, seed));
                    for (String file :
                            List.of("mask.json", "model.zip", "curves.csv", "report.json")) {
                        assertThat(cell.resolve(file)).isRegularFile();
                    }
                    assertThat(cell.resolve("checkpoint.zip")).doesNotExist();
                }
            }
        }
        assertThat(all.resolve("out/dense_seed1/initial.zip")).isRegularFile();
        assertThat(all.resolve("out/dense_seed1/rewind.zip")).isRegularFile();
        JsonNode texts = json(all.resolve("out/ticket_level02_seed1/mask.json"));
        masks("ticket_level02_seed1")
                .forEach(
                        (id, mask) ->
                                assertThat(SparseTopology.parse(texts.get(id).asText()))
                                        .isEqualTo(mask));
    }

    @Test
    void everyArmHasTheCountsOfItsLevel() throws IOException {
        for (String arm : ARMS) {
            // Half of 15,680 and a quarter of 200; half of 7,840 and a quarter (37.5) of 150.
            assertThat(counts(arm + "_level01_seed1")).containsExactly(7_840, 150);
            assertThat(counts(arm + "_level02_seed1")).containsExactly(3_920, 112);
            assertThat(cell(arm + "_level02_seed2").get("activeWeights").longValue())
                    .isEqualTo(4_032);
            assertThat(cell(arm + "_level02_seed2").get("weightsRemaining").doubleValue())
                    .isEqualTo(4_032 / 15_880.0);
        }
    }

    @Test
    void aTicketHasTheLargestWeightsOfTheLevelBefore() throws IOException {
        double[] trained = weights(model("dense_seed1", "model.zip"), "0/W");
        SparseTopology mask = masks("ticket_level01_seed1").get("0/W");
        double least = Double.POSITIVE_INFINITY;
        double most = 0;
        for (int id = 0; id < trained.length; id++) {
            if (mask.contains(id)) {
                least = Math.min(least, Math.abs(trained[id]));
            } else {
                most = Math.max(most, Math.abs(trained[id]));
            }
        }
        assertThat(least).isGreaterThanOrEqualTo(most);
        for (long id : masks("ticket_level02_seed1").get("0/W").ids()) {
            assertThat(mask.contains(id)).isTrue();
        }
    }

    @Test
    void controlsHaveTheMaskOfTheTicketOrAsManyConnections() throws IOException {
        Map<String, SparseTopology> ticket = masks("ticket_level02_seed1");
        assertThat(masks("reinit_level02_seed1")).isEqualTo(ticket);
        assertThat(masks("sign_level02_seed1")).isEqualTo(ticket);
        assertThat(masks("random_level02_seed1")).isNotEqualTo(ticket);
        assertThat(masks("one-shot_level02_seed1")).isNotEqualTo(ticket);
        // At the first level both prune the same network.
        assertThat(masks("one-shot_level01_seed1")).isEqualTo(masks("ticket_level01_seed1"));
    }

    @Test
    void cellsBeginWithTheValuesThatTheirArmSays() throws IOException {
        LotterySettings settings =
                new LotterySettings(
                        "mnist-sample",
                        null,
                        "mlp:20",
                        Mode.MASKED,
                        60,
                        1.2e-3,
                        30,
                        10,
                        2_500,
                        1 / 12.0,
                        0.5,
                        0.25,
                        0.2,
                        false,
                        5,
                        all.resolve("out"));
        double[] early = weights(model("dense_seed1", "rewind.zip"), "0/W");
        double[] trained = weights(model("ticket_level01_seed1", "model.zip"), "0/W");
        for (LotteryArm arm : LotteryArm.values()) {
            Network start = LotteryStart.of(new LotteryCell(settings, arm, 2, 1));
            SparseTopology mask = start.topologies().get("0/W");
            assertThat(mask).isEqualTo(masks(arm + "_level02_seed1").get("0/W"));
            double[] values = weights(start, "0/W");
            double[] lrTrained = weights(model("lr-rewind_level01_seed1", "model.zip"), "0/W");
            for (int id = 0; id < values.length; id++) {
                if (!mask.contains(id)) {
                    assertThat(values[id]).isZero();
                    continue;
                }
                switch (arm) {
                    case TICKET, ONE_SHOT, RANDOM -> assertThat(values[id]).isEqualTo(early[id]);
                    case LEARNING_RATE -> assertThat(values[id]).isEqualTo(lrTrained[id]);
                    case SIGN ->
                            assertThat(Math.signum(values[id])).isEqualTo(Math.signum(early[id]));
                    case REINIT ->
                            assertThat(values[id])
                                    .isNotEqualTo(early[id])
                                    .isNotEqualTo(trained[id]);
                }
            }
        }
    }

    @Test
    void theFiguresOfLevelsAreThoseOfTheTrainings() throws IOException {
        JsonNode report = json(all.resolve("out/report.json"));
        List<String> lines = Files.readAllLines(all.resolve("out/levels.csv"));
        // A heading, two dense networks, and six arms of two levels and two seeds.
        assertThat(lines).hasSize(1 + 2 + 24);
        assertThat(report.get("runs")).hasSize(26);
        assertThat(report.get("levels")).hasSize(13);
        for (JsonNode row : report.get("levels")) {
            String arm = row.get("arm").asText();
            int level = row.get("level").intValue();
            String name = level == 0 ? "dense" : "%s_level%02d".formatted(arm, level);
            JsonNode first = cell(name + "_seed1");
            JsonNode second = cell(name + "_seed2");
            for (String figure :
                    List.of("earlyStopIteration", "earlyStopTestAccuracy", "finalTestAccuracy")) {
                double one = first.get(figure).doubleValue();
                double two = second.get(figure).doubleValue();
                assertThat(row.get(figure).get("mean").doubleValue())
                        .isCloseTo((one + two) / 2, within(1e-12));
                assertThat(row.get(figure).get("min").doubleValue()).isEqualTo(Math.min(one, two));
                assertThat(row.get(figure).get("max").doubleValue()).isEqualTo(Math.max(one, two));
            }
        }
    }

    @Test
    void theEarlyStopIsAtTheLeastValidationLoss() throws IOException {
        JsonNode report = cell("ticket_level01_seed2");
        double least = Double.POSITIVE_INFINITY;
        JsonNode best = null;
        for (JsonNode point : report.get("curve")) {
            if (point.get("validationLoss").doubleValue() < least) {
                least = point.get("validationLoss").doubleValue();
                best = point;
            }
        }
        assertThat(report.get("curve")).hasSize(3);
        assertThat(report.get("earlyStopIteration")).isEqualTo(best.get("iteration"));
        assertThat(report.get("earlyStopTestAccuracy")).isEqualTo(best.get("testAccuracy"));
        assertThat(report.get("finalIteration").intValue()).isEqualTo(30);
    }

    @Test
    void thePageHasItsPicturesInIt() throws IOException {
        String page = Files.readString(all.resolve("out/report.html"));
        for (String name :
                List.of(
                        "early-stop-iteration",
                        "early-stop-accuracy",
                        "final-accuracy",
                        "tickets")) {
            Path picture = all.resolve("out/figures").resolve(name + ".png");
            assertThat(ImageIO.read(picture.toFile()).getWidth()).isEqualTo(1_200);
            assertThat(page)
                    .contains(
                            "data:image/png;base64,"
                                    + Base64.getEncoder()
                                            .encodeToString(Files.readAllBytes(picture)));
        }
        assertThat(page).contains("<td>dense</td>", "<td>random</td>", "25.4", "seconds");
        assertThat(page).doesNotContain("http://", "https://");
        for (JsonNode comparison : json(all.resolve("out/report.json")).get("comparisons")) {
            assertThat(page).contains(comparison.get("sentence").asText());
        }
    }

    @Test
    void theSameSeedFindsTheSameTickets() throws IOException {
        assertThat(
                        lottery(
                                errors,
                                folder.resolve("out"),
                                "--seeds",
                                "1",
                                "--levels",
                                "1",
                                "--controls",
                                "none"))
                .isZero();
        Network again = Network.load(folder.resolve("out/ticket_level01_seed1/model.zip"));
        assertThat(again.topologies()).isEqualTo(masks("ticket_level01_seed1"));
        assertThat(weights(again, "0/W"))
                .isEqualTo(weights(model("ticket_level01_seed1", "model.zip"), "0/W"));
        assertThat(masks("ticket_level01_seed2")).isNotEqualTo(masks("ticket_level01_seed1"));
    }

    @Test
    void packedLevelsHaveTheCountsOfMaskedOnes() throws IOException {
        String[] options = {
            "--levels",
            "3",
            "--seeds",
            "1",
            "--controls",
            "none",
            "--rate",
            "0.8",
            "--mode",
            "packed"
        };
        assertThat(lottery(errors, folder.resolve("out"), options)).isZero();
        options[options.length - 1] = "masked";
        assertThat(lottery(errors, folder.resolve("masked"), options)).isZero();
        for (int level = 1; level <= 3; level++) {
            String name = "ticket_level%02d_seed1/model.zip".formatted(level);
            Network packed = Network.load(folder.resolve("out").resolve(name));
            Network masked = Network.load(folder.resolve("masked").resolve(name));
            assertThat(packed.activeWeights()).isEqualTo(masked.activeWeights());
            assertThat(packed.totalWeights()).isEqualTo(15_880);
        }
        // 784-20-10 has 15,910 parameters; of 15,680 weights 125 or 126 are left.
        assertThat(
                        Network.load(folder.resolve("masked/ticket_level03_seed1/model.zip"))
                                .parameters())
                .isEqualTo(15_910);
        assertThat(Network.load(folder.resolve("out/ticket_level03_seed1/model.zip")).parameters())
                .isLessThan(400);
    }

    @Test
    void aTrainingWhoseReportIsThereIsNotMadeAgain() throws IOException {
        Path model = all.resolve("out/ticket_level01_seed1/model.zip");
        FileTime before = Files.getLastModifiedTime(model);
        assertThat(lottery(errors, all.resolve("out"), CONTROLS)).isZero();
        assertThat(Files.getLastModifiedTime(model)).isEqualTo(before);
    }

    @Test
    void refusesAFolderOfOtherSettings() {
        assertThat(lottery(errors, all.resolve("out"), "--rate", "0.3")).isEqualTo(2);
        assertThat(errors.toString()).contains("rate is 0.5 there and 0.3 here", "another --out");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--rate|1|--rate must be in (0, 1), got 1.0",
                "--rate|0|--rate must be in (0, 1), got 0.0",
                "--output-rate|1|--output-rate must be in [0, 1), got 1.0",
                "--conv-rate|-1|--conv-rate must be in [0, 1), got -1.0",
                "--levels|-1|--levels must be at least 0, got -1",
                "--seeds|0|--seeds must be at least 1, got 0",
                "--iterations|0|--iterations must be at least 1, got 0",
                "--rewind|30|--rewind must be at least 0 and less than --iterations 30, got 30",
                "--controls|dice|--controls must be of reinit, random and sign",
                "--mode|auto|--mode must be masked or packed, got auto",
                "--model|vgg-19|--model must be",
                "--model|net.zip|--model must be lenet-300-100",
                "--dataset|nothing|nothing",
                "--validation|1|--validation must be in (0, 1), got 1.0",
                "--evaluate-every|0|--evaluate-every must be at least 1, got 0",
                "--checkpoint-every|0|--checkpoint-every must be at least 1, got 0",
                "--learning-rate|0|--learning-rate must be greater than 0, got 0.0",
                "--batch|0|--batch must be at least 1, got 0"
            })
    void refusesWrongOptionsInASentence(String option, String value, String sentence) {
        assertThat(lottery(errors, folder.resolve("out"), option, value)).isEqualTo(2);
        assertThat(errors.toString()).contains(sentence);
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lenet-300-100", "conv-2", "conv-4", "conv-6", "vgg-11"})
    void everyModelHasThePapersSettings(String name) {
        LotteryModel model = LotteryModel.of(name);
        switch (name) {
            case "conv-2" -> assertThat(model).isEqualTo(new LotteryModel(name, 2e-4, 20_000, 0.1));
            case "conv-4" -> assertThat(model).isEqualTo(new LotteryModel(name, 3e-4, 25_000, 0.1));
            case "conv-6", "vgg-11" ->
                    assertThat(model).isEqualTo(new LotteryModel(name, 3e-4, 30_000, 0.15));
            default -> {
                assertThat(model.learningRate()).isEqualTo(1.2e-3);
                assertThat(model.iterations()).isEqualTo(50_000);
            }
        }
    }
}
