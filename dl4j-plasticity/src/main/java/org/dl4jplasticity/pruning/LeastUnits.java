package org.dl4jplasticity.pruning;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The units of lowest score go.
 *
 * @param score what units are worth
 * @param choice how many go
 */
record LeastUnits(UnitScore score, Choice choice) implements NarrowingRule {

    private static final Comparator<Rated> FIRST_TO_GO =
            Comparator.comparingDouble(Rated::score)
                    .thenComparing(Comparator.comparingInt(Rated::group).reversed())
                    .thenComparing(Comparator.comparingInt(Rated::unit).reversed());

    /** A unit with its score. */
    private record Rated(int group, int unit, double score) {}

    /** How many units go. */
    sealed interface Choice {}

    /**
     * A share of each layer's.
     *
     * @param fraction in [0, 1)
     */
    record OfEachLayer(double fraction) implements Choice {
        OfEachLayer {
            requireFraction(fraction);
        }
    }

    /**
     * A share of all together.
     *
     * @param fraction in [0, 1)
     */
    record OfAll(double fraction) implements Choice {
        OfAll {
            requireFraction(fraction);
        }
    }

    /**
     * All of at most a score.
     *
     * @param threshold finite
     */
    record UpTo(double threshold) implements Choice {
        UpTo {
            if (!Double.isFinite(threshold)) {
                throw new IllegalArgumentException(
                        "the threshold of units that go must be finite, got " + threshold);
            }
        }
    }

    /**
     * All above a number of units.
     *
     * @param widths how many units layers keep, by their ids; the others keep all
     */
    record DownTo(Map<String, Integer> widths) implements Choice {
        DownTo {
            widths = Map.copyOf(widths);
        }
    }

    private static void requireFraction(double fraction) {
        if (!(fraction >= 0 && fraction < 1)) {
            throw new IllegalArgumentException(
                    "the fraction of units that go must be in [0, 1), got " + fraction);
        }
    }

    @Override
    public void apply(NarrowingRun run) {
        List<UnitGroup> groups = run.groups().stream().map(run::group).toList();
        double[][] scores = score.of(run.network().model(), groups);
        List<List<Rated>> chosen = choose(run, rated(groups, scores));
        for (int i = 0; i < groups.size(); i++) {
            int[] units = chosen.get(i).stream().mapToInt(Rated::unit).sorted().toArray();
            if (units.length > 0) {
                double highest =
                        chosen.get(i).stream().mapToDouble(Rated::score).max().getAsDouble();
                run.remove(run.group(groups.get(i).id()), units, score.seed(), causes(highest));
            }
        }
    }

    /** {@return the units of each group, those that go first at the front} */
    private static List<List<Rated>> rated(List<UnitGroup> groups, double[][] scores) {
        if (scores.length != groups.size()) {
            throw new IllegalArgumentException(
                    "a score of units: expected scores of %d groups, got %d"
                            .formatted(groups.size(), scores.length));
        }
        List<List<Rated>> rated = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            String id = groups.get(i).id();
            int count = groups.get(i).units().count();
            if (scores[i].length != count) {
                throw new IllegalArgumentException(
                        "Layer %s: expected scores of %d units, got %d"
                                .formatted(id, count, scores[i].length));
            }
            List<Rated> units = new ArrayList<>();
            for (int unit = 0; unit < count; unit++) {
                if (!Double.isFinite(scores[i][unit])) {
                    throw new IllegalArgumentException(
                            "Layer %s: expected a finite score of unit %d, got %s"
                                    .formatted(id, unit, scores[i][unit]));
                }
                units.add(new Rated(i, unit, scores[i][unit]));
            }
            units.sort(FIRST_TO_GO);
            rated.add(units);
        }
        return rated;
    }

    private List<List<Rated>> choose(NarrowingRun run, List<List<Rated>> rated) {
        List<List<Rated>> spare =
                rated.stream().map(units -> units.subList(0, run.spare(units.size()))).toList();
        if (choice instanceof OfEachLayer each) {
            return first(spare, group -> Math.round(each.fraction() * rated.get(group).size()));
        } else if (choice instanceof DownTo downTo) {
            return first(
                    spare,
                    group -> {
                        int count = rated.get(group).size();
                        String id = run.groups().get(group);
                        return Math.max(0, count - downTo.widths().getOrDefault(id, count));
                    });
        } else if (choice instanceof OfAll all) {
            long wanted = Math.round(all.fraction() * rated.stream().mapToInt(List::size).sum());
            Set<Rated> chosen =
                    spare.stream()
                            .flatMap(List::stream)
                            .sorted(FIRST_TO_GO)
                            .limit(wanted)
                            .collect(Collectors.toSet());
            return spare.stream()
                    .map(units -> units.stream().filter(chosen::contains).toList())
                    .toList();
        }
        double threshold = ((UpTo) choice).threshold();
        return spare.stream()
                .map(units -> units.stream().filter(unit -> unit.score() <= threshold).toList())
                .toList();
    }

    /** {@return so many of each group} */
    private static List<List<Rated>> first(List<List<Rated>> spare, IntToLongFunction wanted) {
        return IntStream.range(0, spare.size())
                .mapToObj(i -> spare.get(i).stream().limit(wanted.applyAsLong(i)).toList())
                .toList();
    }

    private Map<String, Double> causes(double highest) {
        if (choice instanceof DownTo) {
            return Map.of("highestScore", highest);
        }
        if (choice instanceof UpTo upTo) {
            return Map.of("threshold", upTo.threshold(), "highestScore", highest);
        }
        double fraction =
                choice instanceof OfAll all ? all.fraction() : ((OfEachLayer) choice).fraction();
        return Map.of("fraction", fraction, "highestScore", highest);
    }
}
