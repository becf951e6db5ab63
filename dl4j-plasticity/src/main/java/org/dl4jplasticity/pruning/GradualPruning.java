package org.dl4jplasticity.pruning;

import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.dl4jplasticity.checkpoint.ResumableTraining;
import org.dl4jplasticity.journal.MutationJournal;
import org.dl4jplasticity.schedule.SparsitySchedule;
import org.dl4jplasticity.schedule.UpdateSchedule;
import org.dl4jplasticity.sparse.DynamicSparseTraining;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.nd4j.shade.jackson.databind.node.JsonNodeFactory;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * Prunes a network little by little while it trains: at the updates of a schedule, connections by
 * any {@link ConnectionScore} or units by any {@link UnitScore}, until a sparsity that grows over
 * time is met (Zhu and Gupta 2017, arXiv:1710.01878, for magnitude). Scores are told anew at every
 * update, from the network as it is then.
 *
 * <pre>{@code
 * network.addListeners(
 *         GradualPruning.of(Pruning.by(ConnectionScore.lamp()))
 *                 .following(SparsitySchedule.cubic(0, 0.9, 500, 5_000))
 *                 .updating(UpdateSchedule.every(100)));
 * }</pre>
 *
 * <p>After an update of <em>connections</em> the network has as many as {@link Pruning} leaves at
 * that sparsity, of N exactly {@code round((1 - sparsity) N)} or as many of each layer; where masks
 * leave fewer already nothing happens. Between updates gradients of inactive weights are masked,
 * and these and their optimizer slots are exactly 0. Masks of a network that were there before are
 * held too. After an update of <em>units</em> each layer is {@code max(1, round((1 - sparsity) n))}
 * wide, with the n units it had at the first iteration with this listener; layers that are no wider
 * stay. The update comes after the optimizer's step.
 *
 * <p>One instance serves one network ({@code MultiLayerNetwork} or {@code ComputationGraph}). A
 * checkpoint keeps what it remembers, but can't tell scores from each other, nor keep what a score
 * remembers that is a listener itself, such as {@link Movement}.
 */
public final class GradualPruning extends BaseTrainingListener implements ResumableTraining {
    private final GradualStep step;
    private final SparsitySchedule sparsity;
    private final UpdateSchedule schedule;

    /** Masks gradients; made anew when there are other masks. Null before training. */
    private DynamicSparseTraining holding;

    private MutationJournal journal;
    private Model served;
    private long updates;

    private GradualPruning(GradualStep step, SparsitySchedule sparsity, UpdateSchedule schedule) {
        this.step = step;
        this.sparsity = sparsity;
        this.schedule = schedule;
    }

    /** Something to prune by, without a sparsity to meet. */
    public static final class Unscheduled {
        private final GradualStep step;

        private Unscheduled(GradualStep step) {
            this.step = step;
        }

        /**
         * {@return a listener that prunes every 100 iterations}
         *
         * @param sparsity over the iterations, or over the epochs done if updates are at the ends
         *     of epochs; where it falls nothing comes back
         */
        public GradualPruning following(SparsitySchedule sparsity) {
            return new GradualPruning(
                    step, Objects.requireNonNull(sparsity, "sparsity"), UpdateSchedule.every(100));
        }
    }

    /**
     * {@return gradual pruning of connections}
     *
     * @param pruning how they are chosen
     */
    public static Unscheduled of(Pruning pruning) {
        return new Unscheduled(new GradualStep.OfConnections(pruning));
    }

    /**
     * {@return gradual pruning of units}
     *
     * @param narrowing by a score, such as {@code Narrowing.by(UnitScore.weightNorm())}
     * @param layerIds the layers to narrow, and those that share their units; all whose width can
     *     change if there are none
     */
    public static Unscheduled of(Narrowing.Least narrowing, String... layerIds) {
        return new Unscheduled(new GradualStep.OfUnits(narrowing, List.of(layerIds)));
    }

    /**
     * {@return the same pruning at other times, of which nothing was done yet}
     *
     * @param schedule when; every 100 iterations by default
     */
    public GradualPruning updating(UpdateSchedule schedule) {
        return new GradualPruning(
                step.unused(), sparsity, Objects.requireNonNull(schedule, "schedule"));
    }

    /**
     * Writes what goes from now on to a journal.
     *
     * @param journal open for writing; closing it is the caller's affair
     */
    public void recordTo(MutationJournal journal) {
        this.journal = journal;
    }

    /** {@return the number of updates done} */
    public long updates() {
        return updates;
    }

    @Override
    public void onGradientCalculation(Model model) {
        serve(model);
        holding.onGradientCalculation(model);
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        serve(model);
        holding.iterationDone(model, iteration, epoch);
        if (schedule.atIteration(iteration)) {
            update(model, iteration);
        }
    }

    @Override
    public void onEpochEnd(Model model) {
        serve(model);
        int epoch = PlasticNetwork.of(model).epoch();
        if (schedule.atEpochEnd(epoch)) {
            update(model, epoch + 1L);
        }
    }

    private void update(Model model, long time) {
        step.apply(model, sparsity.at(time), journal);
        hold(model);
        updates++;
    }

    private void serve(Model model) {
        if (served == null) {
            PlasticNetwork.of(model).requireServable();
            step.begin(model);
            begin(model);
        } else if (served != model) {
            throw new IllegalStateException(
                    "a GradualPruning listener serves one network and was called for a second; give"
                            + " each network its own");
        }
    }

    private void begin(Model model) {
        hold(model);
        served = model;
    }

    /** Inactive weights and their optimizer slots become 0, and stay so. */
    private void hold(Model model) {
        holding = DynamicSparseTraining.fixed().build();
        holding.prepare(model);
    }

    @Override
    public String method() {
        return "gradual pruning of %s; following %s; updating %s"
                .formatted(step.what(), sparsity, schedule);
    }

    @Override
    public String toString() {
        return method();
    }

    @Override
    public ObjectNode save() {
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        state.put("updates", updates);
        ObjectNode widths = state.putObject("widths");
        step.widths().forEach(widths::put);
        return state;
    }

    @Override
    public void restore(Model model, ObjectNode state) {
        if (served != null) {
            throw new IllegalStateException(
                    "a state is restored before training begins, and this GradualPruning serves a"
                            + " network already");
        }
        if (!state.path("updates").isIntegralNumber() || !state.path("widths").isObject()) {
            throw new IllegalArgumentException(
                    "the state of a gradual pruning: expected a number of 'updates' and an object"
                            + " 'widths', got "
                            + state);
        }
        PlasticNetwork.of(model).requireServable();
        step.resume(model, (ObjectNode) state.path("widths"));
        updates = state.path("updates").longValue();
        begin(model);
    }
}
