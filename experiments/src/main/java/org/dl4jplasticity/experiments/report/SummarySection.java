package org.dl4jplasticity.experiments.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The single numbers of a report, and the settings of the run. */
final class SummarySection implements Section {

    @Override
    public void addTo(Page page, RunFiles run) {
        page.title(title(run));
        List<List<String>> figures = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : run.report().properties()) {
            if (field.getValue().isNumber()) {
                figures.add(
                        List.of(
                                CurvesSection.words(field.getKey()),
                                told(field.getKey(), field.getValue())));
            }
        }
        if (!figures.isEmpty()) {
            page.table(new Table(List.of("figure", "value"), figures));
        }
        List<List<String>> settings = new ArrayList<>();
        for (Map.Entry<String, JsonNode> setting : run.report().path("config").properties()) {
            settings.add(
                    List.of(CurvesSection.words(setting.getKey()), setting.getValue().asText()));
        }
        if (!settings.isEmpty()) {
            page.folded("Settings", new Table(List.of("setting", "value"), settings));
        }
    }

    /** {@return what was done to what, in a few words} */
    static String title(RunFiles run) {
        String what =
                Stream.of(
                                "experiment",
                                "arm",
                                "criterion",
                                "technique",
                                "method",
                                "model",
                                "dataset")
                        .map(run::setting)
                        .filter(setting -> !setting.isEmpty())
                        .reduce((one, next) -> one + ", " + next)
                        .orElse("");
        return what.isEmpty() ? run.name() : run.name() + ": " + what;
    }

    /** {@return a number as people read it: shares in percent} */
    static String told(String name, JsonNode number) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.contains("accuracy") || lower.contains("share")) {
            return String.format(Locale.ROOT, "%.2f %%", 100 * number.asDouble());
        }
        if (lower.endsWith("bytes")) {
            return String.format(Locale.ROOT, "%,.1f MB", number.asDouble() / 1e6);
        }
        return number.isIntegralNumber()
                ? String.format(Locale.ROOT, lower.equals("seed") ? "%d" : "%,d", number.asLong())
                : String.format(Locale.ROOT, "%,.2f", number.asDouble());
    }
}
