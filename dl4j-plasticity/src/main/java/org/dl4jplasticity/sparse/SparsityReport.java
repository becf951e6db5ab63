package org.dl4jplasticity.sparse;

import java.util.List;
import org.dl4jplasticity.topology.SparseTopology;

/**
 * What dynamic sparse training tells of a network at one moment.
 *
 * @param layers one entry for each sparse weight parameter, in the network's order
 * @param updates updates done
 * @param inferenceFlops floating-point operations of a forward pass of one example, a
 *     multiplication and an addition for each active weight wherever it is applied
 * @param denseInferenceFlops the same if all weights were active
 * @param trainingFlops floating-point operations of all steps so far in the accounting of Evci et
 *     al. 2020 (arXiv:1911.11134, appendix H)
 */
public record SparsityReport(
        List<LayerReport> layers,
        long updates,
        double inferenceFlops,
        double denseInferenceFlops,
        double trainingFlops) {

    /**
     * One sparse weight parameter.
     *
     * @param id its id in journals and checkpoints, such as "0/W"
     * @param name the layer's index and name
     * @param possible connections a dense layer has
     * @param active connections that are active
     * @param target connections that are aimed at
     * @param explored connections that have been active at some time
     * @param dropped connections the last update dropped
     * @param grown connections the last update grew
     * @param deadUnits rows of the topology without any connection: units that nothing leads to
     * @param unusedInputs columns of the topology without any connection: inputs that lead nowhere
     */
    public record LayerReport(
            String id,
            String name,
            long possible,
            long active,
            long target,
            long explored,
            int dropped,
            int grown,
            int deadUnits,
            int unusedInputs) {

        static LayerReport of(
                String id,
                String name,
                SparseTopology topology,
                long target,
                long explored,
                int dropped,
                int grown) {
            return new LayerReport(
                    id,
                    name,
                    topology.possibleCount(),
                    topology.activeCount(),
                    target,
                    explored,
                    dropped,
                    grown,
                    emptyRows(topology.rowStarts()),
                    emptyRows(topology.transpose().rowStarts()));
        }

        private static int emptyRows(int[] starts) {
            int empty = 0;
            for (int row = 0; row + 1 < starts.length; row++) {
                empty += starts[row] == starts[row + 1] ? 1 : 0;
            }
            return empty;
        }

        /** {@return the share of connections that are not active} */
        public double sparsity() {
            return 1 - active / (double) possible;
        }

        /** {@return the share of connections that shall not be active} */
        public double targetSparsity() {
            return 1 - target / (double) possible;
        }

        /**
         * {@return ITOP's exploration rate R_s of the layer, the share of connections ever active}
         */
        public double explorationRate() {
            return explored / (double) possible;
        }
    }

    /** {@return the share of the connections of all sparse layers that are not active} */
    public double sparsity() {
        return 1 - sum(LayerReport::active) / sum(LayerReport::possible);
    }

    /** {@return the share of the connections of all sparse layers that shall not be active} */
    public double targetSparsity() {
        return 1 - sum(LayerReport::target) / sum(LayerReport::possible);
    }

    /**
     * {@return the in-time over-parameterization rate R_s: the share of connections that have been
     * active at some time (Liu et al. 2021, arXiv:2102.02887, eq. 2)}
     */
    public double explorationRate() {
        return sum(LayerReport::explored) / sum(LayerReport::possible);
    }

    private double sum(java.util.function.ToLongFunction<LayerReport> number) {
        return layers.stream().mapToLong(number).sum();
    }
}
