package org.dl4jplasticity.experiments.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.dl4jplasticity.experiments.Plasticity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A search that is killed at any moment goes on as if nothing had happened. */
class SearchAfterKillTest {
    private static final int KILLS = 2;
    private static final long SEED = 20261123;

    @TempDir private Path folder;

    @Test
    void endsWithTheCandidatesAndTheModelOfTheUninterruptedSearch() throws Exception {
        SearchFiles files = new SearchFiles(folder);
        Path space =
                files.small(
                        "  momentum: {from: 0.1, to: 0.9}",
                        "  width: {from: 5, to: 20}",
                        "  updateEvery: {from: 2, to: 10, scale: log}");
        Path whole = folder.resolve("whole");
        Process uninterrupted = search(files, space, whole);
        awaitCandidates(uninterrupted, whole, 1);
        long begin = System.nanoTime();
        assertThat(uninterrupted.waitFor(5, TimeUnit.MINUTES)).isTrue();
        long duration = System.nanoTime() - begin;
        assertThat(uninterrupted.exitValue()).isZero();
        assertThat(candidates(whole)).hasSize(1 + 1 + 10);

        Path killed = folder.resolve("killed");
        SplittableRandom random = new SplittableRandom(SEED);
        int interrupted = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Process run = search(files, space, killed);
            // The settings and the first candidates are there, more are to come.
            awaitCandidates(run, killed, 2 + 3 * kill);
            run.waitFor(random.nextLong(duration / 5), TimeUnit.NANOSECONDS);
            if (run.isAlive()) {
                interrupted++;
            }
            run.destroyForcibly().waitFor();
        }
        assertThat(interrupted).isPositive();
        assertThat(killed.resolve("report.json")).doesNotExist();
        Process last = search(files, space, killed);
        assertThat(last.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(last.exitValue()).isZero();

        assertThat(candidates(killed)).isEqualTo(candidates(whole));
        assertThat(killed.resolve("figures/front.csv"))
                .hasSameBinaryContentAs(whole.resolve("figures/front.csv"));
        assertThat(verdict(killed)).isEqualTo(verdict(whole));
    }

    /** By the generator that heeds what became of earlier candidates. */
    private Process search(SearchFiles files, Path space, Path out) throws IOException {
        String classpath =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx512m", "-cp", classpath, Plasticity.class.getName()));
        command.addAll(files.arguments(space, out, "--candidates", "10", "--generator", "genetic"));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("OMP_NUM_THREADS", "1");
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void awaitCandidates(Process run, Path out, int lines)
            throws InterruptedException, IOException {
        Path journal = out.resolve("candidates.jsonl");
        while (run.isAlive()
                && !(Files.exists(journal) && Files.readAllLines(journal).size() > lines)) {
            run.waitFor(5, TimeUnit.MILLISECONDS);
        }
    }

    /** Without the seconds, which no two trainings share. */
    private static List<String> candidates(Path out) throws IOException {
        return Files.readAllLines(out.resolve("candidates.jsonl")).stream()
                .map(line -> line.replaceAll("\"trainSeconds\":[^,}]*", ""))
                .toList();
    }

    private static String verdict(Path out) throws IOException {
        String report = Files.readString(out.resolve("report.json"));
        return report.substring(report.indexOf("\"verdict\""), report.indexOf("\"front\""));
    }
}
