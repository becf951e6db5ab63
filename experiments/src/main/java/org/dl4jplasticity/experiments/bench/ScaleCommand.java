package org.dl4jplasticity.experiments.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.dl4jplasticity.experiments.report.RunReport;
import org.dl4jplasticity.experiments.run.Backend;
import org.dl4jplasticity.experiments.run.Console;
import org.dl4jplasticity.experiments.run.RunFolder;
import org.dl4jplasticity.experiments.train.TrainReport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code plasticity scale}. */
@Command(
        name = "scale",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        sortOptions = false,
        description =
                "Times a training step of ever wider sparse networks, 784-n-n-10 with SET's epsilon"
                        + " 20, and tells how it grows with their active weights.")
public final class ScaleCommand implements Callable<Integer> {
    @Option(
            names = "--widths",
            paramLabel = "N,...",
            split = ",",
            defaultValue = "200,600,2000,6000,20000,60000,200000,500000",
            description = "Units of each hidden layer, ascending.")
    private int[] widths;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "32")
    private int batch;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "runs/scale",
            description = "Folder for report.html, report.json and scale.csv.")
    private Path out;

    private static final int[] COLUMNS = {9, 14, 18, 10, 10, 9};

    @Override
    public Integer call() {
        if (batch < 1) {
            throw new IllegalArgumentException("--batch must be at least 1, got " + batch);
        }
        for (int width : widths) {
            if (width < 1) {
                throw new IllegalArgumentException(
                        "--widths must each be at least 1, got " + width);
            }
        }
        RunFolder folder = new RunFolder(out);
        Backend.tune();
        Console console = new Console();
        console.columns(
                List.of(
                        "width",
                        "active weights",
                        "possible weights",
                        "median ms",
                        "min ms",
                        "ns/weight"),
                COLUMNS);
        List<ScaleBenchmark.Result> results = new ArrayList<>();
        for (int width : widths) {
            ScaleBenchmark.Result result = new ScaleBenchmark(batch).run(width);
            results.add(result);
            console.row(
                    List.of(
                            String.valueOf(result.width()),
                            console.count(result.activeWeights()),
                            console.count(result.possibleWeights()),
                            console.number(result.medianMs(), 2),
                            console.number(result.minMs(), 2),
                            console.number(result.nsPerActiveWeight(), 2)),
                    COLUMNS);
        }
        folder.write("scale.csv", csv(results));
        if (results.size() > 1) {
            console.say(
                    "time grows as active weights to the power of %.2f",
                    ScaleBenchmark.exponent(results));
        }
        folder.write("report.json", TrainReport.json(report(results)));
        RunReport.write(out, null);
        console.say("report.html, report.json and scale.csv are in %s", out);
        return CommandLine.ExitCode.OK;
    }

    private static String csv(List<ScaleBenchmark.Result> results) {
        return results.stream()
                .map(ScaleBenchmark.Result::csv)
                .collect(Collectors.joining("\n", ScaleBenchmark.Result.HEADER + "\n", "\n"));
    }

    private Map<String, Object> report(List<ScaleBenchmark.Result> results) {
        Map<String, Object> report = new LinkedHashMap<>();
        if (results.size() > 1) {
            report.put("exponent", ScaleBenchmark.exponent(results));
        }
        report.put("scale", results);
        report.put("config", Map.of("model", "784-n-n-10, epsilon 20", "batch", batch));
        return report;
    }
}
