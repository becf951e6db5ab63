package org.dl4jplasticity.experiments.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** Loss, accuracy and size while a network trained, with what changed in its structure marked. */
final class CurvesSection implements Section {

    @Override
    public void addTo(Page page, RunFiles run) {
        run.table("curves.csv").ifPresent(curves -> addTo(page, run, curves));
    }

    private static void addTo(Page page, RunFiles run, Table curves) {
        double[] mutations = mutations(run);
        List<Figure> figures = new ArrayList<>();
        figure(curves, "loss", "Loss", "mean loss", 1, mutations, "loss", "validationLoss")
                .ifPresent(figures::add);
        figure(
                        curves,
                        "accuracy",
                        "Accuracy",
                        "accuracy, %",
                        100,
                        mutations,
                        "validationAccuracy",
                        "testAccuracy")
                .ifPresent(figures::add);
        if (!figures.isEmpty()) {
            page.heading("How it learned");
            page.figures(figures);
        }
    }

    /** {@return the iterations of changes of the structure} */
    static double[] mutations(RunFiles run) {
        return run.table("updates.csv")
                .or(() -> run.table("growths.csv"))
                .map(table -> table.numbers("iteration"))
                .map(iterations -> Arrays.stream(iterations).distinct().toArray())
                .orElse(new double[0]);
    }

    /** {@return what the horizontal axis of curves is: iterations, or else lines} */
    static double[] places(Table curves) {
        return curves.has("iteration")
                ? curves.numbers("iteration")
                : IntStream.rangeClosed(1, curves.rows().size()).asDoubleStream().toArray();
    }

    /** {@return what that axis is called} */
    static String axis(Table curves) {
        return curves.has("iteration") ? "iteration" : "epoch";
    }

    private static Optional<Figure> figure(
            Table curves,
            String name,
            String title,
            String unit,
            double factor,
            double[] mutations,
            String... columns) {
        LineChart chart = new LineChart(title, axis(curves), unit);
        StringBuilder text = new StringBuilder();
        for (String column : columns) {
            if (curves.has(column)) {
                double[] values =
                        Arrays.stream(curves.numbers(column)).map(x -> factor * x).toArray();
                chart.line(words(column), places(curves), values);
                text.append(told(words(column), values));
            }
        }
        if (chart.isEmpty()) {
            return Optional.empty();
        }
        if (mutations.length > 0 && curves.has("iteration")) {
            chart.marks("structure changes", mutations);
            text.append(" Diamonds: %d changes of the structure.".formatted(mutations.length));
        }
        return Optional.of(chart.figure(name, text.toString().strip()));
    }

    private static String told(String what, double[] values) {
        double[] told = Arrays.stream(values).filter(Double::isFinite).toArray();
        return told.length == 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        " %s from %.4g to %.4g.",
                        what.substring(0, 1).toUpperCase(Locale.ROOT) + what.substring(1),
                        told[0],
                        told[told.length - 1]);
    }

    /** {@return a column's name as words} */
    static String words(String column) {
        return column.equals("loss")
                ? "training loss"
                : column.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
    }
}
