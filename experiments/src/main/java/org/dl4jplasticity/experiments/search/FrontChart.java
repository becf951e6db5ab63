package org.dl4jplasticity.experiments.search;

import java.awt.Color;
import java.util.List;
import org.dl4jplasticity.experiments.run.Charts;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Validation accuracy against size of all candidates, with the front of the best, as a picture. */
final class FrontChart {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 560;
    private static final int MARK = 10;
    private static final double LEAST_MARGIN = 0.05;
    private static final double PERCENT = 100;

    /** Colours that the colour-blind tell apart (Okabe and Ito 2008). */
    private static final Color BLUE = new Color(0, 114, 178);

    private static final Color ORANGE = new Color(230, 159, 0);
    private static final Color VERMILION = new Color(213, 94, 0);
    private static final Color GREY = new Color(130, 130, 130);

    private final XYChart chart =
            Charts.blank(
                    "Accuracy against size",
                    "active weights",
                    "validation accuracy, %",
                    WIDTH,
                    HEIGHT);

    /** A picture of a ranking with at least one candidate. */
    FrontChart(Ranking ranking) {
        chart.getStyler().setXAxisLogarithmic(true).setXAxisDecimalPattern("#,###");
        chart.getStyler().setMarkerSize(MARK);
        double floor = floor(ranking);
        List<Candidate> others =
                ranking.bestFirst().stream()
                        .filter(each -> !each.isControl() && !ranking.front().contains(each))
                        .toList();
        List<Candidate> shown =
                others.stream()
                        .filter(each -> each.scores().validationAccuracy() >= floor)
                        .toList();
        int below = others.size() - shown.size();
        add(
                below == 0 ? "dominated" : "dominated (%d more below)".formatted(below),
                shown,
                SeriesMarkers.CIRCLE,
                GREY);
        add("front", ranking.front(), SeriesMarkers.CIRCLE, BLUE);
        add(
                "default settings",
                ranking.bestFirst().stream().filter(Candidate::isControl).toList(),
                SeriesMarkers.DIAMOND,
                ORANGE);
        add("best", ranking.best().stream().toList(), SeriesMarkers.TRIANGLE_UP, VERMILION);
    }

    /** Below it candidates are left out: one that learned nothing would make the others a line. */
    private static double floor(Ranking ranking) {
        double best = ranking.bestFirst().get(0).scores().validationAccuracy();
        double least =
                ranking.bestFirst().stream()
                        .filter(each -> each.isControl() || ranking.front().contains(each))
                        .mapToDouble(each -> each.scores().validationAccuracy())
                        .min()
                        .orElse(best);
        return least - Math.max(LEAST_MARGIN, best - least);
    }

    private void add(String name, List<Candidate> candidates, Marker marker, Color color) {
        if (candidates.isEmpty()) {
            return;
        }
        XYSeries series =
                chart.addSeries(
                        name,
                        candidates.stream()
                                .mapToDouble(each -> each.scores().activeWeights())
                                .toArray(),
                        candidates.stream()
                                .mapToDouble(each -> PERCENT * each.scores().validationAccuracy())
                                .toArray());
        series.setMarker(marker).setMarkerColor(color);
        series.setLineStyle(name.equals("front") ? SeriesLines.SOLID : SeriesLines.NONE);
        series.setLineColor(color);
    }

    /** {@return the picture as PNG} */
    byte[] png() {
        return Charts.png(chart);
    }
}
