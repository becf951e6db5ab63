package org.dl4jplasticity.growth;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Model;
import org.dl4jplasticity.dropout.UnitGate;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.pruning.ConnectionScore;
import org.dl4jplasticity.pruning.Narrowing;
import org.dl4jplasticity.pruning.Pruning;
import org.dl4jplasticity.pruning.UnitScore;
import org.dl4jplasticity.relevance.LayerRelevance;
import org.dl4jplasticity.surgery.MutationRecorder;
import org.dl4jplasticity.surgery.NetworkSurgery;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.surgery.Resized;
import org.dl4jplasticity.topology.Ranking;
import org.dl4jplasticity.topology.SparseTopology;
import org.dl4jplasticity.topology.TopologyChange;
import org.nd4j.linalg.dataset.DataSet;

/**
 * What carries the least relevance goes (Li, Milling, Schuller, arXiv:2503.21419, Algorithm 3,
 * lines 8 to 16). Relevance is told by LRP-epsilon from the true class' logit on given examples.
 */
public final class LeastRelevant {
    private LeastRelevant() {}

    /**
     * {@return a step that lays masks over the weights of least relevance, all layers compared
     * together; they stay at inference} On weights of DL4J's own layers; at least one of each layer
     * stays.
     *
     * @param examples features and one-hot labels
     * @param share the share of the weights there are that goes at each step, in (0, 1)
     */
    public static PruningStep weights(DataSet examples, double share) {
        requireShare(share);
        return (network, recorder) -> maskWeights(network, recorder, examples, share);
    }

    /**
     * {@return a step that removes the neurons or channels of least relevance from each layer whose
     * width can change; at least one stays}
     *
     * @param examples features and one-hot labels
     * @param share the share of a layer's units that goes at each step, rounded, in (0, 1)
     */
    public static PruningStep neurons(DataSet examples, double share) {
        requireShare(share);
        Narrowing least = Narrowing.by(UnitScore.relevance(examples)).fraction(share);
        return (network, recorder) -> {
            List<Resized> resized = least.applyTo(network).resized();
            for (Resized each : resized) {
                recorder.note(PlasticNetwork.of(network), each, 0, Map.of());
            }
            return !resized.isEmpty();
        };
    }

    /**
     * {@return a step that masks the neurons or channels of least relevance while training, and
     * lets inference use all of them} The literal reading of the algorithm, whose last line asks
     * for all neurons at inference; nothing gets smaller. The gates are those of {@link
     * org.dl4jplasticity.dropout.UnitGates}.
     *
     * @param examples features and one-hot labels
     * @param share the share of a layer's units that is masked at each step, rounded, in (0, 1)
     */
    public static PruningStep neuronsWhileTraining(DataSet examples, double share) {
        requireShare(share);
        Map<String, Set<Integer>> masked = new HashMap<>();
        return (network, recorder) -> {
            NetworkSurgery surgery = NetworkSurgery.of(network);
            boolean any = false;
            for (Map.Entry<String, int[]> layer :
                    leastRelevant(network, examples, share, masked).entrySet()) {
                surgery.gate(layer.getKey(), layer.getValue(), UnitGate.closed(), 0);
                Set<Integer> known = masked.computeIfAbsent(layer.getKey(), id -> new TreeSet<>());
                IntStream.of(layer.getValue()).forEach(known::add);
                any = true;
            }
            return any;
        };
    }

    private static void requireShare(double share) {
        if (!(share > 0 && share < 1)) {
            throw new IllegalArgumentException(
                    "the share that goes at each step must be in (0, 1), got " + share);
        }
    }

    /** {@return for each layer the units of least relevance, but those that are out already} */
    private static Map<String, int[]> leastRelevant(
            Model network, DataSet examples, double share, Map<String, Set<Integer>> out) {
        List<String> resizable = NetworkSurgery.of(network).layers();
        Map<String, int[]> least = new LinkedHashMap<>();
        for (LayerRelevance layer : LayerRelevance.of(network, examples)) {
            double[] relevance = layer.perNeuron().clone();
            Set<Integer> known = out.getOrDefault(layer.layerId(), Set.of());
            known.forEach(unit -> relevance[unit] = Double.POSITIVE_INFINITY);
            int there = relevance.length - known.size();
            int goes = Math.min((int) Math.round(share * there), there - 1);
            if (goes > 0 && resizable.contains(layer.layerId())) {
                least.put(layer.layerId(), Ranking.lowest(relevance, goes));
            }
        }
        return least;
    }

    private static boolean maskWeights(
            Model network, MutationRecorder recorder, DataSet examples, double share) {
        List<MaskableWeights> weights = MaskableWeights.of(network);
        List<SparseTopology> before = new ArrayList<>();
        long all = 0;
        long active = 0;
        for (MaskableWeights each : weights) {
            SparseTopology topology =
                    each.mask()
                            .orElseGet(() -> SparseTopology.dense(each.rowLength(), each.rows()));
            before.add(topology);
            all += topology.possibleCount();
            active += topology.activeCount();
        }
        long keep = Math.max(weights.size(), active - Math.round(share * active));
        if (keep == active) {
            return false;
        }
        Pruning.by(ConnectionScore.relevance(examples)).applyTo(network, 1 - keep / (double) all);
        for (int i = 0; i < before.size(); i++) {
            TopologyChange change =
                    TopologyChange.between(before.get(i), weights.get(i).mask().orElseThrow());
            recorder.note(
                    PlasticNetwork.of(network),
                    weights.get(i).id(),
                    before.get(i),
                    change,
                    0,
                    Map.of());
        }
        return true;
    }
}
