package org.dl4jplasticity.experiments.lottery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.dl4jplasticity.experiments.run.RunFolder;
import org.dl4jplasticity.experiments.run.Sample;

/** A lottery run for people: {@code report.html}, one file with its pictures in it. */
final class LotteryPage {
    private static final Map<String, Function<LotteryTable, LotteryChart>> FIGURES =
            new LinkedHashMap<>();

    static {
        FIGURES.put("early-stop-iteration.png", LotteryChart::ofEarlyStop);
        FIGURES.put("early-stop-accuracy.png", LotteryChart::ofEarlyStopAccuracy);
        FIGURES.put("final-accuracy.png", LotteryChart::ofFinalAccuracy);
        FIGURES.put("curves.png", LotteryChart::ofCurves);
    }

    private static final String STYLE =
            "body{font-family:sans-serif;max-width:60em;margin:2em auto}"
                    + "table{border-collapse:collapse}"
                    + "td,th{border:1px solid #bbb;padding:.2em .6em;text-align:right}"
                    + "img{max-width:100%}";

    private final LotteryTable table;

    LotteryPage(LotteryTable table) {
        this.table = table;
    }

    /** Writes the page, and its pictures beside it. */
    void write(RunFolder folder) {
        StringBuilder pictures = new StringBuilder();
        try {
            FIGURES.forEach(
                    (name, figure) -> {
                        byte[] png = figure.apply(table).png();
                        folder.write(name, path -> write(path, png));
                        pictures.append(
                                "<p><img alt=\"%s\" src=\"data:image/png;base64,%s\"></p>\n"
                                        .formatted(
                                                name.replace(".png", "").replace('-', ' '),
                                                Base64.getEncoder().encodeToString(png)));
                    });
        } catch (LinkageError | InternalError e) {
            System.out.println("note: figures can't be drawn here: " + e);
        }
        folder.write("report.html", page(pictures.toString()));
    }

    private static void write(Path path, byte[] bytes) {
        try {
            Files.write(path, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String page(String pictures) {
        return """
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"><title>Lottery tickets</title><style>%s</style></head>
        <body>
        <h1>Lottery tickets: %s on %s</h1>
        <p>Iterative magnitude pruning (Frankle and Carbin 2019). Early stop: the iteration of least
        validation loss. Seeds %s; %s seconds altogether, of which %s in training steps.</p>
        <p>%s</p>
        %s<h2>Levels</h2>
        %s<h2>What they say</h2>
        <ul>
        %s</ul>
        </body>
        </html>
        """
                .formatted(
                        STYLE,
                        escaped(table.settings().model()),
                        escaped(table.settings().dataset()),
                        joined(table.seeds()),
                        number("%.0f", table.seconds()),
                        number(
                                "%.0f",
                                table.reports().stream()
                                        .mapToDouble(LotteryReport::trainSeconds)
                                        .sum()),
                        escaped(settings()),
                        pictures,
                        levels(),
                        sentences());
    }

    private String settings() {
        return table.settings().config().entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String joined(List<Long> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private String levels() {
        StringBuilder html =
                new StringBuilder(
                        "<table>\n<tr><th>arm</th><th>level</th><th>weights remaining, %</th>"
                                + "<th>early-stop iteration</th><th>test accuracy there, %</th>"
                                + "<th>test accuracy at the end, %</th><th>seconds in steps</th>"
                                + "</tr>\n");
        for (LotteryTable.Row row : table.rows()) {
            html.append(
                    "<tr><td>%s</td><td>%d</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>\n"
                            .formatted(
                                    row.level() == 0 ? "dense" : row.arm(),
                                    row.level(),
                                    number("%.1f", 100 * row.weightsRemaining()),
                                    told(row.earlyStopIteration(), 1, "%.0f"),
                                    told(row.earlyStopTestAccuracy(), 100, "%.2f"),
                                    told(row.finalTestAccuracy(), 100, "%.2f"),
                                    told(row.trainSeconds(), 1, "%.1f")));
        }
        return html.append("</table>\n").toString();
    }

    /** {@return the mean and, of several seeds, the range} */
    private static String told(Sample sample, double factor, String format) {
        String mean = number(format, factor * sample.mean());
        return sample.size() == 1
                ? mean
                : "%s (%s to %s)"
                        .formatted(
                                mean,
                                number(format, factor * sample.min()),
                                number(format, factor * sample.max()));
    }

    private String sentences() {
        return table.comparisons().stream()
                .map(each -> "<li>" + escaped(each.sentence()) + "</li>\n")
                .collect(Collectors.joining());
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
