package org.dl4jplasticity.experiments.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A figure of lines. Colours are those of Okabe and Ito (2008), which people of any colour vision
 * tell apart; lines beyond the seventh are dashed.
 */
final class LineChart {
    private static final int WIDTH = 600;
    private static final int HEIGHT = 400;
    private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 15);
    private static final int MARK = 9;
    private static final float DASH = 6;
    private static final float THIN = 0.8f;
    private static final double UNEVEN = 0.37;
    private static final Color MARKS = new Color(0x333333);
    private static final Color GRID = new Color(0xDDDDDD);

    private static final Color[] COLOURS = {
        new Color(0x0072B2),
        new Color(0xD55E00),
        new Color(0x009E73),
        new Color(0xCC79A7),
        new Color(0xE69F00),
        new Color(0x56B4E9),
        new Color(0x333333)
    };

    private static final Marker[] MARKERS = {
        SeriesMarkers.CIRCLE,
        SeriesMarkers.SQUARE,
        SeriesMarkers.TRIANGLE_UP,
        SeriesMarkers.DIAMOND,
        SeriesMarkers.TRIANGLE_DOWN,
        SeriesMarkers.CROSS,
        SeriesMarkers.PLUS
    };

    /** Points up to which each is shown by a marker. */
    private static final int FEW = 25;

    private final XYChart chart;
    private final List<List<String>> data = new ArrayList<>();
    private final String title;
    private int lines;

    /** Of the last line. */
    private double[] lastX = {};

    private double[] lastY = {};

    LineChart(String title, String x, String y) {
        System.setProperty("java.awt.headless", "true");
        this.title = title;
        chart =
                new XYChartBuilder()
                        .width(WIDTH)
                        .height(HEIGHT)
                        .title(title)
                        .xAxisTitle(x)
                        .yAxisTitle(y)
                        .build();
        XYStyler styler = chart.getStyler();
        styler.setChartBackgroundColor(Color.WHITE)
                .setChartTitleFont(FONT.deriveFont(Font.BOLD))
                .setLegendVisible(false)
                .setPlotBorderVisible(false)
                .setMarkerSize(MARK);
        styler.setAxisTitleFont(FONT)
                .setAxisTickLabelsFont(FONT)
                .setPlotGridLinesColor(GRID)
                .setLocale(Locale.ROOT);
    }

    /** {@return this chart with a line more; points that are no numbers are left out} */
    LineChart line(String name, double[] x, double[] y) {
        int[] told = finite(x, y);
        lastX = chosen(x, told);
        lastY = chosen(y, told);
        if (told.length > 0) {
            XYSeries line = add(name, lastX, lastY);
            Color colour = COLOURS[lines % COLOURS.length];
            line.setMarkerColor(colour);
            line.setLineColor(colour).setLineStyle(stroke(2));
            line.setMarker(
                    told.length <= FEW ? MARKERS[lines % MARKERS.length] : SeriesMarkers.NONE);
        }
        lines++;
        return this;
    }

    /** {@return this chart with a line more that goes on level from each point to the next} */
    LineChart steps(String name, double[] x, double[] y) {
        double[] xs = new double[Math.max(0, 2 * x.length - 1)];
        double[] ys = new double[xs.length];
        for (int i = 0; i < xs.length; i++) {
            xs[i] = x[(i + 1) / 2];
            ys[i] = y[i / 2];
        }
        line(name, xs, ys);
        if (xs.length > 0) {
            chart.getSeriesMap().get(name).setMarker(SeriesMarkers.NONE);
        }
        return this;
    }

    /** {@return this chart with a line more, and thin ones at the least and the most about it} */
    LineChart band(String name, double[] x, double[] mean, double[] min, double[] max) {
        line(name, x, mean);
        Color colour = COLOURS[(lines - 1) % COLOURS.length];
        edge(name + ", least", x, min, colour);
        edge(name + ", most", x, max, colour);
        return this;
    }

    private void edge(String name, double[] x, double[] y, Color colour) {
        XYSeries edge = add(name, x, y);
        edge.setMarker(SeriesMarkers.NONE).setLineColor(colour).setShowInLegend(false);
        edge.setLineStyle(
                new BasicStroke(
                        THIN,
                        BasicStroke.CAP_BUTT,
                        BasicStroke.JOIN_MITER,
                        1,
                        new float[] {DASH / 2, DASH / 2},
                        0));
    }

    /** {@return this chart with marks on the last line at some places} */
    LineChart marks(String name, double[] x) {
        double[] places = lastX.length == 0 ? lastX : Arrays.stream(x).distinct().toArray();
        if (places.length > 0) {
            XYSeries marks =
                    add(name, places, Arrays.stream(places).map(this::onLastLine).toArray());
            marks.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
            marks.setMarker(SeriesMarkers.DIAMOND).setMarkerColor(MARKS);
        }
        return this;
    }

    /**
     * {@return the height of the last line, on the straight way between two points; level beyond
     * its ends}
     */
    private double onLastLine(double x) {
        int after = 0;
        while (after < lastX.length - 1 && lastX[after] < x) {
            after++;
        }
        if (after == 0 || lastX[after] < x || lastX[after] == lastX[after - 1]) {
            return lastY[after];
        }
        double share = (x - lastX[after - 1]) / (lastX[after] - lastX[after - 1]);
        return lastY[after - 1] + share * (lastY[after] - lastY[after - 1]);
    }

    /** {@return this chart with single points, not joined} */
    LineChart points(String name, double[] x, double[] y) {
        line(name, x, y);
        if (lastX.length > 0) {
            chart.getSeriesMap()
                    .get(name)
                    .setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter)
                    .setMarker(MARKERS[(lines - 1) % MARKERS.length]);
        }
        return this;
    }

    /** {@return this chart with logarithmic axes} */
    LineChart logarithmic() {
        chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
        return this;
    }

    /** {@return this chart with other labels along its horizontal axis} */
    LineChart labels(DoubleFunction<String> label) {
        chart.getStyler().setxAxisTickLabelsFormattingFunction(x -> label.apply(x));
        return this;
    }

    /** {@return this chart with a vertical axis that begins at 0} */
    LineChart fromZero() {
        chart.getStyler().setYAxisMin(0.0);
        return this;
    }

    boolean isEmpty() {
        return data.isEmpty();
    }

    /** {@return the figure} */
    Figure figure(String name, String text) {
        if (!chart.getStyler().isXAxisLogarithmic()) {
            breakEvenSpacing();
        }
        List<XYSeries> told =
                chart.getSeriesMap().values().stream().filter(XYSeries::isShowInLegend).toList();
        Legend legend = new Legend(told.size() > 1 ? told : List.of(), FONT, WIDTH);
        int height = HEIGHT + legend.height();
        return new Figure(
                name,
                title,
                text,
                WIDTH,
                height,
                Figure.png(
                        WIDTH,
                        height,
                        graphics -> {
                            chart.paint(graphics, WIDTH, HEIGHT);
                            legend.paint(graphics, HEIGHT);
                        }),
                new Table(List.of("series", "x", "y"), data));
    }

    /** Of evenly spaced places some would be chosen for labels; others are rounder. */
    private void breakEvenSpacing() {
        if (lastX.length > 1) {
            XYSeries unseen =
                    chart.addSeries(
                            "unseen",
                            new double[] {lastX[0] + UNEVEN * (lastX[1] - lastX[0])},
                            new double[] {lastY[0]});
            unseen.setMarker(SeriesMarkers.NONE).setShowInLegend(false);
        }
    }

    private XYSeries add(String name, double[] x, double[] y) {
        for (int i = 0; i < x.length; i++) {
            data.add(List.of(name, String.valueOf(x[i]), String.valueOf(y[i])));
        }
        return chart.addSeries(name, x, y);
    }

    private BasicStroke stroke(float width) {
        return lines < COLOURS.length
                ? new BasicStroke(width)
                : new BasicStroke(
                        width,
                        BasicStroke.CAP_BUTT,
                        BasicStroke.JOIN_ROUND,
                        1,
                        new float[] {DASH, DASH},
                        0);
    }

    private static int[] finite(double[] x, double[] y) {
        return IntStream.range(0, x.length)
                .filter(i -> Double.isFinite(x[i]) && Double.isFinite(y[i]))
                .toArray();
    }

    private static double[] chosen(double[] values, int[] places) {
        return IntStream.of(places).mapToDouble(i -> values[i]).toArray();
    }
}
