package org.dl4jplasticity.pruning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.dl4jplasticity.surgery.UnitVectors;

/**
 * Units go that another unit of their layer can stand for, which gets their outgoing weights.
 *
 * @param tolerance of incoming weights, as a share of their norm
 */
record DuplicateUnits(double tolerance) implements NarrowingRule {

    DuplicateUnits {
        if (!(tolerance >= 0 && tolerance < 1)) {
            throw new IllegalArgumentException(
                    "the tolerance of duplicates must be in [0, 1), got " + tolerance);
        }
    }

    /**
     * One unit stands for another.
     *
     * @param ratio what the other puts out over what this one does
     */
    private record Merge(int into, int unit, double ratio) {}

    @Override
    public void apply(NarrowingRun run) {
        for (String id : run.groups()) {
            UnitGroup group = run.group(id);
            if (group.units().layers().stream().noneMatch(DeadUnits::isNormalized)) {
                apply(run, group);
            }
        }
    }

    private void apply(NarrowingRun run, UnitGroup group) {
        List<Merge> merges = find(run, group);
        if (merges.isEmpty()) {
            return;
        }
        int[] units = merges.stream().mapToInt(Merge::unit).toArray();
        run.replace(
                group,
                units,
                Map.of("tolerance", tolerance),
                () -> merges.forEach(merge -> carryOut(group, merge)));
    }

    private static void carryOut(UnitGroup group, Merge merge) {
        for (UnitVectors outgoing : group.units().outgoing()) {
            double[] sum = outgoing.get(merge.into());
            double[] more = outgoing.get(merge.unit());
            Arrays.setAll(sum, entry -> sum[entry] + merge.ratio() * more[entry]);
            outgoing.set(merge.into(), sum);
        }
    }

    private List<Merge> find(NarrowingRun run, UnitGroup group) {
        Signatures signatures = Signatures.of(group, isHomogeneous(run, group), tolerance);
        int count = group.units().count();
        List<Merge> merges = new ArrayList<>();
        List<Integer> staying = new ArrayList<>();
        for (int unit = 0; unit < count; unit++) {
            Optional<Merge> merge =
                    merges.size() < run.spare(count)
                            ? find(run, group, signatures, unit, staying)
                            : Optional.empty();
            merge.ifPresent(merges::add);
            if (merge.isEmpty()) {
                staying.add(unit);
            }
        }
        return merges;
    }

    private static Optional<Merge> find(
            NarrowingRun run,
            UnitGroup group,
            Signatures signatures,
            int unit,
            List<Integer> staying) {
        String obstacle = null;
        for (int other : staying) {
            double ratio = signatures.ratio(other, unit);
            if (ratio > 0) {
                Optional<String> missing = missingConnection(group, other, unit);
                if (missing.isEmpty()) {
                    return Optional.of(new Merge(other, unit, ratio));
                }
                obstacle = missing.get();
            }
        }
        if (obstacle != null) {
            run.leave(group, staying.size(), obstacle);
        }
        return Optional.empty();
    }

    /** {@return what of a unit's outgoing connections the one that would get its weights lacks} */
    static Optional<String> missingConnection(UnitGroup group, int into, int unit) {
        for (UnitVectors outgoing : group.units().outgoing()) {
            double[] weights = outgoing.get(unit);
            for (int entry = 0; entry < weights.length; entry++) {
                if (weights[entry] != 0 && !outgoing.isActive(into, entry)) {
                    return Optional.of(
                            "%s: the unit that could stand for it, %d before, lacks a connection it has"
                                    .formatted(outgoing.id(), into));
                }
            }
        }
        return Optional.empty();
    }

    /** {@return whether multiples of what goes into the units are multiples for the next layers} */
    static boolean isHomogeneous(NarrowingRun run, UnitGroup group) {
        boolean layers =
                group.units().layers().stream()
                        .allMatch(
                                layer ->
                                        layer instanceof BaseLayer base
                                                && PassingLayer.isHomogeneous(
                                                        base.getActivationFn()));
        return layers
                && !group.isRecurrent()
                && UnitPassage.of(run.network(), group).isHomogeneous();
    }
}
