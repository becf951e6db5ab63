package org.dl4jplasticity.pruning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.dl4jplasticity.pruning.UnitMoments.Fit;
import org.dl4jplasticity.surgery.UnitVectors;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Units go that nearly are, over some examples, a multiple of another unit of their layer plus a
 * constant: that one gets their outgoing weights, and the next biases the constant.
 *
 * @param examples what the network gets
 * @param choice which go
 */
record SimilarUnits(MultiDataSet examples, Choice choice) implements NarrowingRule {

    /** Which pairs are similar. */
    sealed interface Choice {}

    /**
     * Those whose outputs are correlated by more than a number.
     *
     * @param threshold in [0, 1)
     */
    record Correlation(double threshold) implements Choice {
        Correlation {
            requireShare("correlation of units that are merged", threshold);
        }
    }

    /**
     * Those whose incoming weights and biases have a larger cosine than a number.
     *
     * @param threshold in [0, 1)
     */
    record Cosine(double threshold) implements Choice {
        Cosine {
            requireShare("cosine of units that are merged", threshold);
        }
    }

    /**
     * A share of each layer's, those of largest correlation.
     *
     * @param fraction in [0, 1)
     */
    record Fraction(double fraction) implements Choice {
        Fraction {
            requireShare("fraction of units that are merged", fraction);
        }
    }

    private static void requireShare(String what, double share) {
        if (!(share >= 0 && share < 1)) {
            throw new IllegalArgumentException(
                    "the %s must be in [0, 1), got %s".formatted(what, share));
        }
    }

    @Override
    public void apply(NarrowingRun run) {
        for (String id : run.groups()) {
            UnitGroup group = run.group(id);
            boolean normalized = group.units().layers().stream().anyMatch(DeadUnits::isNormalized);
            if (!normalized && !group.isRecurrent() && !group.units().outgoing().isEmpty()) {
                apply(run, group);
            }
        }
    }

    private void apply(NarrowingRun run, UnitGroup group) {
        int count = group.units().count();
        Fits fits = fits(run, group);
        Map<Integer, String> obstacles = new LinkedHashMap<>();
        StandIns pairs = new StandIns(similarity(fits, count));
        int wanted =
                choice instanceof Fraction share
                        ? (int) Math.round(share.fraction() * count)
                        : count;
        int[] into =
                pairs.choose(
                        threshold(),
                        Math.min(wanted, run.spare(count)),
                        (stays, goes) -> isPossible(group, stays, goes, obstacles));
        int[] units = IntStream.range(0, count).filter(unit -> into[unit] != unit).toArray();
        boolean done =
                units.length > 0
                        && run.replace(
                                group,
                                units,
                                causes(pairs.least()),
                                () -> carryOut(group, units, into, fits));
        if (units.length < wanted && (done || units.length == 0)) {
            obstacles.forEach(
                    (unit, reason) -> {
                        int place = Arrays.binarySearch(units, unit);
                        if (place < 0) {
                            run.leave(group, unit + place + 1, reason);
                        }
                    });
        }
    }

    private double threshold() {
        return choice instanceof Correlation correlation
                ? correlation.threshold()
                : choice instanceof Cosine cosine ? cosine.threshold() : 0;
    }

    private Map<String, Double> causes(double least) {
        return choice instanceof Fraction share
                ? Map.of("fraction", share.fraction(), "leastSimilarity", least)
                : Map.of("threshold", threshold(), "leastSimilarity", least);
    }

    private double[][] similarity(Fits fits, int count) {
        double[][] similarity = new double[count][count];
        for (int base = 0; base < count; base++) {
            for (int unit = base + 1; unit < count; unit++) {
                boolean same = fits.signatures().ratio(base, unit) > 0;
                similarity[base][unit] =
                        same
                                ? 1
                                : choice instanceof Cosine
                                        ? fits.cosine(base, unit)
                                        : fits.correlation(base, unit);
            }
        }
        return similarity;
    }

    /** Only weights that stand-ins have can be added to. */
    private static boolean isPossible(
            UnitGroup group, int stays, int goes, Map<Integer, String> obstacles) {
        Optional<String> missing = DuplicateUnits.missingConnection(group, stays, goes);
        missing.ifPresent(reason -> obstacles.put(goes, reason));
        return missing.isEmpty();
    }

    private static void carryOut(UnitGroup group, int[] units, int[] into, Fits fits) {
        List<UnitVectors> all = group.units().outgoing();
        for (int i = 0; i < all.size(); i++) {
            UnitVectors outgoing = all.get(i);
            for (int unit : units) {
                Fit fit = fits.of(i, into[unit], unit);
                double[] sum = outgoing.get(into[unit]);
                double[] more = outgoing.get(unit);
                Arrays.setAll(sum, entry -> sum[entry] + fit.slope() * more[entry]);
                outgoing.set(into[unit], sum);
                if (fit.constant() != 0) {
                    outgoing.fold(unit, fit.constant());
                }
            }
        }
    }

    /**
     * Least squares between units, as each of the next weights gets them.
     *
     * @param signatures say what is the same without any data
     * @param moments for each of the next weights those of what it gets; shared, and empty if what
     *     it gets of the units can't be told from the rest
     * @param folding for each of the next weights whether constants can go to the biases
     */
    private record Fits(Signatures signatures, List<UnitMoments> moments, List<Boolean> folding) {

        double correlation(int base, int unit) {
            double least = moments.isEmpty() ? 0 : 1;
            for (int i = 0; i < moments.size(); i++) {
                least = Math.min(least, moments.get(i).fit(base, unit, folding.get(i)).explained());
            }
            return Math.sqrt(least);
        }

        double cosine(int base, int unit) {
            return moments.isEmpty() ? 0 : Math.max(0, signatures.cosine(base, unit));
        }

        Fit of(int outgoing, int base, int unit) {
            double ratio = signatures.ratio(base, unit);
            return ratio > 0
                    ? new Fit(ratio, 0, 1)
                    : moments.get(outgoing).fit(base, unit, folding.get(outgoing));
        }
    }

    private Fits fits(NarrowingRun run, UnitGroup group) {
        List<UnitVectors> outgoing = group.units().outgoing();
        Signatures signatures = Signatures.of(group, DuplicateUnits.isHomogeneous(run, group), 0);
        Map<String, String> places = UnitPassage.of(run.network(), group).arrivals();
        if (!outgoing.stream().allMatch(next -> places.containsKey(next.layerId()))) {
            return new Fits(signatures, List.of(), List.of());
        }
        Map<String, UnitMoments> seen = new HashMap<>();
        for (UnitVectors next : outgoing) {
            seen.computeIfAbsent(
                    places.get(next.layerId()), place -> new UnitMoments(group.units().count()));
        }
        Inference.run(
                run.network().model(),
                examples,
                outputs ->
                        seen.forEach(
                                (place, moments) ->
                                        moments.add(
                                                Inference.perUnit(
                                                        outputs.get(place),
                                                        group.units().layers().get(0)))));
        List<UnitMoments> moments = new ArrayList<>();
        List<Boolean> folding = new ArrayList<>();
        for (UnitVectors next : outgoing) {
            moments.add(seen.get(places.get(next.layerId())));
            folding.add(next.obstacleToFolding().isEmpty());
        }
        return new Fits(signatures, moments, folding);
    }
}
