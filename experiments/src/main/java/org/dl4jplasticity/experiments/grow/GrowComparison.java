package org.dl4jplasticity.experiments.grow;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.dl4jplasticity.experiments.run.Outcome;
import org.dl4jplasticity.experiments.run.Sample;

/**
 * Says in plain words how dropin did beside the other arms of an experiment, and what keeps a
 * network plastic at its width beside plain training.
 */
final class GrowComparison {
    /** A difference of fewer standard errors than this is taken for chance. */
    private static final double ERRORS = 2;

    private final Map<GrowArm, Map<Long, GrowReport>> runs = new TreeMap<>();
    private final GrowFigure figure;

    /**
     * A comparison.
     *
     * @param outcomes of one experiment
     * @param figure to compare by, a share
     */
    GrowComparison(List<Outcome<GrowSettings, GrowReport>> outcomes, GrowFigure figure) {
        this.figure = figure;
        for (Outcome<GrowSettings, GrowReport> outcome : outcomes) {
            if (outcome instanceof Outcome.Done<GrowSettings, GrowReport> done) {
                runs.computeIfAbsent(done.settings().arm(), arm -> new TreeMap<>())
                        .put(done.settings().seed(), done.report());
            }
        }
    }

    /**
     * One arm beside another.
     *
     * @param of the one
     * @param arm the other
     * @param points by how many percentage points the one is better, the mean over seeds
     * @param standardError of that mean, in points; null of fewer than two seeds
     * @param sentence the same in words
     */
    record Difference(
            String of, String arm, double points, Double standardError, String sentence) {}

    /** {@return a difference for each two arms that are compared and have a seed in common} */
    List<Difference> differences() {
        List<Difference> all = new ArrayList<>();
        for (GrowArm arm : runs.keySet()) {
            if (arm != GrowArm.DROPIN) {
                addDifference(GrowArm.DROPIN, arm, all);
            }
        }
        for (GrowArm arm : runs.keySet()) {
            if (arm.keepsPlastic()) {
                addDifference(arm, GrowArm.PLAIN, all);
            }
        }
        return all;
    }

    private void addDifference(GrowArm one, GrowArm other, List<Difference> all) {
        Sample points = points(one, other);
        if (points.size() > 0) {
            all.add(
                    new Difference(
                            one.toString(),
                            other.toString(),
                            points.mean(),
                            points.standardError(),
                            sentence(one, other, points)));
        }
    }

    private Sample points(GrowArm one, GrowArm other) {
        Map<Long, GrowReport> others = runs.getOrDefault(other, Map.of());
        List<Double> points = new ArrayList<>();
        runs.getOrDefault(one, Map.of())
                .forEach(
                        (seed, report) -> {
                            if (others.containsKey(seed)) {
                                points.add(100 * (value(report) - value(others.get(seed))));
                            }
                        });
        return Sample.of(points);
    }

    private double value(GrowReport report) {
        return figure.of().applyAsDouble(report);
    }

    private String sentence(GrowArm one, GrowArm other, Sample points) {
        return "%s (%s against %s; difference %s points%s, %s parameters against %s)."
                .formatted(
                        verdict(one, other, points),
                        told(one, figure),
                        told(other, figure),
                        number("%+.2f", points.mean()),
                        points.standardError() == null
                                ? ", of a single seed"
                                : number(", standard error %.2f", points.standardError()),
                        parameters(one),
                        parameters(other));
    }

    private static String verdict(GrowArm one, GrowArm other, Sample points) {
        boolean beats =
                points.mean() > 0
                        && points.standardError() != null
                        && points.mean() > ERRORS * points.standardError();
        String did = beats ? "beat" : "did not beat";
        if (one != GrowArm.DROPIN) {
            return "Plain training was %sbeaten by %s".formatted(beats ? "" : "not ", one);
        }
        return switch (other) {
            case RANDOM_LAYER -> "Selection by relevance %s random selection".formatted(did);
            case ROUND_ROBIN -> "Selection by relevance %s taking turns".formatted(did);
            case GRADMAX_LAYER, TINY_LAYER ->
                    "Selection by relevance %s selection by the gain of %s"
                            .formatted(did, other == GrowArm.TINY_LAYER ? "TINY" : "GradMax");
            case RANDOM_INIT ->
                    "New units with zero outgoing weights %s random ones".formatted(did);
            case STATIC_FINAL -> position(points, "the static network of its final size");
            case STATIC_SMALL, PLAIN -> position(points, "the network it began as");
            case EQUAL_PARAMETERS -> position(points, "equal layers of as many parameters");
            default -> position(points, other.toString());
        };
    }

    private static String position(Sample points, String what) {
        return number("Dropin ended %.2f points ", Math.abs(points.mean()))
                + (points.mean() < 0 ? "below " : "above ")
                + what;
    }

    private String told(GrowArm arm, GrowFigure what) {
        return what.told(List.copyOf(runs.get(arm).values()));
    }

    private String parameters(GrowArm arm) {
        return number(
                "%,.0f",
                runs.get(arm).values().stream()
                        .mapToLong(GrowReport::parameters)
                        .average()
                        .orElseThrow());
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
