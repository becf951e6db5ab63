package org.dl4jplasticity.experiments.lottery;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.dl4jplasticity.experiments.run.Charts;
import org.dl4jplasticity.experiments.run.Sample;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A figure of a lottery run, as a picture. */
final class LotteryChart {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 520;
    private static final float RANGE_STROKE = 0.7f;
    private static final float DASH = 3;
    private static final double PERCENT = 100;

    private final XYChart chart;
    private int lines;

    private LotteryChart(String title, String x, String y) {
        chart = Charts.blank(title, x, y, WIDTH, HEIGHT);
    }

    /** {@return test accuracy where training would be stopped} */
    static LotteryChart ofEarlyStopAccuracy(LotteryTable table) {
        return ofLevels(
                table,
                "Test accuracy at the early stop",
                "test accuracy, %",
                LotteryTable.Row::earlyStopTestAccuracy,
                PERCENT);
    }

    /** {@return test accuracy at the end} */
    static LotteryChart ofFinalAccuracy(LotteryTable table) {
        return ofLevels(
                table,
                "Test accuracy after " + table.settings().iterations() + " iterations",
                "test accuracy, %",
                LotteryTable.Row::finalTestAccuracy,
                PERCENT);
    }

    /** {@return when training would be stopped} */
    static LotteryChart ofEarlyStop(LotteryTable table) {
        return ofLevels(
                table,
                "Early-stop iteration (least validation loss)",
                "iteration",
                LotteryTable.Row::earlyStopIteration,
                1);
    }

    private static LotteryChart ofLevels(
            LotteryTable table,
            String title,
            String y,
            Function<LotteryTable.Row, Sample> figure,
            double factor) {
        LotteryChart chart =
                new LotteryChart(title + ": mean and range over seeds", "weights remaining, %", y);
        chart.chart
                .getStyler()
                .setxAxisTickLabelsFormattingFunction(
                        x -> String.format(Locale.ROOT, "%.1f", PERCENT * Math.exp(-x)));
        for (String arm : table.arms()) {
            List<LotteryTable.Row> rows = table.rows(arm);
            // Logarithmic, from dense to sparse as in the paper.
            double[] x = figures(rows, row -> -Math.log(row.weightsRemaining()));
            chart.addBand(
                    arm,
                    x,
                    figures(rows, row -> factor * figure.apply(row).mean()),
                    figures(rows, row -> factor * figure.apply(row).min()),
                    figures(rows, row -> factor * figure.apply(row).max()));
        }
        return chart;
    }

    private static double[] figures(
            List<LotteryTable.Row> rows, Function<LotteryTable.Row, Double> figure) {
        return rows.stream().mapToDouble(figure::apply).toArray();
    }

    private void addBand(String name, double[] x, double[] mean, double[] min, double[] max) {
        Color[] colors = chart.getStyler().getSeriesColors();
        Color color = colors[lines++ % colors.length];
        XYSeries line = chart.addSeries(name, x, mean);
        line.setLineColor(color).setLineStyle(new BasicStroke(2));
        line.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(color);
        addEdge(name + ", least", x, min, color);
        addEdge(name + ", most", x, max, color);
    }

    private void addEdge(String name, double[] x, double[] y, Color color) {
        XYSeries edge = chart.addSeries(name, x, y);
        edge.setMarker(SeriesMarkers.NONE);
        edge.setLineColor(color);
        edge.setLineStyle(
                new BasicStroke(
                        RANGE_STROKE,
                        BasicStroke.CAP_BUTT,
                        BasicStroke.JOIN_MITER,
                        1,
                        new float[] {DASH, DASH},
                        0));
        edge.setShowInLegend(false);
    }

    /** {@return the validation accuracy of the first seed's tickets while they train} */
    static LotteryChart ofCurves(LotteryTable table) {
        LotteryChart chart =
                new LotteryChart(
                        "Tickets while they train, seed " + table.seeds().get(0),
                        "iteration",
                        "validation accuracy, %");
        for (LotteryReport report : table.reports()) {
            boolean isTicket = report.arm().equals(LotteryArm.TICKET.toString());
            if (isTicket && report.seed() == table.seeds().get(0) && report.level() % 2 == 0) {
                chart.addCurve(report);
            }
        }
        return chart;
    }

    private void addCurve(LotteryReport report) {
        List<LotteryReport.Point> curve = report.curve();
        XYSeries line =
                chart.addSeries(
                        String.format(Locale.ROOT, "%.1f %%", PERCENT * report.weightsRemaining()),
                        curve.stream().mapToDouble(LotteryReport.Point::iteration).toArray(),
                        curve.stream()
                                .mapToDouble(point -> PERCENT * point.validationAccuracy())
                                .toArray());
        line.setMarker(SeriesMarkers.NONE);
        line.setLineStyle(new BasicStroke(1));
    }

    /** {@return the picture as PNG} */
    byte[] png() {
        return Charts.png(chart);
    }
}
