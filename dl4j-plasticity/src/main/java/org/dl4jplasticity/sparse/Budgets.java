package org.dl4jplasticity.sparse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.dl4jplasticity.schedule.LayerShape;
import org.dl4jplasticity.schedule.SparsityDistribution;
import org.dl4jplasticity.schedule.SparsitySchedule;
import org.dl4jplasticity.sparse.ConnectionBudget.Exchange;
import org.dl4jplasticity.topology.Ranking;
import org.dl4jplasticity.topology.SparseTopology;

/** The budgets that {@link ConnectionBudget} offers. */
final class Budgets {
    private Budgets() {}

    private static int share(double fraction, int active) {
        return (int) (fraction * active);
    }

    private static long free(SparseTopology topology) {
        return topology.possibleCount() - topology.activeCount();
    }

    record KeepingEach() implements ConnectionBudget {
        @Override
        public List<Exchange> exchanges(
                List<? extends PlasticWeights> layers, double fraction, long time) {
            List<Exchange> exchanges = new ArrayList<>();
            for (PlasticWeights layer : layers) {
                SparseTopology topology = layer.topology();
                int count = free(topology) == 0 ? 0 : share(fraction, topology.activeCount());
                exchanges.add(new Exchange(count, count, layer.target()));
            }
            return exchanges;
        }
    }

    record Following(SparsitySchedule sparsity, SparsityDistribution distribution)
            implements ConnectionBudget {
        @Override
        public List<Exchange> exchanges(
                List<? extends PlasticWeights> layers, double fraction, long time) {
            List<LayerShape> shapes = new ArrayList<>();
            layers.forEach(layer -> shapes.add(layer.shape()));
            long[] targets = distribution.activeCounts(shapes, sparsity.at(time));
            List<Exchange> exchanges = new ArrayList<>();
            for (int i = 0; i < targets.length; i++) {
                int active = layers.get(i).topology().activeCount();
                int target = Math.toIntExact(targets[i]);
                boolean whole = free(layers.get(i).topology()) == 0;
                int drop = Math.max(share(fraction, active), active - target);
                if (whole && target == active) {
                    drop = 0; // there is nothing to exchange it for
                }
                exchanges.add(new Exchange(drop, target - (active - drop), target));
            }
            return exchanges;
        }
    }

    record PrunedGlobally(SparsitySchedule sparsity) implements ConnectionBudget {
        @Override
        public List<Exchange> exchanges(
                List<? extends PlasticWeights> layers, double fraction, long time) {
            int[] left = left(layers, sparsity.at(time));
            List<Exchange> exchanges = new ArrayList<>();
            for (int i = 0; i < left.length; i++) {
                SparseTopology topology = layers.get(i).topology();
                int pruned = topology.activeCount() - left[i];
                int grow = share(fraction, left[i]);
                exchanges.add(new Exchange(pruned + grow, grow, left[i]));
            }
            return exchanges;
        }

        /** What global pruning by magnitude leaves of each layer. */
        private static int[] left(List<? extends PlasticWeights> layers, double sparsity) {
            int[] left =
                    layers.stream().mapToInt(layer -> layer.topology().activeCount()).toArray();
            double possible = 0;
            for (PlasticWeights layer : layers) {
                possible += layer.topology().possibleCount();
            }
            int active = Arrays.stream(left).sum();
            int excess = active - (int) Math.round((1 - sparsity) * possible);
            excess = Math.min(excess, active - left.length); // each keeps one
            if (excess <= 0) {
                return left;
            }
            double[] magnitudes = new double[active];
            int[] owners = new int[active];
            int next = 0;
            for (int layer = 0; layer < left.length; layer++) {
                PlasticWeights weights = layers.get(layer);
                int largest = next;
                for (int position = 0; position < left[layer]; position++) {
                    magnitudes[next] = Math.abs(weights.value(position));
                    largest = magnitudes[next] > magnitudes[largest] ? next : largest;
                    owners[next++] = layer;
                }
                magnitudes[largest] = Double.POSITIVE_INFINITY; // no layer is emptied
            }
            for (int pruned : Ranking.lowest(magnitudes, excess)) {
                left[owners[pruned]]--;
            }
            return left;
        }
    }

    record SoftBound() implements ConnectionBudget {
        @Override
        public List<Exchange> exchanges(
                List<? extends PlasticWeights> layers, double fraction, long time) {
            List<Exchange> exchanges = new ArrayList<>();
            for (PlasticWeights layer : layers) {
                SparseTopology topology = layer.topology();
                int target = layer.target();
                int drop = Math.max(0, topology.activeCount() - target);
                long room = topology.possibleCount() - (topology.activeCount() - drop);
                int grow = (int) Math.min(share(fraction, target), room);
                exchanges.add(new Exchange(drop, grow, target));
            }
            return exchanges;
        }
    }

    record RedistributedByMomentum() implements ConnectionBudget {

        /** The part of a layer's free connections that may be taken up by one update. */
        private static final double MOST_OF_FREE = 0.99;

        @Override
        public Set<Signal> needs() {
            return Set.of(Signal.MOMENTUM);
        }

        @Override
        public List<Exchange> exchanges(
                List<? extends PlasticWeights> layers, double fraction, long time) {
            int n = layers.size();
            int[] drop = new int[n];
            double[] proportion = new double[n];
            long[] room = new long[n];
            int total = 0;
            for (int i = 0; i < n; i++) {
                SparseTopology topology = layers.get(i).topology();
                drop[i] = share(fraction, topology.activeCount());
                total += drop[i];
                // What is dropped here may always be taken up here again.
                room[i] = Math.max(drop[i], (long) (MOST_OF_FREE * (free(topology) + drop[i])));
                proportion[i] = meanMomentum(layers.get(i));
            }
            int[] grow = shareOut(total, proportion, room);
            List<Exchange> exchanges = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                int after = layers.get(i).topology().activeCount() - drop[i] + grow[i];
                exchanges.add(new Exchange(drop[i], grow[i], after));
            }
            return exchanges;
        }

        private static double meanMomentum(PlasticWeights layer) {
            int active = layer.topology().activeCount();
            double sum = 0;
            for (int position = 0; position < active; position++) {
                sum += Math.abs(layer.momentum(position));
            }
            return sum / active;
        }

        /** Shares a total out exactly: in proportion where there is room, what overflows again. */
        static int[] shareOut(int total, double[] proportion, long[] room) {
            int n = room.length;
            int[] shares = new int[n];
            int left = total;
            while (left > 0) {
                double sum = 0;
                for (int i = 0; i < n; i++) {
                    sum += shares[i] < room[i] ? proportion[i] : 0;
                }
                int given = 0;
                for (int i = 0; i < n && sum > 0; i++) {
                    if (shares[i] < room[i]) {
                        long part = (long) (left * (proportion[i] / sum));
                        int more = (int) Math.min(part, room[i] - shares[i]);
                        shares[i] += more;
                        given += more;
                    }
                }
                if (given == 0) { // fewer are left than there are layers, or no momentum at all
                    given = giveOne(shares, proportion, room);
                }
                left -= given;
            }
            return shares;
        }

        /** Gives one connection to the layer of largest proportion that has room. */
        private static int giveOne(int[] shares, double[] proportion, long[] room) {
            int best = -1;
            for (int i = 0; i < shares.length; i++) {
                if (shares[i] < room[i] && (best < 0 || proportion[i] > proportion[best])) {
                    best = i;
                }
            }
            shares[best]++;
            return 1;
        }
    }
}
