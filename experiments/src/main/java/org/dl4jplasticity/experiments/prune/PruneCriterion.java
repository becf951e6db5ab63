package org.dl4jplasticity.experiments.prune;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dl4jplasticity.pruning.ConnectionScore;
import org.dl4jplasticity.pruning.Narrowing;
import org.dl4jplasticity.pruning.Pruning;
import org.dl4jplasticity.pruning.UnitScore;

/** What connections, units or layers are chosen by, as the command line calls it. */
enum PruneCriterion {
    MAGNITUDE(connections(data -> ConnectionScore.magnitude())),
    LAMP(connections(data -> ConnectionScore.lamp())),
    RANDOM(
            connections(data -> ConnectionScore.random(data.seed()))
                    .units(data -> UnitScore.random(data.seed()))),
    GRADIENT(
            connections(data -> ConnectionScore.gradient(data.batches()))
                    .units(data -> UnitScore.gradient(data.batches()))),
    TAYLOR(
            connections(data -> ConnectionScore.taylor(data.batches()))
                    .units(data -> UnitScore.taylor(data.each()))),
    MAGNITUDE_TIMES_FIRING(connections(data -> ConnectionScore.magnitudeTimesFiring(data.all()))),
    SNIP(connections(data -> ConnectionScore.snip(data.all()))),
    GRASP(connections(data -> ConnectionScore.grasp(data.all()))),
    SYNFLOW(connections(data -> ConnectionScore.synflow()).rounds(100)),
    RELEVANCE(
            connections(data -> ConnectionScore.relevance(data.all()))
                    .units(data -> UnitScore.relevance(data.all()))),
    NORM(units(data -> UnitScore.weightNorm())),
    ACTIVATION(units(data -> UnitScore.activation(data.all()))),
    FIRING(units(data -> UnitScore.firing(data.all()))),
    NISP(units(data -> UnitScore.nisp())),
    SCALE(units(data -> UnitScore.scale())),
    CKA(new Ratings(null, null, null, 1)),
    DEAD(found(data -> Narrowing.deadUnits(data.all()))),
    DUPLICATES(found(data -> Narrowing.duplicates(1e-6)));

    @SuppressWarnings("ImmutableEnumChecker") // functions without a state
    private final Ratings ratings;

    PruneCriterion(Ratings ratings) {
        this.ratings = ratings;
    }

    /**
     * What a criterion can rate.
     *
     * @param connections how it rates them, or null
     * @param units how it rates them, or null
     * @param found units that it takes as they are found, whatever the target; or null
     * @param rounds in which connections are rated anew within one pruning
     */
    private record Ratings(
            Function<ScoringExamples, ConnectionScore> connections,
            Function<ScoringExamples, UnitScore> units,
            Function<ScoringExamples, Narrowing> found,
            int rounds) {

        Ratings units(Function<ScoringExamples, UnitScore> units) {
            return new Ratings(connections, units, found, rounds);
        }

        Ratings rounds(int rounds) {
            return new Ratings(connections, units, found, rounds);
        }
    }

    private static Ratings connections(Function<ScoringExamples, ConnectionScore> connections) {
        return new Ratings(connections, null, null, 1);
    }

    private static Ratings units(Function<ScoringExamples, UnitScore> units) {
        return new Ratings(null, units, null, 1);
    }

    private static Ratings found(Function<ScoringExamples, Narrowing> found) {
        return new Ratings(null, null, found, 1);
    }

    boolean ratesConnections() {
        return ratings.connections() != null;
    }

    boolean ratesUnits() {
        return ratings.units() != null || ratings.found() != null;
    }

    /** {@return whether it rates layers} */
    boolean ratesLayers() {
        return this == CKA;
    }

    /** {@return whether a share can be asked for} */
    boolean takesShare() {
        return ratings.found() == null;
    }

    /**
     * {@return pruning of connections by this criterion}
     *
     * @param isOfPattern whether they are chosen in a pattern N:M, for which there are no rounds
     */
    Pruning pruning(ScoringExamples examples, boolean isOfPattern) {
        Pruning pruning = Pruning.by(ratings.connections().apply(examples));
        return isOfPattern ? pruning : pruning.rounds(ratings.rounds());
    }

    /**
     * {@return narrowing by this criterion}
     *
     * @param share of the units that there are
     * @param global whether of all layers together
     */
    Narrowing narrowing(ScoringExamples examples, double share, boolean global) {
        if (ratings.found() != null) {
            return ratings.found().apply(examples);
        }
        Narrowing.Least least = Narrowing.by(ratings.units().apply(examples));
        return global ? least.fractionOfAll(share) : least.fraction(share);
    }

    /**
     * {@return the criteria of some names, in their order; for "all", all that fit and take a
     * share}
     *
     * @throws IllegalArgumentException if there is none of a name, or one doesn't fit
     */
    static List<PruneCriterion> parse(List<String> names, PruneGranularity granularity) {
        if (names.equals(List.of("all"))) {
            return fitting(granularity).filter(PruneCriterion::takesShare).toList();
        }
        return names.stream().distinct().map(name -> parse(name, granularity)).toList();
    }

    private static PruneCriterion parse(String name, PruneGranularity granularity) {
        Optional<PruneCriterion> found =
                Arrays.stream(values()).filter(each -> each.toString().equals(name)).findFirst();
        if (found.isEmpty()) {
            throw new IllegalArgumentException(
                    "--criterion must be of %s for connections, of %s for units and of %s for layers, or all, got '%s'"
                            .formatted(
                                    listed(PruneCriterion::ratesConnections),
                                    listed(PruneCriterion::ratesUnits),
                                    listed(PruneCriterion::ratesLayers),
                                    name));
        }
        if (fitting(granularity).noneMatch(found.get()::equals)) {
            throw new IllegalArgumentException(
                    "--criterion %s doesn't rate what --granularity %s is of: expected one of %s"
                            .formatted(
                                    name,
                                    granularity,
                                    fitting(granularity)
                                            .map(PruneCriterion::toString)
                                            .collect(Collectors.joining(", "))));
        }
        return found.get();
    }

    private static Stream<PruneCriterion> fitting(PruneGranularity granularity) {
        return Arrays.stream(values())
                .filter(
                        granularity.isOfLayers()
                                ? PruneCriterion::ratesLayers
                                : granularity.isOfUnits()
                                        ? PruneCriterion::ratesUnits
                                        : PruneCriterion::ratesConnections);
    }

    private static String listed(Predicate<PruneCriterion> chosen) {
        return Arrays.stream(values())
                .filter(chosen)
                .map(PruneCriterion::toString)
                .collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The names, for help texts. */
    static final class Names extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        Names() {
            super(Arrays.stream(values()).map(PruneCriterion::toString).toList());
        }
    }
}
