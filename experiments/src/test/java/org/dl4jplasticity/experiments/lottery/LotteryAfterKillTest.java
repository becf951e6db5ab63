package org.dl4jplasticity.experiments.lottery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipFile;
import org.dl4jplasticity.experiments.Plasticity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lottery run that is killed goes on to the same figures. */
class LotteryAfterKillTest {
    @TempDir private Path folder;

    @Test
    void killedBetweenAndInsideLevelsEndsWithTheSameFigures() throws Exception {
        Path whole = folder.resolve("whole");
        assertThat(finished(lottery(whole))).isZero();

        Path killed = folder.resolve("killed");
        // Inside the dense training, inside a level, and where a level has just ended.
        killWhen(killed, "dense_seed1/checkpoint.zip");
        assertThat(killed.resolve("dense_seed1/report.json")).doesNotExist();
        killWhen(killed, "ticket_level01_seed1/checkpoint.zip");
        assertThat(killed.resolve("ticket_level01_seed1/report.json")).doesNotExist();
        killWhen(killed, "ticket_level01_seed1/report.json");
        assertThat(killed.resolve("reinit_level02_seed1/report.json")).doesNotExist();
        assertThat(finished(lottery(killed))).isZero();

        assertThat(withoutSeconds(killed.resolve("levels.csv"), 2))
                .isEqualTo(withoutSeconds(whole.resolve("levels.csv"), 2))
                .hasSize(6);
        for (String cell :
                List.of(
                        "dense_seed1",
                        "ticket_level01_seed1",
                        "ticket_level02_seed1",
                        "reinit_level01_seed1",
                        "reinit_level02_seed1")) {
            assertThat(coefficients(killed.resolve(cell)))
                    .isEqualTo(coefficients(whole.resolve(cell)));
            assertThat(withoutSeconds(killed.resolve(cell).resolve("curves.csv"), 1))
                    .isEqualTo(withoutSeconds(whole.resolve(cell).resolve("curves.csv"), 1));
            assertThat(killed.resolve(cell).resolve("mask.json"))
                    .hasSameBinaryContentAs(whole.resolve(cell).resolve("mask.json"));
        }
    }

    private static Process lottery(Path out) throws IOException {
        String classpath =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx512m", "-cp", classpath, Plasticity.class.getName()));
        command.addAll(List.of("lottery", "--model", "mlp:20", "--levels", "2", "--seeds", "1"));
        command.addAll(List.of("--iterations", "240", "--evaluate-every", "40", "--rewind", "3"));
        command.addAll(List.of("--checkpoint-every", "30", "--out", out.toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("OMP_NUM_THREADS", "1");
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static int finished(Process run) throws InterruptedException {
        assertThat(run.waitFor(5, TimeUnit.MINUTES)).isTrue();
        return run.exitValue();
    }

    private static void killWhen(Path out, String file) throws Exception {
        Process run = lottery(out);
        while (run.isAlive() && !Files.exists(out.resolve(file))) {
            run.waitFor(2, TimeUnit.MILLISECONDS);
        }
        assertThat(run.isAlive()).isTrue();
        run.destroyForcibly().waitFor();
    }

    private static byte[] coefficients(Path cell) throws IOException {
        try (ZipFile zip = new ZipFile(cell.resolve("model.zip").toFile())) {
            return zip.getInputStream(zip.getEntry("coefficients.bin")).readAllBytes();
        }
    }

    /** Without the last columns, seconds, which no two runs share. */
    private static List<String> withoutSeconds(Path csv, int columns) throws IOException {
        return Files.readAllLines(csv).stream()
                .map(
                        line -> {
                            String rest = line;
                            for (int column = 0; column < columns; column++) {
                                rest = rest.substring(0, rest.lastIndexOf(','));
                            }
                            return rest;
                        })
                .toList();
    }
}
