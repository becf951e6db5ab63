package org.dl4jplasticity.experiments.grow;

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
import java.util.List;
import java.util.stream.StreamSupport;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.dropout.IntervalDropout;
import org.dl4jplasticity.experiments.Plasticity;
import org.dl4jplasticity.journal.Mutation;
import org.dl4jplasticity.journal.MutationJournal;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import picocli.CommandLine;

class GrowCommandTest {
    /** Every look finds a stall: 10 steps an epoch, a look every 5. */
    private static final String[] TINY = {
        "--model",
        "mlp:6-6",
        "--batch",
        "500",
        "--epochs",
        "1",
        "--looks",
        "2",
        "--threshold",
        "1e9",
        "--kappa",
        "0",
        "--seeds",
        "1"
    };

    private static final List<String> ARMS =
            List.of(
                    "static-small",
                    "dropin",
                    "random-layer",
                    "round-robin",
                    "random-init",
                    "static-final",
                    "equal-parameters");

    @TempDir private static Path all;

    @TempDir Path folder;

    private final StringWriter errors = new StringWriter();

    @BeforeAll
    static void runsEveryArmWithTwoSeeds() {
        assertThat(grow(new StringWriter(), all.resolve("out"), "--seeds", "2")).isZero();
    }

    private static int grow(StringWriter errors, Path out, String... options) {
        List<String> arguments = new ArrayList<>(List.of("grow", "--out", out.toString()));
        arguments.addAll(Arrays.asList(TINY));
        arguments.addAll(Arrays.asList(options));
        CommandLine commandLine = Plasticity.commandLine();
        commandLine.setErr(new PrintWriter(errors, true));
        // A later option replaces an earlier one, so that a test can change one of the tiny ones.
        commandLine.setOverwrittenOptionsAllowed(true);
        return commandLine.execute(arguments.toArray(new String[0]));
    }

    private int grow(String... options) {
        return grow(errors, out(), options);
    }

    private Path out() {
        return folder.resolve("out");
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }

    private static JsonNode run(String name) throws IOException {
        return json(all.resolve("out").resolve(name).resolve("report.json"));
    }

    private static List<String> texts(JsonNode array, String field) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(each -> each.path(field).asText())
                .toList();
    }

    @Test
    void everyArmHasAFolderOfItsOwnForEachSeed() {
        for (String arm : ARMS) {
            for (int seed = 1; seed <= 2; seed++) {
                Path run = all.resolve("out").resolve(arm + "_seed" + seed);
                for (String file :
                        List.of(
                                "config.json",
                                "initial.zip",
                                "journal.jsonl",
                                "curves.csv",
                                "growths.csv",
                                "model.zip",
                                "report.json")) {
                    assertThat(run.resolve(file)).isRegularFile();
                }
            }
        }
    }

    @Test
    void theFiguresOfTheTableAreThoseOfTheRuns() throws IOException {
        JsonNode report = json(all.resolve("out/report.json"));
        assertThat(texts(report.get("arms"), "arm")).isEqualTo(ARMS);
        String table = Files.readString(all.resolve("out/table.md"));
        for (JsonNode arm : report.get("arms")) {
            String name = arm.get("arm").asText();
            double first = run(name + "_seed1").get("testAccuracy").doubleValue();
            double second = run(name + "_seed2").get("testAccuracy").doubleValue();
            double mean = (first + second) / 2;
            // Of two figures the sample deviation is their distance over the root of 2.
            double deviation = Math.abs(first - second) / Math.sqrt(2);
            assertThat(arm.get("testAccuracy").get("mean").doubleValue())
                    .isCloseTo(mean, within(1e-12));
            assertThat(arm.get("testAccuracy").get("standardDeviation").doubleValue())
                    .isCloseTo(deviation, within(1e-12));
            assertThat(table)
                    .contains("| %s | %.2f ± %.2f | ".formatted(name, 100 * mean, 100 * deviation));
            assertThat(arm.get("parameters").get("mean").doubleValue())
                    .isEqualTo(
                            (run(name + "_seed1").get("parameters").doubleValue()
                                            + run(name + "_seed2").get("parameters").doubleValue())
                                    / 2);
        }
        assertThat(texts(report.get("differences"), "arm"))
                .containsExactlyInAnyOrder(
                        "static-small",
                        "random-layer",
                        "round-robin",
                        "random-init",
                        "static-final",
                        "equal-parameters");
        report.get("differences")
                .forEach(each -> assertThat(table).contains(each.get("sentence").asText()));
    }

    /** 784-6-6-10: 784*6 + 6 + 6*6 + 6 + 6*10 + 10 = 4822 parameters. */
    @Test
    void staticNetworksKeepTheirSizeAndGrownOnesDoNot() throws IOException {
        JsonNode small = run("static-small_seed1");
        assertThat(small.get("parameters").longValue()).isEqualTo(4822);
        assertThat(small.get("widths").toString()).isEqualTo("{\"0\":6,\"1\":6}");
        assertThat(small.get("growths")).isEmpty();
        for (String arm : List.of("dropin", "random-layer", "round-robin", "random-init")) {
            JsonNode run = run(arm + "_seed1");
            assertThat(run.get("growths")).isNotEmpty();
            int added = 0;
            for (JsonNode growth : run.get("growths")) {
                added += growth.get("added").intValue();
            }
            int units =
                    run.get("widths").get("0").intValue() + run.get("widths").get("1").intValue();
            assertThat(units).isEqualTo(12 + added);
        }
    }

    @Test
    void theNetworkOfDropinsFinalSizeHasDropinsFinalWidths() throws IOException {
        for (int seed = 1; seed <= 2; seed++) {
            JsonNode dropin = run("dropin_seed" + seed);
            JsonNode last = run("static-final_seed" + seed);
            assertThat(last.get("widths")).isEqualTo(dropin.get("widths"));
            assertThat(last.get("parameters")).isEqualTo(dropin.get("parameters"));
            assertThat(last.get("growths")).isEmpty();
            JsonNode equal = run("equal-parameters_seed" + seed);
            assertThat(equal.get("widths").get("0")).isEqualTo(equal.get("widths").get("1"));
        }
    }

    @Test
    void everyGrowthIsInTheJournalAndTheJournalLeadsToTheModel() throws IOException {
        Path run = all.resolve("out/dropin_seed1");
        List<Mutation> mutations = MutationJournal.read(run.resolve("journal.jsonl")).mutations();
        JsonNode growths = json(run.resolve("report.json")).get("growths");
        assertThat(mutations).hasSize(growths.size());
        for (int i = 0; i < growths.size(); i++) {
            assertThat(mutations.get(i).kind()).isEqualTo("widen");
            assertThat(mutations.get(i).weights())
                    .isEqualTo(growths.get(i).get("layerId").asText());
            assertThat(mutations.get(i).grown()).hasSize(growths.get(i).get("added").intValue());
        }
        assertThat(Plasticity.commandLine().execute("replay", run.toString())).isZero();
        assertThat(Files.readAllLines(run.resolve("growths.csv"))).hasSize(growths.size() + 1);
    }

    @Test
    void aJournalThatLeadsToOtherWidthsIsRefused() throws IOException {
        Path run = Files.createDirectories(out());
        for (String file : List.of("initial.zip", "model.zip", "report.json")) {
            Files.copy(all.resolve("out/dropin_seed1").resolve(file), run.resolve(file));
        }
        Files.createFile(run.resolve("journal.jsonl"));
        CommandLine line = Plasticity.commandLine().setErr(new PrintWriter(errors, true));
        assertThat(line.execute("replay", run.toString())).isEqualTo(2);
        assertThat(errors.toString())
                .contains("does not lead to the widths of", "got [[784, 6], [6, 6], [6, 10]]")
                .doesNotContain("\tat ");
    }

    @Test
    void curvesAreAPictureAndATable() throws IOException {
        for (String figure : List.of("curves", "parameters", "accuracy-and-size")) {
            assertThat(all.resolve("out/figures").resolve(figure + ".png")).isRegularFile();
            assertThat(Files.readString(all.resolve("out/report.html")))
                    .contains("id=\"" + figure + "\"");
        }
        for (JsonNode difference : json(all.resolve("out/report.json")).get("differences")) {
            assertThat(Files.readString(all.resolve("out/report.html")))
                    .contains(difference.get("sentence").asText());
        }
        assertThat(Files.readAllLines(all.resolve("out/dropin_seed1/curves.csv")))
                .hasSize(2)
                .first()
                .isEqualTo(
                        "epoch,iteration,task,loss,validationAccuracy,widths,parameters,"
                                + "trainSeconds");
    }

    @Test
    void theRunOfAnArmHasAPageOnDemand() throws IOException {
        Path run = all.resolve("out/dropin_seed1");
        assertThat(Plasticity.commandLine().execute("report", run.toString())).isZero();
        assertThat(Files.readString(run.resolve("report.html")))
                .contains("id=\"neurons\"", "id=\"accuracy\"", "dropin");
    }

    @Test
    void whatIsThereAlreadyIsNotRunAgain() throws IOException {
        String[] options = {"--arms", "static-small,static-final,dropin"};
        assertThat(grow(options)).isZero();
        JsonNode before = json(out().resolve("report.json"));
        FileTime longAgo = FileTime.fromMillis(1_000_000);
        Path kept = out().resolve("dropin_seed1/model.zip");
        Files.setLastModifiedTime(kept, longAgo);
        // As an experiment leaves it that was stopped: the last run began but has no report.
        Files.delete(out().resolve("static-final_seed1/report.json"));

        assertThat(grow(options)).isZero();

        assertThat(Files.getLastModifiedTime(kept)).isEqualTo(longAgo);
        JsonNode after = json(out().resolve("report.json"));
        assertThat(texts(after.get("arms"), "arm"))
                .containsExactly("static-small", "dropin", "static-final");
        for (int i = 0; i < 3; i++) {
            assertThat(after.get("arms").get(i).get("testAccuracy"))
                    .isEqualTo(before.get("arms").get(i).get("testAccuracy"));
        }
    }

    @Test
    void aReportOfOtherSettingsIsNotOverwritten() {
        assertThat(grow("--arms", "dropin")).isZero();
        assertThat(grow("--arms", "static-small,dropin", "--units", "0.25")).isEqualTo(2);
        assertThat(errors.toString())
                .contains("report.json is of other settings: units is 1.0 there and 0.25 here;")
                .doesNotContain("\tat ");
        assertThat(out().resolve("static-small_seed1")).doesNotExist();
    }

    @Test
    void layersCanBeChosenByWhatNewUnitsWouldGain() throws IOException {
        assertThat(grow("--arms", "gradmax-layer,tiny-layer")).isZero();
        for (String arm : List.of("gradmax-layer", "tiny-layer")) {
            assertThat(json(out().resolve(arm + "_seed1/report.json")).get("growths")).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"permuted", "new-classes"})
    void aNewTaskIsTheSignalToGrow(String change) throws IOException {
        assertThat(
                        grow(
                                "--experiment",
                                "new-data",
                                "--switch",
                                change,
                                "--arms",
                                "static-small,dropin"))
                .isZero();
        JsonNode dropin = json(out().resolve("dropin_seed1/report.json"));
        assertThat(dropin.get("tasks")).hasSize(2);
        assertThat(texts(dropin.get("growths"), "cause")).containsExactly("new data");
        int firstEpoch = dropin.get("curve").get(0).get("iteration").intValue();
        assertThat(dropin.get("growths").get(0).get("iteration").intValue())
                .isBetween(firstEpoch, firstEpoch + 1);
        assertThat(Files.readString(out().resolve("table.md")))
                .contains("| old task at the end, % | new task, % |");
        JsonNode figures = json(out().resolve("report.json")).get("arms").get(1);
        assertThat(figures.get("oldTask").get("mean"))
                .isEqualTo(dropin.get("tasks").get(0).get("finalTestAccuracy"));
        assertThat(figures.get("newTask").get("mean"))
                .isEqualTo(dropin.get("tasks").get(1).get("testAccuracy"));
    }

    @Test
    void tasksOfPermutedPixelsAreLearntOneAfterTheOther() throws IOException {
        assertThat(
                        grow(
                                "--experiment",
                                "permuted",
                                "--tasks",
                                "3",
                                "--replacement-rate",
                                "0.05",
                                "--maturity",
                                "2",
                                "--recycle-every",
                                "3",
                                "--dormancy",
                                "0.5"))
                .isZero();
        JsonNode report = json(out().resolve("report.json"));
        assertThat(texts(report.get("arms"), "arm"))
                .containsExactly("plain", "continual-backprop", "redo", "dropin");
        List<String> lines = Files.readAllLines(out().resolve("tasks.csv"));
        assertThat(lines).hasSize(1 + 4 * 3);
        for (JsonNode run : report.get("runs")) {
            for (JsonNode task : run.get("tasks")) {
                assertThat(task.get("onlineAccuracy").doubleValue()).isBetween(0.0, 1.0);
                assertThat(task.get("effectiveRanks")).hasSize(2);
                assertThat(task.get("deadShare").doubleValue()).isBetween(0.0, 1.0);
                assertThat(task.get("meanAbsoluteWeight").doubleValue()).isPositive();
            }
        }
        // Two switches, so two growths; recycling is in the journals.
        assertThat(json(out().resolve("dropin_seed1/report.json")).get("growths")).hasSize(2);
        for (String arm : List.of("continual-backprop", "redo")) {
            Path run = out().resolve(arm + "_seed1");
            assertThat(MutationJournal.read(run.resolve("journal.jsonl")).mutations())
                    .isNotEmpty()
                    .allMatch(mutation -> mutation.kind().equals("recycle"));
            assertThat(Plasticity.commandLine().execute("replay", run.toString())).isZero();
        }
        assertThat(Files.readString(out().resolve("table.md")))
                .contains("| accuracy on each task at its end, % | 1 | 2 | 3 |");
    }

    @Test
    void aPlainNetworkIsComparedWithOneThatDropsByIntervals() throws IOException {
        assertThat(grow("--experiment", "permuted", "--tasks", "2", "--arms", "plain,aid"))
                .isZero();
        assertThat(texts(json(out().resolve("report.json")).get("arms"), "arm"))
                .containsExactly("plain", "aid");
        MultiLayerNetwork aid =
                MultiLayerNetwork.load(out().resolve("aid_seed1/model.zip").toFile(), false);
        for (int i = 0; i < 2; i++) {
            assertThat(((BaseLayer) aid.getLayer(i).conf().getLayer()).getActivationFn())
                    .isEqualTo(IntervalDropout.relu(0.99, 1));
        }
        assertThat(((BaseLayer) aid.getOutputLayer().conf().getLayer()).getActivationFn())
                .isInstanceOf(ActivationSoftmax.class);
    }

    @Test
    void growthEndsAtTheLimits() throws IOException {
        assertThat(grow("--arms", "dropin", "--epochs", "3", "--per-layer", "7")).isZero();
        assertThat(json(out().resolve("dropin_seed1/report.json")).get("widths").toString())
                .isEqualTo("{\"0\":7,\"1\":7}");
    }

    @Test
    void aDivergedRunIsToldAtTheEndWithTheOthersThatNeedIt() {
        assertThat(grow("--arms", "dropin,static-final", "--learning-rate", "1e30")).isEqualTo(1);
        assertThat(errors.toString())
                .contains("dropin, seed 1: training stopped at iteration")
                .contains("static-final, seed 1: dropin of this seed failed")
                .doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --experiment|magic|magic
                    --switch|magic|magic
                    --trigger|magic|magic
                    --arms|magic|magic
                    --arms|dropin,dropin|--arms must all be different, got [dropin, dropin]
                    --arms|static-final|and needs dropin, got [static-final]
                    --arms|redo|experiment start-small compares some of
                    --tasks|1|--tasks must be at least 2, got 1
                    --seeds|0|--seeds must be at least 1, got 0
                    --epochs|0|--epochs must be at least 1, got 0
                    --validation|0|--validation must be greater than 0
                    --threshold|0|--threshold must be greater than 0, got 0.0
                    --patience|0|--patience must be at least 1, got 0
                    --looks|0|--looks must be at least 1, got 0
                    --units|0|--units must be greater than 0, got 0.0
                    --per-layer|-1|--per-layer must be at least 0, got -1
                    --parameters|-1|--parameters must be at least 0, got -1
                    --stop-after|-1|--stop-after must be at least 0, got -1
                    --kappa|-1|--kappa must be at least 0, got -1.0
                    --replacement-rate|2|--replacement-rate must be in (0, 1], got 2.0
                    --maturity|-1|--maturity must be at least 0, got -1
                    --recycle-every|0|--recycle-every must be at least 1, got 0
                    --dormancy|-1|--dormancy must be at least 0, got -1.0
                    --model|resnet|got 'resnet'
                    --dataset|imagenet|imagenet
                    --method|rigl|--method
                    """)
    void badInputIsOneSentenceAndExitCode2BeforeAnythingIsTrained(
            String option, String value, String sentence) {
        assertThat(grow(option, value)).isEqualTo(2);
        assertThat(errors.toString()).contains(sentence).doesNotContain("\tat ");
        assertThat(out()).doesNotExist();
    }

    @Test
    void anEndByTheValidationLossIsRefusedWhereTasksChange() {
        assertThat(grow("--experiment", "permuted", "--stop-after", "2")).isEqualTo(2);
        assertThat(errors.toString()).contains("--stop-after: a validation loss tells something");
        assertThat(out()).doesNotExist();
    }

    @Test
    void theModelThatGrowsIsSmallUnlessToldOtherwise() {
        StringWriter help = new StringWriter();
        CommandLine line = Plasticity.commandLine().setOut(new PrintWriter(help, true));
        assertThat(line.execute("grow", "--help")).isZero();
        assertThat(help.toString()).contains("Default: mlp:32-32", "--experiment=NAME");
    }
}
