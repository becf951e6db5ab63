package org.dl4jplasticity.experiments;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.dl4jplasticity.kernel.KernelChoice;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code plasticity bench}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        sortOptions = false,
        description =
                "Times a training step of dense DL4J against packed networks, in turn in one process.")
final class BenchCommand implements Callable<Integer> {
    @Option(
            names = "--widths",
            paramLabel = "WIDTHS",
            defaultValue = "784-1000-1000-1000-10",
            description = "Sizes from inputs to classes.")
    private String widths;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "128")
    private int batch;

    @Option(
            names = "--densities",
            paramLabel = "D,...",
            split = ",",
            defaultValue = "0.2,0.1,0.05,0.01",
            description = "Densities of the packed networks, each in (0, 1].")
    private double[] densities;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "200",
            description = "Timed steps of each contestant.")
    private int steps;

    @Option(
            names = "--warmup",
            paramLabel = "N",
            defaultValue = "300",
            description = "Steps of each contestant before the timed ones.")
    private int warmup;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description = "Also writes the table to a file.")
    private Path json;

    @Override
    public Integer call() {
        requireAtLeast("--batch", batch, 1);
        requireAtLeast("--steps", steps, 1);
        requireAtLeast("--warmup", warmup, 0);
        for (double density : densities) {
            if (!(density > 0 && density <= 1)) {
                throw new IllegalArgumentException(
                        "--densities must each be in (0, 1], got " + density);
            }
        }
        List<StepBenchmark.Result> results =
                new StepBenchmark(parseWidths(), batch, steps, warmup).run(densities);
        System.out.printf(
                Locale.ROOT,
                "training step, %s, batch %d, %d steps each, %s kernels, %d processors%n",
                widths,
                batch,
                steps,
                KernelChoice.selected().name().toLowerCase(Locale.ROOT),
                Runtime.getRuntime().availableProcessors());
        System.out.printf(
                "%-10s  %7s  %9s  %9s  %13s%n",
                "contestant", "density", "median ms", "min ms", "times dense");
        for (StepBenchmark.Result result : results) {
            System.out.printf(
                    Locale.ROOT,
                    "%-10s  %7s  %9.2f  %9.2f  %13.2f%n",
                    result.contestant(),
                    result.density(),
                    result.medianMs(),
                    result.minMs(),
                    result.ratioToDense());
        }
        if (json != null) {
            Path file = json.toAbsolutePath();
            new RunFolder(file.getParent())
                    .write(file.getFileName().toString(), TrainReport.json(results));
        }
        return CommandLine.ExitCode.OK;
    }

    private int[] parseWidths() {
        return Widths.parse(widths)
                .filter(parsed -> parsed.length >= 2)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "--widths must be at least two numbers joined by '-', got '%s'"
                                                .formatted(widths)));
    }

    private static void requireAtLeast(String option, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    "%s must be at least %d, got %d".formatted(option, least, value));
        }
    }
}
