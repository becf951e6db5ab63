package org.dl4jplasticity.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import java.util.stream.LongStream;
import org.dl4jplasticity.schedule.DropFraction;
import org.dl4jplasticity.schedule.SparsityDistribution;
import org.dl4jplasticity.schedule.SparsitySchedule;
import org.dl4jplasticity.testing.DenseTwin;
import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.Hooks;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.Snapshot;
import org.dl4jplasticity.testing.TinyNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nesterovs;

/** What sets each method apart, by its definition. */
class MethodPropertiesTest {
    private static final int[] POSSIBLE = {54, 63, 21};

    private static int active(TinyNetwork network) {
        return counts(network).stream().mapToInt(n -> n).sum();
    }

    private static List<Integer> counts(TinyNetwork network) {
        return network.topologies().stream().map(SparseTopology::activeCount).toList();
    }

    private static TinyNetwork whole(NetworkClass type) {
        return type.of(
                NetworkClass.settings(DataType.DOUBLE, new Nesterovs(0.05, 0.9), 7),
                NetworkClass.sparse(6, 9, 0).build(),
                NetworkClass.sparse(9, 7, 0).build(),
                NetworkClass.sparseOutput(7, 3, 0).build());
    }

    private static int[] fanIns(SparseTopology topology) {
        int[] starts = topology.rowStarts();
        int[] fanIns = new int[starts.length - 1];
        Arrays.setAll(fanIns, unit -> starts[unit + 1] - starts[unit]);
        return fanIns;
    }

    @ParameterizedTest
    @EnumSource
    void sriglGivesAllActiveUnitsOfALayerTheSameFanIn(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        DynamicSparseTraining srigl =
                DynamicSparseTraining.srigl().updateEvery(2).until(30).build();
        int[] targets = {27, 38, 15};
        network.listen(
                srigl,
                Hooks.iterationDone(
                        () -> {
                            if (srigl.updates() == 0) {
                                return;
                            }
                            for (int layer = 0; layer < 3; layer++) {
                                int[] fanIns = fanIns(network.topology(layer));
                                int[] active = Arrays.stream(fanIns).filter(n -> n > 0).toArray();
                                int nIn = network.topology(layer).nIn();
                                int expected = Math.min(nIn, targets[layer] / active.length);
                                assertThat(active).containsOnly(expected);
                            }
                            assertThat(fanIns(network.topology(2))).doesNotContain(0);
                        }));
        network.fit(Examples.batches(8), 5);
        assertThat(srigl.updates()).isEqualTo(14);
    }

    @ParameterizedTest
    @EnumSource
    void sriglAblatesAUnitWithTooFewSalientConnectionsButNoOutput(NetworkClass type) {
        // Unit 0 of both layers has weights far smaller than all others, and inputs that are the
        // same for all units.
        SparseTopology hidden = SparseTopology.of(6, 4, 0, 1, 2, 6, 7, 8, 12, 13, 14, 18, 19, 20);
        SparseTopology output = SparseTopology.of(4, 3, 0, 1, 4, 5, 8, 9);
        TinyNetwork network =
                type.of(
                        NetworkClass.settings(DataType.DOUBLE, new Adam(0.03), 2),
                        NetworkClass.sparse(6, 4, 0).topology(hidden).build(),
                        NetworkClass.sparseOutput(4, 3, 0).topology(output).build());
        network.fit(Examples.batches(1).get(0));
        shrinkFirstUnit(network);
        Snapshot before = network.snapshot();
        double[] gradient = DenseTwin.of(network).gradient(0, Examples.batches(2).get(1));
        // floor(0.25 * 12) weights are not salient, those of unit 0; its salient connections are
        // its
        // inactive ones among the 3 largest gradients.
        long salient = largestOutside(gradient, hidden, 3).stream().filter(id -> id < 6).count();
        DynamicSparseTraining srigl =
                DynamicSparseTraining.srigl()
                        .dropFraction(DropFraction.constant(0.25))
                        .constantFanIn(1)
                        .updateEvery(1)
                        .build();
        network.listen(srigl);
        network.fit(Examples.batches(2).get(1));
        assertThat(srigl.updates()).isEqualTo(1);
        int[] fanIns = fanIns(network.topology(0));
        assertThat(salient).isLessThan(3); // of the 3 it needs
        assertThat(fanIns[0]).isZero();
        int left = (int) Arrays.stream(fanIns).filter(n -> n > 0).count();
        assertThat(Arrays.stream(fanIns).filter(n -> n > 0).toArray())
                .containsOnly(Math.min(6, 12 / left));
        assertThat(fanIns(network.topology(1))).containsOnly(2);
        for (Map.Entry<Long, List<Double>> each : network.snapshot().layer(0).entrySet()) {
            List<Double> old = before.layer(0).get(each.getKey());
            assertThat(each.getValue()).isEqualTo(old == null ? List.of(0.0, 0.0, 0.0) : old);
        }
    }

    private static void shrinkFirstUnit(TinyNetwork network) {
        for (int layer = 0; layer < 2; layer++) {
            int active = network.topology(layer).rowStarts()[1];
            INDArray weights = network.layers().get(layer).getParam("W");
            for (int i = 0; i < active; i++) {
                if (weights.rank() == 1 || weights.rows() == 1) {
                    weights.putScalar(i, 1e-6 * (i + 1));
                } else {
                    long input = network.topology(layer).columns()[i];
                    weights.putScalar(new long[] {input, 0}, 1e-6 * (i + 1));
                }
            }
        }
    }

    private static List<Long> largestOutside(double[] gradient, SparseTopology topology, int n) {
        Set<Long> occupied = new HashSet<>();
        Arrays.stream(topology.ids()).forEach(occupied::add);
        return LongStream.range(0, gradient.length)
                .boxed()
                .filter(id -> !occupied.contains(id))
                .sorted(Comparator.comparing(id -> -Math.abs(gradient[id.intValue()])))
                .limit(n)
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void sriglWorksWhereFewConnectionsAreInactive(NetworkClass type) {
        TinyNetwork network =
                type.of(
                        NetworkClass.settings(DataType.DOUBLE, new Adam(0.03), 7),
                        NetworkClass.sparse(6, 9, 0.1).build(),
                        NetworkClass.sparseOutput(9, 3, 0.1).build());
        DynamicSparseTraining srigl =
                DynamicSparseTraining.srigl().updateEvery(1).until(20).build();
        network.listen(srigl);
        network.fit(Examples.batches(6), 1);
        assertThat(srigl.updates()).isEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource
    void granetMeetsItsScheduleExactlyOverAllLayersTogether(NetworkClass type) {
        SparsitySchedule schedule = SparsitySchedule.cubic(0, 0.9, 3, 30);
        TinyNetwork network = whole(type);
        DynamicSparseTraining granet =
                DynamicSparseTraining.granet(schedule).updateEvery(3).until(36).build();
        network.listen(granet);
        List<Set<Integer>> perLayer = new ArrayList<>();
        for (int t = 0; t < 40; t++) {
            network.fit(Examples.batches(1).get(0));
            if (t > 0 && t % 3 == 0 && t <= 36) {
                long expected = Math.round((1 - schedule.at(t)) * (54 + 63 + 21));
                assertThat(active(network)).as("iteration %d", t).isEqualTo((int) expected);
                assertThat(counts(network)).allMatch(count -> count >= 1);
                perLayer.add(Set.copyOf(counts(network)));
            }
        }
        assertThat(active(network)).isEqualTo(14); // round(0.1 * 138)
        assertThat(perLayer).hasSize(12);
    }

    @ParameterizedTest
    @EnumSource
    void granetLeavesEveryLayerAConnection(NetworkClass type) {
        TinyNetwork network = whole(type);
        network.listen(
                DynamicSparseTraining.granet(SparsitySchedule.constant(0.999))
                        .updateEvery(1)
                        .until(9)
                        .build());
        network.fit(Examples.batches(4), 1);
        assertThat(counts(network)).containsExactly(1, 1, 1); // round(0.001 * 138) would be none
    }

    @ParameterizedTest
    @EnumSource
    void gradualPruningFollowsItsScheduleAndNeverGrows(NetworkClass type) {
        SparsitySchedule schedule = SparsitySchedule.cubic(0, 0.8, 4, 24);
        TinyNetwork network = whole(type);
        network.listen(DynamicSparseTraining.gradualPruning(schedule).updateEvery(4).build());
        for (int t = 0; t < 30; t++) {
            Snapshot before = network.snapshot();
            network.fit(Examples.batches(1).get(0));
            Snapshot after = network.snapshot();
            for (int layer = 0; layer < 3; layer++) {
                assertThat(before.layer(layer).keySet()).containsAll(after.layer(layer).keySet());
                if (t > 0 && t % 4 == 0) {
                    assertThat((double) after.active(layer))
                            .as("layer %d, iteration %d", layer, t)
                            .isCloseTo((1 - schedule.at(t)) * POSSIBLE[layer], within(1.0));
                }
            }
        }
        assertThat(active(network)).isBetween(27, 28); // 0.2 * 138 = 27.6
    }

    @ParameterizedTest
    @EnumSource
    void ndsnnLetsMoreDieThanAreBornAndFollowsItsSchedule(NetworkClass type) {
        SparsitySchedule schedule = SparsitySchedule.cubic(0.45, 0.85, 0, 30);
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        DynamicSparseTraining ndsnn =
                DynamicSparseTraining.ndsnn(schedule, SparsityDistribution.uniform())
                        .updateEvery(5)
                        .until(30)
                        .build();
        network.listen(ndsnn);
        int born = 0;
        int died = 0;
        for (int t = 0; t < 31; t++) {
            int before = active(network);
            network.fit(Examples.batches(1).get(0));
            if (t > 0 && t % 5 == 0) {
                assertThat((double) active(network))
                        .isCloseTo((1 - schedule.at(t)) * 138, within(3.0));
                int dropped = 0;
                int grown = 0;
                for (SparsityReport.LayerReport layer : ndsnn.report().layers()) {
                    dropped += layer.dropped();
                    grown += layer.grown();
                    assertThat(layer.active()).isEqualTo(layer.target());
                }
                assertThat(dropped).as("iteration %d", t).isGreaterThanOrEqualTo(grown);
                assertThat(before - dropped + grown).isEqualTo(active(network));
                born += grown;
                died += dropped;
            }
        }
        assertThat(born).isPositive();
        assertThat(died - born).isEqualTo(27 + 38 + 15 - active(network));
        assertThat(ndsnn.updates()).isEqualTo(6);
    }

    @ParameterizedTest
    @EnumSource
    void acdcAlternatesBetweenWholeAndCompressedAndForgetsMomentumWhenItDecompresses(
            NetworkClass type) {
        TinyNetwork network = whole(type);
        List<Integer> active = new ArrayList<>();
        List<Boolean> momentum = new ArrayList<>();
        List<List<SparseTopology>> masks = new ArrayList<>();
        List<Snapshot> beforeEnds = new ArrayList<>();
        network.listen(
                Hooks.onEpochEnd(() -> beforeEnds.add(network.snapshot())),
                DynamicSparseTraining.acdc(
                                SparsitySchedule.alternating(0.8, 1, 2, 5),
                                SparsityDistribution.uniform())
                        .build(),
                Hooks.onEpochEnd(
                        () -> {
                            active.add(active(network));
                            masks.add(network.topologies());
                            momentum.add(
                                    Arrays.stream(network.state().toDoubleVector())
                                            .anyMatch(slot -> slot != 0));
                        }));
        network.fit(Examples.batches(4), 8);
        // Compressed from 1 epoch done to 3, whole to 5, then compressed: 11 + 13 + 4 of 138.
        assertThat(active).containsExactly(28, 28, 138, 138, 28, 28, 28, 28);
        assertThat(momentum).containsExactly(true, true, false, true, true, true, true, true);
        assertThat(masks.get(1)).isEqualTo(masks.get(0));
        assertThat(masks.subList(5, 8)).containsOnly(masks.get(4));
        // What comes back starts at zero; what was kept keeps its weight.
        Snapshot compressed = beforeEnds.get(2);
        Snapshot next = beforeEnds.get(3);
        assertThat(next.active(0)).isEqualTo(54);
        assertThat(compressed.active(0)).isEqualTo(11);
        // The largest stay.
        Snapshot whole = beforeEnds.get(4);
        for (int layer = 0; layer < 3; layer++) {
            int at = layer;
            List<Long> largest =
                    whole.layer(layer).keySet().stream()
                            .sorted(Comparator.comparing(id -> -Math.abs(whole.weight(at, id))))
                            .limit(masks.get(4).get(layer).activeCount())
                            .sorted()
                            .toList();
            assertThat(masks.get(4).get(layer).ids())
                    .containsExactly(largest.stream().mapToLong(id -> id).toArray());
        }
    }

    @ParameterizedTest
    @EnumSource
    void mestKeepsItsCountsAndDropsByWeightPlusMeanGradient(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        network.listen(DynamicSparseTraining.mest().updateEvery(2).until(16).build());
        for (int t = 0; t < 18; t++) {
            DataSet batch = Examples.batches(t + 1).get(t);
            Snapshot before = network.snapshot();
            DenseTwin twin = DenseTwin.of(network);
            network.fit(batch);
            assertThat(counts(network)).containsExactly(27, 38, 15);
            // a fifth before 9/16 of 16, a tenth before 12/16, then none
            double share = t == 0 || t % 2 == 1 ? 0 : t < 9 ? 0.2 : t < 12 ? 0.1 : 0;
            for (int layer = 0; layer < 3 && share > 0; layer++) {
                int at = layer;
                double[] gradient = twin.gradient(layer, batch);
                List<Long> kept =
                        before.layer(layer).keySet().stream()
                                .sorted(
                                        Comparator.comparing(
                                                id ->
                                                        Math.abs(before.weight(at, id))
                                                                + Math.abs(gradient[id.intValue()])
                                                                        / 8))
                                .skip((int) (share * before.active(layer)))
                                .toList();
                assertThat(network.snapshot().layer(layer).keySet()).containsAll(kept);
                for (long id : kept) {
                    assertThat(network.snapshot().layer(layer).get(id))
                            .isEqualTo(before.layer(layer).get(id));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void mestWithASoftBoundIsAboveItsTargetBetweenUpdatesAndAtItAfterTheLast(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        DynamicSparseTraining mest =
                DynamicSparseTraining.mestSoft().updateEvery(2).until(16).build();
        network.listen(mest);
        List<List<Integer>> seen = new ArrayList<>();
        for (int t = 0; t < 20; t++) {
            network.fit(Examples.batches(1).get(0));
            seen.add(counts(network));
        }
        assertThat(seen.subList(0, 2)).containsOnly(List.of(27, 38, 15));
        // 27 + floor(27 / 2); 38 + 19; 15 + floor(15 / 2), but no more than 21
        assertThat(seen.subList(2, 10)).containsOnly(List.of(40, 57, 21));
        // a quarter: 27 + 6, 38 + 9, 15 + 3
        assertThat(seen.subList(10, 12)).containsOnly(List.of(33, 47, 18));
        assertThat(seen.subList(12, 20)).containsOnly(List.of(27, 38, 15));
        assertThat(mest.report().sparsity()).isEqualTo(mest.report().targetSparsity());
    }

    @ParameterizedTest
    @EnumSource
    void theExplorationRateIsTheShareOfEverActiveConnections(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        List<Set<Long>> ever = List.of(new HashSet<>(), new HashSet<>(), new HashSet<>());
        Runnable note =
                () -> {
                    for (int layer = 0; layer < 3; layer++) {
                        Set<Long> seen = ever.get(layer);
                        Arrays.stream(network.topology(layer).ids()).forEach(seen::add);
                    }
                };
        note.run();
        DynamicSparseTraining itop =
                DynamicSparseTraining.setItop().updateEvery(2).until(30).build();
        List<Double> rates = new ArrayList<>();
        network.listen(
                itop,
                Hooks.iterationDone(
                        () -> {
                            note.run();
                            SparsityReport report = itop.report();
                            double all = 0;
                            for (int layer = 0; layer < 3; layer++) {
                                all += ever.get(layer).size();
                                assertThat(report.layers().get(layer).explored())
                                        .isEqualTo(ever.get(layer).size());
                            }
                            assertThat(report.explorationRate()).isEqualTo(all / 138);
                            rates.add(report.explorationRate());
                        }));
        network.fit(Examples.batches(8), 4);
        assertThat(rates).isSorted();
        assertThat(rates.get(31)).isGreaterThan(rates.get(0));
    }

    @ParameterizedTest
    @EnumSource
    void unexploredGrowthTakesTheNeverActiveFirstAndThenAnyOthers(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        DynamicSparseTraining exploring =
                DynamicSparseTraining.fixed()
                        .updateEvery(1)
                        .dropFraction(DropFraction.constant(0.3))
                        .grow(GrowCriterion.unexplored())
                        .build();
        network.listen(exploring);
        network.fit(Examples.batches(1).get(0));
        Set<Long> ever = new HashSet<>(network.snapshot().layer(0).keySet());
        // 27 of 54 unexplored, floor(0.3 * 27) = 8 grown each time: 8, 8, 8, 3 and then none.
        for (int left : new int[] {27, 19, 11, 3, 0, 0}) {
            assertThat(54 - ever.size()).isEqualTo(left);
            network.fit(Examples.batches(1).get(0));
            ever.addAll(network.snapshot().layer(0).keySet());
            assertThat(54 - ever.size()).isEqualTo(Math.max(0, left - 8));
            assertThat(counts(network)).containsExactly(27, 38, 15);
        }
    }

    @ParameterizedTest
    @EnumSource
    void movementScoresAreMinusTheSumOfWeightTimesGradientSinceAConnectionCame(NetworkClass type) {
        for (boolean resizing : new boolean[] {false, true}) {
            TinyNetwork network = type.ofDoubles(new Adam(0.03));
            List<Map<Long, Double>> expected =
                    List.of(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
            List<Integer> checked = new ArrayList<>();
            DropCriterion movement = DropCriterion.movement();
            DropCriterion checking =
                    new DropCriterion() {
                        @Override
                        public IntToDoubleFunction scores(PlasticWeights weights) {
                            int layer =
                                    weights.topology().nIn() == 6
                                            ? 0
                                            : weights.topology().nIn() == 9 ? 1 : 2;
                            long[] ids = weights.topology().ids();
                            for (int i = 0; i < ids.length; i++) {
                                assertThat(weights.movement(i))
                                        .isCloseTo(expected.get(layer).get(ids[i]), within(1e-7));
                            }
                            checked.add(layer);
                            return movement.scores(weights);
                        }

                        @Override
                        public Set<Signal> needs() {
                            return movement.needs();
                        }
                    };
            SparseTrainingBuilder builder =
                    DynamicSparseTraining.fixed()
                            .updateEvery(3)
                            .dropFraction(DropFraction.constant(0.25))
                            .drop(checking)
                            .grow(GrowCriterion.random())
                            .startingWith(GrowthInitialization.normal(0.3));
            if (resizing) {
                builder.budget(
                        ConnectionBudget.following(
                                SparsitySchedule.cubic(0.45, 0.8, 0, 12),
                                SparsityDistribution.uniform()));
            }
            network.listen(builder.build());
            for (int t = 0; t < 13; t++) {
                DataSet batch = Examples.batches(t + 1).get(t);
                Snapshot before = network.snapshot();
                DenseTwin twin = DenseTwin.of(network);
                for (int layer = 0; layer < 3; layer++) {
                    double[] gradient = twin.gradient(layer, batch);
                    Map<Long, Double> sums = expected.get(layer);
                    sums.keySet().retainAll(before.layer(layer).keySet());
                    for (long id : before.layer(layer).keySet()) {
                        double moved = -before.weight(layer, id) * gradient[(int) id];
                        sums.merge(id, moved, Double::sum);
                    }
                }
                network.fit(batch);
                // A connection dropped and grown at once starts anew: its weight is another one,
                // far from what a step of 0.03 leads to.
                forgetRegrown(network.snapshot(), before, expected, t);
            }
            assertThat(checked).hasSizeGreaterThanOrEqualTo(12);
        }
    }

    private static void forgetRegrown(
            Snapshot after, Snapshot before, List<Map<Long, Double>> expected, int t) {
        if (t == 0 || t % 3 != 0) {
            return;
        }
        for (int layer = 0; layer < 3; layer++) {
            for (long id : after.layer(layer).keySet()) {
                boolean anew = after.layer(layer).get(id).subList(1, 3).equals(List.of(0.0, 0.0));
                if (anew && before.layer(layer).containsKey(id)) {
                    expected.get(layer).put(id, 0.0);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MASKED_SEQUENTIAL", "MASKED_GRAPH"})
    void sparseMomentumConservesTheTotalAndFollowsTheAverageOfGradients(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        DynamicSparseTraining snfs =
                DynamicSparseTraining.sparseMomentum().until(4).momentumDecay(0.8).build();
        network.listen(snfs);
        double[][] average = {new double[54], new double[63], new double[21]};
        List<DataSet> batches = Examples.batches(6);
        Set<List<Integer>> seen = new HashSet<>();
        for (int epoch = 0; epoch < 4; epoch++) {
            for (DataSet batch : batches) {
                DenseTwin twin = DenseTwin.of(network);
                for (int layer = 0; layer < 3; layer++) {
                    double[] gradient = twin.gradient(layer, batch);
                    for (int id = 0; id < gradient.length; id++) {
                        average[layer][id] =
                                0.8 * average[layer][id] + (1 - 0.8) * gradient[id] / 8;
                    }
                }
                network.fit(batch);
            }
            Snapshot before = network.snapshot();
            snfs.onEpochEnd(network.model());
            Snapshot after = network.snapshot();
            assertThat(active(network)).isEqualTo(27 + 38 + 15);
            seen.add(counts(network));
            for (int layer = 0; layer < 3; layer++) {
                assertGrewWhereMomentumIsLargest(before, after, layer, average[layer]);
            }
        }
        assertThat(seen).as("distributions over the layers").hasSizeGreaterThan(1);
        assertThat(snfs.updates()).isEqualTo(4);
    }

    private static void assertGrewWhereMomentumIsLargest(
            Snapshot before, Snapshot after, int layer, double[] average) {
        // No epoch is counted here: the fraction stays one half.
        int dropped = before.active(layer) / 2;
        Set<Long> expected = new HashSet<>(before.layer(layer).keySet());
        before.layer(layer).keySet().stream()
                .sorted(Comparator.comparing(id -> Math.abs(before.weight(layer, id))))
                .limit(dropped)
                .toList()
                .forEach(expected::remove);
        int grown = after.active(layer) - expected.size();
        LongStream.range(0, average.length)
                .boxed()
                .filter(id -> !expected.contains(id))
                .sorted(Comparator.comparing(id -> -Math.abs(average[id.intValue()])))
                .limit(grown)
                .toList()
                .forEach(expected::add);
        assertThat(after.layer(layer).keySet()).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void sparseMomentumRefusesPackedLayers(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        Snapshot before = network.snapshot();
        network.listen(DynamicSparseTraining.sparseMomentum().until(4).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> network.fit(Examples.batches(1), 1))
                .withMessageContainingAll(
                        "(layer0): ", "dense gradient of every step", "with a mask")
                .withMessageNotContaining("\n");
        assertThat(network.snapshot()).isEqualTo(before);
    }
}
