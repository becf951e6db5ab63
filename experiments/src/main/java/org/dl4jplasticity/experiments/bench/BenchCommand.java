package org.dl4jplasticity.experiments.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.dl4jplasticity.experiments.report.RunReport;
import org.dl4jplasticity.experiments.run.Console;
import org.dl4jplasticity.experiments.run.RunFolder;
import org.dl4jplasticity.experiments.run.Widths;
import org.dl4jplasticity.experiments.train.TrainOptions;
import org.dl4jplasticity.experiments.train.TrainReport;
import org.dl4jplasticity.kernel.KernelChoice;
import org.dl4jplasticity.schedule.SparsityDistribution;
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
                "Times a training step, or inference, of dense DL4J against packed networks, in turn in"
                        + " one process.")
public final class BenchCommand implements Callable<Integer> {
    private static final int[] COLUMNS = {-10, 7, 9, 9, 13};

    @Option(
            names = "--widths",
            paramLabel = "WIDTHS",
            defaultValue = "784-1000-1000-1000-10",
            description = "Sizes of a multi-layer perceptron, from inputs to classes.")
    private String widths;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description =
                    "Times a model as train takes it, on images of CIFAR-10's shape, instead of the"
                            + " perceptron.")
    private String model;

    @Option(
            names = "--distribution",
            paramLabel = "NAME",
            defaultValue = "uniform",
            converter = TrainOptions.DistributionConverter.class,
            description = "How the model's active connections are shared out, as train takes it.")
    private SparsityDistribution distribution;

    @Option(
            names = "--convolution",
            paramLabel = "IN-OUT:KERNEL:IMAGE",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description =
                    "Times a convolution by itself, as 64-64:3x3:16x16, or 3-64:5x5/2:32x32 with"
                            + " stride 2; together with --model both.")
    private String convolution;

    @Option(names = "--inference", description = "Times the output instead of a training step.")
    private boolean inference;

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

    @Option(
            names = "--out",
            paramLabel = "DIR",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description = "Folder for report.html and report.json; none by default.")
    private Path out;

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
        Map<String, List<StepBenchmark.Result>> tables = new LinkedHashMap<>();
        for (Workload workload : workloads()) {
            List<StepBenchmark.Result> results = benchmark(workload).run(densities);
            print(workload, results);
            tables.put(workload.title(), results);
        }
        if (json != null) {
            Path file = json.toAbsolutePath();
            // One workload is a plain list, several are a list of each by its title.
            Object content = tables.size() == 1 ? tables.values().iterator().next() : tables;
            new RunFolder(file.getParent())
                    .write(file.getFileName().toString(), TrainReport.json(content));
        }
        if (out != null) {
            new RunFolder(out).write("report.json", TrainReport.json(report(tables)));
            RunReport.write(out, null);
            new Console().say("report.html and report.json are in %s", out);
        }
        return CommandLine.ExitCode.OK;
    }

    private Map<String, Object> report(Map<String, List<StepBenchmark.Result>> tables) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("step", inference ? "inference" : "training");
        config.put("batch", batch);
        config.put("steps", steps);
        config.put("warmup", warmup);
        config.put("kernels", KernelChoice.selected().name().toLowerCase(Locale.ROOT));
        config.put("processors", Runtime.getRuntime().availableProcessors());
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("workloads", tables);
        report.put("config", config);
        return report;
    }

    private List<Workload> workloads() {
        List<Workload> workloads = new ArrayList<>();
        if (convolution != null) {
            workloads.add(ConvolutionWorkload.parse(convolution, batch));
        }
        if (model != null) {
            workloads.add(new ModelWorkload(model, distribution, batch));
        }
        return workloads.isEmpty()
                ? List.of(new PerceptronWorkload(parseWidths(), batch))
                : workloads;
    }

    private StepBenchmark benchmark(Workload workload) {
        return new StepBenchmark(
                workload,
                contestant -> {
                    if (inference) {
                        contestant.infer();
                    } else {
                        contestant.train();
                    }
                },
                steps,
                warmup);
    }

    private void print(Workload workload, List<StepBenchmark.Result> results) {
        Console console = new Console();
        console.say(
                "%s, %s, batch %d, %d steps each, %s kernels, %d processors",
                inference ? "inference" : "training step",
                workload.title(),
                batch,
                steps,
                KernelChoice.selected().name().toLowerCase(Locale.ROOT),
                Runtime.getRuntime().availableProcessors());
        console.columns(
                List.of("contestant", "density", "median ms", "min ms", "times dense"), COLUMNS);
        for (StepBenchmark.Result result : results) {
            console.row(
                    List.of(
                            result.contestant(),
                            String.valueOf(result.density()),
                            console.number(result.medianMs(), 2),
                            console.number(result.minMs(), 2),
                            console.number(result.ratioToDense(), 2)),
                    COLUMNS);
        }
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
