package org.dl4jplasticity.sparse;

import java.util.List;
import java.util.Set;
import org.dl4jplasticity.schedule.SparsityDistribution;
import org.dl4jplasticity.schedule.SparsitySchedule;

/** How many connections each layer drops and grows at an update. */
@FunctionalInterface
public interface ConnectionBudget {

    /**
     * What one layer drops and grows.
     *
     * @param drop connections to drop, fewer than there are
     * @param grow connections to grow
     * @param target the number of active connections that is aimed at from now on; what is there
     *     after the update, or near it
     */
    record Exchange(int drop, int grow, int target) {

        /** {@return whether anything changes} */
        public boolean isChange() {
            return drop > 0 || grow > 0;
        }
    }

    /**
     * {@return one exchange for each layer, in order}
     *
     * @param layers all sparse weights of the network
     * @param fraction the drop fraction at this time, in [0, 1)
     * @param time the iteration, or at the end of an epoch the number of epochs done
     */
    List<Exchange> exchanges(List<? extends PlasticWeights> layers, double fraction, long time);

    /** {@return what must be known of the weights; nothing by default} */
    default Set<Signal> needs() {
        return Set.of();
    }

    /**
     * {@return a budget by which each layer grows as many as it drops, {@code floor(fraction *
     * active)}: SET, RigL and most others} A layer whose connections are all active has nothing to
     * exchange.
     */
    static ConnectionBudget keepingEach() {
        return new Budgets.KeepingEach();
    }

    /**
     * {@return a budget by which each layer drops {@code floor(fraction * active)} and all layers
     * together grow as many, shared out in proportion to the mean magnitude of the momentum of each
     * layer's active weights: sparse momentum (Dettmers and Zettlemoyer 2019, arXiv:1907.04840,
     * sec. 3.2)} No layer gets more than 99 % of its free connections; what is left over goes to
     * the others in the same proportion.
     */
    static ConnectionBudget redistributedByMomentum() {
        return new Budgets.RedistributedByMomentum();
    }

    /**
     * {@return a budget by which each layer has the number of connections of a sparsity that
     * changes over time} It drops {@code floor(fraction * active)}, more where fewer are to be
     * left, and grows what is then missing. Without a fraction this is gradual pruning (Zhu and
     * Gupta 2017, arXiv:1710.01878); with one, the birth and death of NDSNN (Huang et al. 2023,
     * arXiv:2304.12214, eq. 5 to 7).
     *
     * @param sparsity the sparsity of all layers together over time
     * @param distribution how it is shared out
     */
    static ConnectionBudget following(
            SparsitySchedule sparsity, SparsityDistribution distribution) {
        return new Budgets.Following(sparsity, distribution);
    }

    /**
     * {@return a budget by which the smallest weights of all layers together go until a sparsity
     * that changes over time is met, and then each layer exchanges {@code floor(fraction * active)}
     * of what it has left: GraNet (Liu et al. 2021, arXiv:2106.10404, sec. 4)} Every layer keeps at
     * least one connection.
     *
     * @param sparsity the sparsity of all layers together over time
     */
    static ConnectionBudget prunedGlobally(SparsitySchedule sparsity) {
        return new Budgets.PrunedGlobally(sparsity);
    }

    /**
     * {@return a budget by which each layer holds more connections than its target between two
     * updates: what the last update grew is dropped at the next one, after training on both, and
     * {@code floor(fraction * target)} are grown again: MEST's elastic mutation with a soft memory
     * bound (Yuan et al. 2021, arXiv:2110.14032, sec. 3.2)}
     */
    static ConnectionBudget softBound() {
        return new Budgets.SoftBound();
    }
}
