package org.dl4jplasticity.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.dl4jplasticity.experiments.Plasticity;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {
    @TempDir private static Path runs;

    @TempDir private Path folder;

    private final StringWriter errors = new StringWriter();

    private int run(String... arguments) {
        return Plasticity.commandLine().setErr(new PrintWriter(errors, true)).execute(arguments);
    }

    private static int train(String name, String method) {
        return Plasticity.commandLine()
                .execute(
                        "train",
                        "--model",
                        "mlp:30-20",
                        "--method",
                        method,
                        "--sparsity",
                        "0.8",
                        "--epochs",
                        "3",
                        "--batch",
                        "128",
                        "--out",
                        runs.resolve(name).toString());
    }

    @BeforeAll
    static void someRuns() {
        assertThat(train("set", "set")).isZero();
        assertThat(train("dense", "dense")).isZero();
    }

    private static String page(Path folder) throws IOException {
        return Files.readString(folder.resolve("report.html"));
    }

    @Test
    void trainingWritesAPageWithEveryFigureInItAndBesideIt() throws IOException {
        String page = page(runs.resolve("set"));
        for (String name :
                List.of(
                        "loss",
                        "accuracy",
                        "sparsity",
                        "dropped",
                        "grown",
                        "explored",
                        "input-connections",
                        "connectivity",
                        "weights-0-W",
                        "weights-2-W",
                        "relevance")) {
            Path png = runs.resolve("set/figures").resolve(name + ".png");
            assertThat(ImageIO.read(png.toFile()).getWidth()).isEqualTo(1_200);
            assertThat(page)
                    .contains("id=\"" + name + "\"")
                    .contains(Base64.getEncoder().encodeToString(Files.readAllBytes(png)));
            assertThat(Table.read(runs.resolve("set/figures").resolve(name + ".csv")).rows())
                    .isNotEmpty();
        }
        assertThat(page)
                .contains("test accuracy", "Settings", "<meta name=\"viewport\"")
                .doesNotContain("http://", "https://", "<script");
    }

    @Test
    void theNumbersOfAFigureAreThoseOfTheRun() {
        Table curves = Table.read(runs.resolve("set/curves.csv"));
        Table loss = Table.read(runs.resolve("set/figures/loss.csv"));
        assertThat(loss.where("series", "training loss").numbers("y"))
                .containsExactly(curves.numbers("loss"));

        Table updates = Table.read(runs.resolve("set/updates.csv"));
        Table dropped = Table.read(runs.resolve("set/figures/dropped.csv"));
        assertThat(dropped.where("series", "0/W").numbers("y"))
                .containsExactly(updates.where("weights", "0/W").numbers("dropped"));
        assertThat(dropped.where("series", "0/W").numbers("x"))
                .containsExactly(updates.where("weights", "0/W").numbers("iteration"));
    }

    @Test
    void aDenseRunHasNoFiguresOfTopologies() throws IOException {
        assertThat(page(runs.resolve("dense")))
                .contains("id=\"loss\"", "id=\"weights-0-W\"", "id=\"relevance\"")
                .doesNotContain("id=\"connectivity\"", "id=\"sparsity\"");
    }

    @Test
    void aPageIsMadeAnewFromTheFolderAlone() throws IOException {
        String before = page(runs.resolve("set"));
        Files.delete(runs.resolve("set/report.html"));

        assertThat(run("report", runs.resolve("set").toString())).isZero();

        assertThat(page(runs.resolve("set"))).isEqualTo(before);
    }

    @Test
    void severalRunsAreComparedInOneTableAndTheSameFigures() throws IOException {
        Path out = folder.resolve("comparison");
        assertThat(
                        run(
                                "report",
                                runs.resolve("set").toString(),
                                runs.resolve("dense").toString(),
                                "--out",
                                out.toString()))
                .isZero();
        assertThat(page(out))
                .contains("2 runs compared", "<td>set</td>", "<td>dense</td>", "method");
        assertThat(Table.read(out.resolve("figures/loss.csv")).column("series"))
                .contains("set", "dense")
                .hasSize(6);
        assertThat(Table.read(out.resolve("figures/accuracy-and-size.csv")).rows()).hasSize(2);
    }

    @Test
    void aRunThatIsNotFinishedIsRefused() throws IOException {
        Files.writeString(folder.resolve("journal.jsonl"), "");
        assertThat(run("report", folder.toString())).isEqualTo(2);
        assertThat(errors.toString())
                .isEqualTo(
                        "plasticity: the run in %s is not finished: it has no report.json yet; call its command again, train with --resume, to have it go on%n"
                                .formatted(folder));
    }

    @Test
    void aFolderOfUnfinishedRunsIsRefused() throws IOException {
        Files.createDirectories(folder.resolve("set_seed1"));
        Files.writeString(folder.resolve("set_seed1/journal.jsonl"), "");
        assertThat(run("report", folder.toString(), runs.resolve("set").toString())).isEqualTo(2);
        assertThat(errors.toString()).contains("is not finished").doesNotContain("\tat ");
    }

    @Test
    void aFolderThatIsNoRunIsRefused() {
        assertThat(run("report", folder.toString())).isEqualTo(2);
        assertThat(errors.toString())
                .isEqualTo(
                        "plasticity: %s is not the folder of a run: it has no report.json%n"
                                .formatted(folder));
    }

    @Test
    void aFolderThatIsNotThereIsRefused() {
        Path nowhere = folder.resolve("nowhere");
        assertThat(run("report", nowhere.toString())).isEqualTo(2);
        assertThat(errors.toString())
                .contains(nowhere + " is not the folder of a run: there is no");
        assertThat(nowhere).doesNotExist();
    }

    @Test
    void aReportThatIsNoneIsRefused() throws IOException {
        Files.writeString(folder.resolve("report.json"), "{\"testAccuracy\":");
        assertThat(run("report", folder.toString())).isEqualTo(2);
        assertThat(errors.toString())
                .contains(folder.resolve("report.json") + " is no report of a run")
                .doesNotContain("\tat ");
        Files.writeString(folder.resolve("report.json"), "[]");
        assertThat(run("report", folder.toString())).isEqualTo(2);
    }

    @Test
    void theSameRunTwiceIsRefused() {
        String run = runs.resolve("set").toString();
        assertThat(run("report", run, run)).isEqualTo(2);
        assertThat(errors.toString()).contains("is named twice");
    }

    @Test
    void noFolderIsWrongUse() {
        assertThat(run("report")).isEqualTo(2);
    }
}
