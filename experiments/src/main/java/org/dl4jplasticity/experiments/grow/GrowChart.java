package org.dl4jplasticity.experiments.grow;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.dl4jplasticity.experiments.run.Charts;
import org.dl4jplasticity.experiments.run.RunFolder;
import org.dl4jplasticity.growth.Growth;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Curves of validation accuracy, with what was grown marked on them, as a picture. */
final class GrowChart {
    private static final int WIDTH = 1_000;
    private static final int HEIGHT = 600;
    private static final int MARK = 9;

    private final XYChart chart;
    private int lines;

    /** Of the last line. */
    private Color color;

    private GrowChart(String title, String x, String y) {
        chart = Charts.blank(title, x, y, WIDTH, HEIGHT);
    }

    /** {@return a chart of one run} */
    static GrowChart ofRun(String title, GrowReport report) {
        GrowChart chart = ofRuns(title);
        chart.addCurve("validation", report.curve());
        chart.addGrowths("growth", report.curve(), report.growths());
        return chart;
    }

    /** {@return a chart of runs, which are yet to be added} */
    static GrowChart ofRuns(String title) {
        return new GrowChart(title, "iteration", "validation accuracy, %");
    }

    /** {@return a chart of figures of tasks, which are yet to be added} */
    static GrowChart ofTasks(String title, String figure) {
        return new GrowChart(title, "task", figure);
    }

    /** Adds a line through the ends of epochs. */
    void addCurve(String name, List<GrowReport.Point> curve) {
        addLine(
                name,
                curve.stream().mapToDouble(GrowReport.Point::iteration).toArray(),
                curve.stream().mapToDouble(point -> 100 * point.validationAccuracy()).toArray());
    }

    /** Adds a line of a figure for each task. */
    void addTasks(String name, List<Double> figures) {
        addLine(
                name,
                IntStream.rangeClosed(1, figures.size()).asDoubleStream().toArray(),
                figures.stream().mapToDouble(it -> it).toArray());
    }

    private void addLine(String name, double[] x, double[] y) {
        XYSeries line = chart.addSeries(name, x, y);
        Color[] colors = chart.getStyler().getSeriesColors();
        color = colors[lines++ % colors.length];
        line.setLineColor(color);
        line.setMarker(SeriesMarkers.NONE);
        line.setLineStyle(new BasicStroke(2));
    }

    /** Marks each growth on the last line, where it happened on the way between two points. */
    void addGrowths(String name, List<GrowReport.Point> curve, List<Growth> growths) {
        if (growths.isEmpty()) {
            return;
        }
        XYSeries marks =
                chart.addSeries(
                        name,
                        growths.stream().mapToDouble(Growth::iteration).toArray(),
                        growths.stream()
                                .mapToDouble(growth -> accuracyAt(curve, growth.iteration()))
                                .toArray());
        marks.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        marks.setMarker(SeriesMarkers.DIAMOND);
        marks.setMarkerColor(color);
        chart.getStyler().setMarkerSize(MARK);
    }

    /** {@return the accuracy in percent, on a straight line between the ends of two epochs} */
    static double accuracyAt(List<GrowReport.Point> curve, long iteration) {
        GrowReport.Point before = curve.get(0);
        for (GrowReport.Point after : curve) {
            if (iteration <= after.iteration()) {
                long way = after.iteration() - before.iteration();
                double share = way == 0 ? 1 : (double) (iteration - before.iteration()) / way;
                return 100
                        * (before.validationAccuracy()
                                + share
                                        * (after.validationAccuracy()
                                                - before.validationAccuracy()));
            }
            before = after;
        }
        return 100 * before.validationAccuracy();
    }

    /** Writes {@code curves.png}. A machine that can't draw, for want of fonts, is told so. */
    void write(RunFolder folder) {
        try {
            folder.write("curves.png", this::draw);
        } catch (LinkageError | InternalError e) {
            System.out.println("note: curves.png can't be drawn here: " + e);
        }
    }

    private void draw(Path file) {
        try {
            Files.write(file, Charts.png(chart));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
