package org.dl4jplasticity.pruning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.dl4jplasticity.surgery.UnitVectors;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Units go that put out a constant, which goes to the next biases, and those that nobody hears.
 *
 * @param examples for which 0 is to be the constant too; null for none
 */
record DeadUnits(MultiDataSet examples) implements NarrowingRule {

    /**
     * A dead unit.
     *
     * @param arriving what each of the next weights gets from it, in their order; empty if they are
     *     0
     */
    private record Dead(int unit, List<Double> arriving) {}

    @Override
    public void apply(NarrowingRun run) {
        Map<String, boolean[]> silent = examples == null ? new HashMap<>() : silent(run);
        boolean changed = true;
        while (changed) {
            changed = false;
            for (String id : run.groups()) {
                changed |= apply(run, id, silent);
            }
        }
    }

    /** {@return for each layer which of its units put out 0 for all examples} */
    private Map<String, boolean[]> silent(NarrowingRun run) {
        Map<String, double[]> magnitudes = new HashMap<>();
        List<UnitGroup> groups = run.groups().stream().map(run::group).toList();
        Inference.run(
                run.network().model(),
                examples,
                outputs ->
                        groups.stream()
                                .filter(group -> !group.isRecurrent())
                                .forEach(group -> add(group, outputs, magnitudes)));
        Map<String, boolean[]> silent = new HashMap<>();
        magnitudes.forEach(
                (layer, sums) -> {
                    boolean[] zeros = new boolean[sums.length];
                    for (int unit = 0; unit < sums.length; unit++) {
                        zeros[unit] = sums[unit] == 0;
                    }
                    silent.put(layer, zeros);
                });
        return silent;
    }

    private static void add(
            UnitGroup group, Map<String, INDArray> outputs, Map<String, double[]> magnitudes) {
        int units = group.units().count();
        for (int i = 0; i < group.layers().size(); i++) {
            String layer = group.layers().get(i);
            double[] more =
                    Inference.means(
                            outputs.get(layer), group.units().layers().get(i), units, Math::abs);
            double[] sums = magnitudes.computeIfAbsent(layer, id -> new double[units]);
            Arrays.setAll(sums, unit -> sums[unit] + more[unit]);
        }
    }

    private static boolean apply(NarrowingRun run, String id, Map<String, boolean[]> silent) {
        UnitGroup group = run.group(id);
        run.lookAgain(group);
        if (group.units().outgoing().isEmpty()
                || group.units().layers().stream().anyMatch(DeadUnits::isNormalized)) {
            return false;
        }
        List<Dead> dead = find(run, group, silent);
        int spare = Math.min(dead.size(), run.spare(group.units().count()));
        dead.subList(spare, dead.size())
                .forEach(each -> run.leave(group, each.unit(), "its layer would have too few"));
        int[] units = dead.stream().limit(spare).mapToInt(Dead::unit).toArray();
        if (spare == 0
                || !run.replace(
                        group,
                        units,
                        Map.of(),
                        () -> dead.stream().limit(spare).forEach(each -> fold(group, each)))) {
            return false;
        }
        for (String layer : group.layers()) {
            silent.computeIfPresent(layer, (same, before) -> without(before, units));
        }
        return true;
    }

    private static boolean[] without(boolean[] flags, int[] removed) {
        boolean[] rest = new boolean[flags.length - removed.length];
        int next = 0;
        for (int unit = 0; unit < flags.length; unit++) {
            if (Arrays.binarySearch(removed, unit) < 0) {
                rest[next++] = flags[unit];
            }
        }
        return rest;
    }

    static boolean isNormalized(Layer layer) {
        return layer instanceof DenseLayer dense && dense.hasLayerNorm();
    }

    private static void fold(UnitGroup group, Dead dead) {
        for (int i = 0; i < dead.arriving().size(); i++) {
            double constant = dead.arriving().get(i);
            if (constant != 0) {
                group.units().outgoing().get(i).fold(dead.unit(), constant);
            }
        }
    }

    private static List<Dead> find(
            NarrowingRun run, UnitGroup group, Map<String, boolean[]> silent) {
        List<Dead> dead = new ArrayList<>();
        UnitPassage passage = UnitPassage.of(run.network(), group);
        for (int unit = 0; unit < group.units().count(); unit++) {
            if (areZero(group.units().outgoing(), unit)) {
                dead.add(new Dead(unit, List.of()));
                continue;
            } else if (group.isRecurrent()) {
                continue;
            }
            Optional<Map<String, Constant>> outputs = constants(group, unit, silent);
            if (outputs.isEmpty()) {
                continue;
            }
            Map<String, Constant> arriving = passage.constants(unit, outputs.get());
            Optional<String> obstacle = obstacle(group, unit, arriving);
            if (obstacle.isPresent()) {
                run.leave(group, unit, obstacle.get());
            } else {
                dead.add(
                        new Dead(
                                unit,
                                group.units().outgoing().stream()
                                        .map(next -> given(next, arriving))
                                        .toList()));
            }
        }
        return dead;
    }

    private static double given(UnitVectors next, Map<String, Constant> arriving) {
        Constant constant = arriving.get(next.layerId());
        return constant.isKnown() ? constant.value() : 0;
    }

    /** {@return what a unit puts out in each of its layers; empty if it isn't always the same} */
    private static Optional<Map<String, Constant>> constants(
            UnitGroup group, int unit, Map<String, boolean[]> silent) {
        Map<String, Constant> outputs = new HashMap<>();
        for (int i = 0; i < group.layers().size(); i++) {
            String layer = group.layers().get(i);
            if (areZero(of(layer, group.units().incoming()), unit)) {
                List<UnitVectors> biases = of(layer, group.units().biases());
                double bias = biases.isEmpty() ? 0 : biases.get(0).get(unit)[0];
                outputs.put(layer, activated(group.units().layers().get(i), bias));
            } else if (silent.containsKey(layer) && silent.get(layer)[unit]) {
                outputs.put(layer, Constant.of(0));
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(outputs);
    }

    private static Constant activated(Layer layer, double bias) {
        if (layer instanceof BaseLayer base) {
            return Constant.of(PassingLayer.value(base.getActivationFn(), bias));
        }
        return Constant.lost(
                "nothing is known of the outputs of a " + layer.getClass().getSimpleName());
    }

    private static List<UnitVectors> of(String layer, List<UnitVectors> parameters) {
        return parameters.stream().filter(parameter -> parameter.layerId().equals(layer)).toList();
    }

    private static Optional<String> obstacle(
            UnitGroup group, int unit, Map<String, Constant> arriving) {
        for (UnitVectors next : group.units().outgoing()) {
            Constant constant = arriving.get(next.layerId());
            boolean heard = !areZero(List.of(next), unit);
            if (heard && !constant.isKnown()) {
                return Optional.of(constant.obstacle());
            } else if (heard && constant.value() != 0 && next.obstacleToFolding().isPresent()) {
                return Optional.of(
                        "%s: its output %s can't be folded into the biases: %s"
                                .formatted(
                                        next.id(),
                                        constant.value(),
                                        next.obstacleToFolding().get()));
            }
        }
        return Optional.empty();
    }

    private static boolean areZero(List<UnitVectors> parameters, int unit) {
        return parameters.stream()
                .allMatch(weights -> Arrays.stream(weights.get(unit)).allMatch(w -> w == 0));
    }
}
