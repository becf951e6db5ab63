package org.dl4jplasticity.experiments.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipFile;
import org.dl4jplasticity.checkpoint.Checkpoint;
import org.dl4jplasticity.experiments.Plasticity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A training that is killed at any moment goes on as if nothing had happened. */
class ResumeAfterKillTest {
    private static final int KILLS = 3;

    @TempDir private Path folder;

    @ParameterizedTest
    @EnumSource(names = {"RIGL", "SET", "SNFS", "GRANET", "TOP_KAST"})
    void endsWithTheBytesOfTheUninterruptedRun(Method method) throws Exception {
        Path data = folder.resolve("rings.csv");
        Files.writeString(data, rings());
        Path whole = folder.resolve("whole");
        Process uninterrupted = train(method, data, whole);
        awaitBeginning(uninterrupted, whole);
        long begin = System.nanoTime();
        assertThat(uninterrupted.waitFor(5, TimeUnit.MINUTES)).isTrue();
        long duration = System.nanoTime() - begin;
        assertThat(uninterrupted.exitValue()).isZero();

        Path killed = folder.resolve("killed");
        long seed = 20261122L + method.name().hashCode();
        System.out.println("ResumeAfterKillTest: seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        int interrupted = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Process run = train(method, data, killed);
            awaitBeginning(run, killed);
            // Each part is a fraction of the run, so that several kills find it under way.
            run.waitFor(random.nextLong(duration / 3), TimeUnit.NANOSECONDS);
            if (run.isAlive()) {
                interrupted++;
            }
            run.destroyForcibly().waitFor();
        }
        assertThat(interrupted).isPositive();
        Process last = train(method, data, killed);
        assertThat(last.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(last.exitValue()).isZero();

        for (String entry : List.of("coefficients.bin", "updaterState.bin")) {
            assertThat(entry(killed, entry)).isEqualTo(entry(whole, entry));
        }
        for (String file : List.of("journal.jsonl", "updates.csv")) {
            assertThat(killed.resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
        }
        assertThat(curves(killed)).isEqualTo(curves(whole));
    }

    @Test
    void anInterruptedTrainingSavesItselfBeforeItEnds() throws Exception {
        Path data = folder.resolve("rings.csv");
        Files.writeString(data, rings());
        Path whole = folder.resolve("whole");
        assertThat(rarelySaved(data, whole).waitFor(5, TimeUnit.MINUTES)).isTrue();

        Path interrupted = folder.resolve("interrupted");
        Process run = rarelySaved(data, interrupted);
        while (run.isAlive() && !Files.exists(interrupted.resolve("curves.csv"))) {
            run.waitFor(5, TimeUnit.MILLISECONDS);
        }
        run.destroy(); // the signal of kill; Ctrl-C is told the same way
        assertThat(run.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(run.exitValue()).isEqualTo(143);
        assertThat(interrupted.resolve("report.json")).doesNotExist();
        assertThat(Files.readString(interrupted.resolveSibling("interrupted.log")))
                .contains("interrupted; the same command with --resume goes on from here");
        long batches =
                Checkpoint.read(interrupted.resolve("checkpoint.zip"))
                        .dataOrder()
                        .orElseThrow()
                        .batches();
        System.out.println("ResumeAfterKillTest: interrupted after " + batches + " batches");

        assertThat(rarelySaved(data, interrupted).waitFor(5, TimeUnit.MINUTES)).isTrue();
        for (String entry : List.of("coefficients.bin", "updaterState.bin")) {
            assertThat(entry(interrupted, entry)).isEqualTo(entry(whole, entry));
        }
        assertThat(curves(interrupted)).isEqualTo(curves(whole));
    }

    /** A training that saves itself at the ends of its epochs only. */
    private static Process rarelySaved(Path data, Path out) throws IOException {
        List<String> command = command(Method.RIGL, data, out);
        command.set(command.indexOf("--checkpoint-every") + 1, "0");
        return start(
                command,
                ProcessBuilder.Redirect.appendTo(
                        out.resolveSibling(out.getFileName() + ".log").toFile()));
    }

    /** Points on two rings, too many to be learned at once. */
    private static String rings() {
        SplittableRandom random = new SplittableRandom(7);
        StringBuilder csv = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            int label = i % 2;
            for (int feature = 0; feature < 10; feature++) {
                csv.append(
                        String.format(
                                Locale.ROOT, "%.4f,", random.nextGaussian(0, 1 + 0.5 * label)));
            }
            csv.append(label).append('\n');
        }
        return csv.toString();
    }

    private static Process train(Method method, Path data, Path out) throws IOException {
        return start(command(method, data, out), ProcessBuilder.Redirect.DISCARD);
    }

    private static List<String> command(Method method, Path data, Path out) {
        String classpath =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx512m", "-cp", classpath, Plasticity.class.getName(), "train"));
        command.addAll(List.of("--dataset", "csv:" + data, "--model", "mlp:40-30"));
        command.addAll(List.of("--method", method.toString(), "--sparsity", "0.7"));
        command.addAll(List.of("--epochs", "15", "--batch", "20", "--learning-rate", "0.02"));
        command.addAll(List.of("--checkpoint-every", "37", "--resume", "--out", out.toString()));
        return command;
    }

    private static Process start(List<String> command, ProcessBuilder.Redirect told)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("OMP_NUM_THREADS", "1");
        return builder.redirectErrorStream(true).redirectOutput(told).start();
    }

    /** Until there is something to interrupt, or the run ends. */
    private static void awaitBeginning(Process run, Path out) throws InterruptedException {
        while (run.isAlive() && !Files.exists(out.resolve("journal.jsonl"))) {
            run.waitFor(5, TimeUnit.MILLISECONDS);
        }
    }

    private static byte[] entry(Path run, String name) throws IOException {
        try (ZipFile zip = new ZipFile(run.resolve("model.zip").toFile())) {
            return zip.getInputStream(zip.getEntry(name)).readAllBytes();
        }
    }

    /** Without the seconds, which no two runs share. */
    private static List<String> curves(Path run) throws IOException {
        return Files.readAllLines(run.resolve("curves.csv")).stream()
                .map(line -> line.substring(0, line.lastIndexOf(',')))
                .toList();
    }
}
