package org.dl4jplasticity.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.util.Statistics;

/**
 * Runs {@link KernelBenchmark} and {@link RoofBenchmark} on one thread and prints the rate of every
 * kernel and its share of the dense rate, that of the larger matrices or of the kernels' shape,
 * whichever is the higher.
 */
public final class KernelTable {
    private KernelTable() {}

    /**
     * What one benchmark took.
     *
     * @param name the method
     * @param density of its topology; 1 for a roof
     * @param medianNs median of the iterations' mean times, nanoseconds
     * @param minNs the shortest of them
     */
    record Measured(String name, double density, double medianNs, double minNs) {
        /** Operations, or for the triad bytes, of one call. */
        double work() {
            return switch (name) {
                case "gemmOfTheKernelsShape" ->
                        2.0 * KernelBenchmark.UNITS * KernelBenchmark.UNITS * KernelBenchmark.BATCH;
                case "gemmLarge" -> 2 * Math.pow(RoofBenchmark.LARGE, 3);
                case "triad" -> 3.0 * Float.BYTES * RoofBenchmark.TRIAD;
                default -> 2.0 * KernelBenchmark.active(density) * KernelBenchmark.BATCH;
            };
        }

        double median() {
            return work() / medianNs;
        }

        double best() {
            return work() / minNs;
        }

        boolean gemm() {
            return name.startsWith("gemm");
        }
    }

    /**
     * Measures and prints.
     *
     * @param args seconds of an iteration and number of iterations, or nothing for 1 and 5
     * @throws RunnerException if a benchmark fails
     */
    public static void main(String[] args) throws RunnerException {
        double seconds = args.length > 0 ? Double.parseDouble(args[0]) : 1;
        int iterations = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        TimeValue time = TimeValue.milliseconds((long) (seconds * 1000));
        Options options =
                new OptionsBuilder()
                        .include(RoofBenchmark.class.getName())
                        .include(KernelBenchmark.class.getName())
                        .forks(1)
                        .warmupIterations(2)
                        .warmupTime(time)
                        .measurementIterations(iterations)
                        .measurementTime(time)
                        .jvmArgsAppend("-Ddl4j.plasticity.threads=1")
                        .build();
        System.out.print(table(measured(new Runner(options).run())));
    }

    private static List<Measured> measured(Collection<RunResult> results) {
        List<Measured> all = new ArrayList<>();
        for (RunResult result : results) {
            Statistics times = result.getPrimaryResult().getStatistics();
            String density = result.getParams().getParam("density");
            all.add(
                    new Measured(
                            result.getPrimaryResult().getLabel(),
                            density == null ? 1 : Double.parseDouble(density),
                            times.getPercentile(50),
                            times.getMin()));
        }
        return all;
    }

    /** {@return the table in Markdown} */
    static String table(List<Measured> all) {
        double medianRoof = roof(all, false);
        double bestRoof = roof(all, true);
        StringBuilder text = new StringBuilder();
        line(
                text,
                "JDK %d, one core; median (best) of the iterations",
                Runtime.version().feature());
        line(text, "");
        line(text, "| kernel | density | GFLOP/s | %% of gemm |");
        line(text, "|---|---|---|---|");
        for (Measured one : all) {
            if (one.name().equals("triad")) {
                line(text, "| triad | | %.1f (%.1f) GB/s | |", one.median(), one.best());
            } else {
                line(
                        text,
                        "| %s | %s | %.1f (%.1f) | %.0f (%.0f) |",
                        one.name(),
                        one.gemm() ? "1" : String.valueOf(one.density()),
                        one.median(),
                        one.best(),
                        100 * one.median() / medianRoof,
                        100 * one.best() / bestRoof);
            }
        }
        return text.toString();
    }

    private static double roof(List<Measured> all, boolean best) {
        return all.stream()
                .filter(Measured::gemm)
                .mapToDouble(one -> best ? one.best() : one.median())
                .max()
                .orElseThrow(() -> new IllegalArgumentException("kernels: no gemm was measured"));
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
