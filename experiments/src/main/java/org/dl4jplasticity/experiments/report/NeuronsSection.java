package org.dl4jplasticity.experiments.report;

import java.util.Arrays;
import java.util.List;

/** How many neurons the layers have over time. */
final class NeuronsSection implements Section {

    @Override
    public void addTo(Page page, RunFiles run) {
        run.table("curves.csv")
                .filter(curves -> curves.has("widths"))
                .ifPresent(curves -> addTo(page, run, curves));
    }

    private static void addTo(Page page, RunFiles run, Table curves) {
        double[][] widths =
                curves.column("widths").stream()
                        .map(
                                text ->
                                        Arrays.stream(text.split("-"))
                                                .mapToDouble(Double::parseDouble)
                                                .toArray())
                        .toArray(double[][]::new);
        LineChart chart =
                new LineChart("Neurons of each layer", CurvesSection.axis(curves), "neurons")
                        .fromZero();
        for (int layer = 0; layer < widths[0].length; layer++) {
            int place = layer;
            chart.line(
                    "hidden layer " + (layer + 1),
                    CurvesSection.places(curves),
                    Arrays.stream(widths).mapToDouble(row -> row[place]).toArray());
        }
        page.heading("How many neurons it has");
        page.figures(
                List.of(
                        chart.figure(
                                "neurons",
                                "From %s to %s."
                                        .formatted(
                                                curves.column("widths").get(0),
                                                curves.column("widths")
                                                        .get(curves.rows().size() - 1)))));
        run.table("growths.csv").ifPresent(growths -> page.folded("What was added", growths));
    }
}
