package org.dl4jplasticity.sparse;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.dl4jplasticity.sparse.ConnectionBudget.Exchange;
import org.dl4jplasticity.topology.Ranking;
import org.dl4jplasticity.topology.SparseTopology;
import org.dl4jplasticity.topology.TopologyChange;

/**
 * SRigL (Lasby et al. 2024, arXiv:2305.02299, sec. 3): drops by magnitude and grows by gradient as
 * RigL does, but so that every active unit has the same number of incoming connections, and without
 * units that too few salient connections lead to.
 *
 * <p>With n connections to drop, a weight is salient if it is not among the n of smallest
 * magnitude, an inactive one if it is among the n of largest gradient. A unit with fewer salient
 * connections than {@code max(1, least * k)}, k being the connections per active unit, is ablated.
 * The layer's target is then shared out evenly, rounded down, to the units left; each keeps its
 * largest salient weights and grows its largest gradients.
 *
 * @param least the share of its connections that must be salient for a unit to stay, in [0, 1]
 */
record ConstantFanInRule(double least) implements LayerRule {
    ConstantFanInRule {
        if (!(least >= 0 && least <= 1)) {
            throw new IllegalArgumentException(
                    "share of salient connections must be in [0, 1], got " + least);
        }
    }

    @Override
    public Optional<LayerUpdate> plan(NetworkWeights weights, Exchange exchange, long time) {
        SparseTopology topology = weights.topology();
        if (topology.activeCount() == topology.possibleCount() || exchange.drop() == 0) {
            return Optional.empty();
        }
        if (!weights.rowsAreUnits()) {
            throw new IllegalArgumentException(
                    "%s: a constant fan-in needs weights whose rows are the incoming connections of"
                                    .formatted(weights.name())
                            + " one unit each, as those of dense layers and convolutions");
        }
        double[] magnitudes = new double[topology.activeCount()];
        Arrays.setAll(magnitudes, position -> Math.abs(weights.value(position)));
        boolean[] salient = new boolean[magnitudes.length];
        Arrays.fill(salient, true);
        for (int position : Ranking.lowest(magnitudes, exchange.drop())) {
            salient[position] = false;
        }
        boolean[] units = unitsToKeep(weights, salient, exchange.drop());
        int fanIn = fanIn(weights.target(), units, topology.nIn());
        long[] ids = new long[fanIn * count(units)];
        int next = 0;
        for (int unit = 0; unit < units.length; unit++) {
            if (units[unit]) {
                for (int input : inputs(weights, unit, salient, magnitudes, fanIn)) {
                    ids[next++] = (long) unit * topology.nIn() + input;
                }
            }
        }
        return Optional.of(
                update(weights, SparseTopology.of(topology.nIn(), topology.nOut(), ids)));
    }

    private boolean[] unitsToKeep(NetworkWeights weights, boolean[] salient, int exchanged) {
        SparseTopology topology = weights.topology();
        int[] count = new int[topology.nOut()];
        int active = 0;
        for (int unit = 0; unit < count.length; unit++) {
            active += topology.rowStarts()[unit + 1] > topology.rowStarts()[unit] ? 1 : 0;
            for (int p = topology.rowStarts()[unit]; p < topology.rowStarts()[unit + 1]; p++) {
                count[unit] += salient[p] ? 1 : 0;
            }
        }
        long inactive = topology.possibleCount() - topology.activeCount();
        int candidates = (int) Math.min(exchanged, inactive);
        for (long id : weights.largestGradients(topology, candidates)) {
            count[(int) (id / topology.nIn())]++;
        }
        double threshold = Math.max(1, least * topology.activeCount() / active);
        boolean[] keep = new boolean[count.length];
        int best = 0;
        for (int unit = 0; unit < count.length; unit++) {
            keep[unit] = weights.isOutput() || count[unit] >= threshold;
            best = count[unit] > count[best] ? unit : best;
        }
        keep[best] = true; // a layer never empties
        return keep;
    }

    private static int fanIn(int target, boolean[] units, int inputs) {
        return Math.max(1, Math.min(inputs, target / count(units)));
    }

    private static int count(boolean[] units) {
        int count = 0;
        for (boolean unit : units) {
            count += unit ? 1 : 0;
        }
        return count;
    }

    /**
     * The inputs of one unit: its salient weights, the largest first, then the largest gradients.
     */
    private static int[] inputs(
            NetworkWeights weights, int unit, boolean[] salient, double[] magnitudes, int fanIn) {
        SparseTopology topology = weights.topology();
        double[] worth = new double[topology.nIn()];
        double[] gradients = weights.gradientRow(unit);
        double largest = 0;
        for (int input = 0; input < worth.length; input++) {
            worth[input] = Math.abs(gradients[input]);
            largest = worth[input] > largest ? worth[input] : largest;
        }
        for (int p = topology.rowStarts()[unit]; p < topology.rowStarts()[unit + 1]; p++) {
            if (salient[p]) {
                worth[topology.columns()[p]] = largest + 1 + magnitudes[p];
            }
        }
        return Ranking.highest(worth, fanIn);
    }

    private static LayerUpdate update(NetworkWeights weights, SparseTopology after) {
        TopologyChange change = TopologyChange.between(weights.topology(), after);
        return new LayerUpdate(
                weights, change, new double[change.grownCount()], weights.target(), 0, Map.of());
    }

    @Override
    public Set<Signal> needs() {
        return Set.of(Signal.GRADIENT);
    }
}
