package org.dl4jplasticity.sparse;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.dl4jplasticity.layers.runtime.SparseRuntime;
import org.dl4jplasticity.schedule.DropFraction;
import org.dl4jplasticity.schedule.UpdateSchedule;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.topology.TopologyChange;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Rewires the sparse layers of a network while it trains. An update drops a fraction of each
 * layer's active connections and grows the same number; the number of active connections stays.
 *
 * <pre>{@code
 * network.addListeners(DynamicSparseTraining.rigl().updateEvery(100).until(3_500).build());
 * }</pre>
 *
 * <p>One instance serves one network ({@code MultiLayerNetwork} or {@code ComputationGraph}).
 * Layers that are dense are left alone. Everything random is drawn from the seed, the layer and the
 * time of the update, so a run does not depend on what else draws random numbers.
 *
 * <p>Where updates take the place of an optimizer step, as RigL has it, the step of that iteration
 * is undone for all parameters and the whole optimizer state, running statistics of normalization
 * layers included; the iteration still counts. A listener that runs the network itself may do so in
 * {@code iterationDone} and at the ends of epochs, not between the backward pass and this
 * listener's {@code onGradientCalculation}: the gradient would be lost, and the update fails with a
 * sentence.
 */
public final class DynamicSparseTraining extends BaseTrainingListener {
    private final UpdateSchedule schedule;
    private final DropFraction dropFraction;
    private final RewiringRule rule;
    private final boolean insteadOfStep;
    private final boolean lastUpdateOnlyDrops;

    /** The network this instance serves, once it was called. */
    private Model served;

    /** What is to be done when the step that is under way is over; null if nothing. */
    private PendingUpdate pending;

    private long updates;

    private DynamicSparseTraining(Builder builder) {
        schedule = builder.schedule;
        dropFraction = builder.dropFraction;
        rule =
                new RewiringRule(
                        builder.dropCriterion,
                        builder.growCriterion,
                        builder.initialization,
                        builder.regrownKeepValue,
                        builder.seed);
        insteadOfStep = builder.insteadOfStep;
        lastUpdateOnlyDrops = builder.lastUpdateOnlyDrops;
    }

    /** The changes of all layers, and the network as it was before the step. */
    private record PendingUpdate(
            List<LayerUpdate> layers, INDArray parameters, INDArray optimizerState) {}

    /**
     * {@return a builder with nothing to do: connections stay as they were drawn, training is
     * static sparse}
     */
    public static Builder fixed() {
        return new Builder();
    }

    /**
     * {@return a builder of SET (Mocanu et al. 2018, Nature Communications 9:2383)} At the end of
     * each epoch 0.3 of the connections of each sign, those nearest to zero, are dropped and as
     * many random ones are grown, drawn from N(0, 0.1^2); with {@link Builder#until}, after the
     * last epoch connections are dropped and none are grown.
     */
    public static Builder set() {
        return new Builder()
                .schedule(UpdateSchedule.eachEpoch())
                .dropFraction(DropFraction.constant(0.3))
                .drop(DropCriterion.magnitudeOfEachSign())
                .grow(GrowCriterion.random())
                .startingWith(GrowthInitialization.normal(0.1))
                .lastUpdateOnlyDrops(true);
    }

    /**
     * {@return a builder of RigL (Evci et al. 2020, arXiv:1911.11134, algorithm 1)} Every 100
     * iterations, in place of an optimizer step, the connections of smallest magnitude are dropped
     * and those of largest gradient grown, starting at zero. The fraction is 0.3, to be annealed to
     * zero by a cosine until the end of the updates: {@link Builder#until} is needed, about three
     * quarters of all iterations in the paper. A connection that is dropped and grown at once keeps
     * its value and optimizer slots, as in the authors' code.
     */
    public static Builder rigl() {
        return new Builder()
                .schedule(UpdateSchedule.every(100))
                .dropFraction(DropFraction.cosine(0.3))
                .drop(DropCriterion.magnitude())
                .grow(GrowCriterion.gradient())
                .startingWith(GrowthInitialization.zero())
                .insteadOfStep(true)
                .regrownKeepValue(true);
    }

    /** {@return the number of updates done} */
    public long updates() {
        return updates;
    }

    @Override
    public void onGradientCalculation(Model model) {
        PlasticNetwork network = serve(model);
        long time = network.iteration();
        if (!insteadOfStep || !isDue(time)) {
            return;
        }
        List<LayerUpdate> layers = plan(network, PackedWeights::withGradient, time);
        INDArray state = network.updater().getStateViewArray();
        pending =
                new PendingUpdate(
                        layers, network.parameters().dup(), state == null ? null : state.dup());
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        PlasticNetwork network = serve(model);
        if (pending != null) {
            network.parameters().assign(pending.parameters());
            if (pending.optimizerState() != null) {
                network.updater().getStateViewArray().assign(pending.optimizerState());
            }
            apply(pending.layers(), network);
            pending = null;
        } else if (!insteadOfStep && isDue(iteration)) {
            update(network, iteration);
        }
    }

    /** Where the fraction has fallen to 0 there is no update: it would only cost a step. */
    private boolean isDue(long iteration) {
        return schedule != null && schedule.atIteration(iteration) && fractionAt(iteration) > 0;
    }

    @Override
    public void onEpochEnd(Model model) {
        PlasticNetwork network = serve(model);
        if (schedule == null || !schedule.atEpochEnd(network.epoch())) {
            return;
        }
        update(network, network.epoch());
    }

    /** An update at rest: after a step, or at the end of an epoch. */
    private void update(PlasticNetwork network, long time) {
        if (lastUpdateOnlyDrops && isLast(time)) {
            dropOnly(network, time);
            return;
        }
        apply(plan(network, PackedWeights::atRest, time), network);
    }

    private List<LayerUpdate> plan(
            PlasticNetwork network, Function<Layer, PackedWeights> weights, long time) {
        List<LayerUpdate> layers = new ArrayList<>();
        for (Layer layer : plasticLayers(network)) {
            layers.add(rule.plan(weights.apply(layer), time, fractionAt(time)));
        }
        return layers;
    }

    private boolean isLast(long time) {
        long toNext = schedule instanceof UpdateSchedule.EveryIterations every ? every.every() : 1;
        return schedule.hasEnd() && time > schedule.end() - toNext;
    }

    private void apply(List<LayerUpdate> layers, PlasticNetwork network) {
        for (LayerUpdate update : layers) {
            update.weights().apply(update.change(), update.grown(), network);
        }
        updates++;
    }

    private void dropOnly(PlasticNetwork network, long time) {
        IdentityHashMap<Layer, TopologyChange> changes = new IdentityHashMap<>();
        for (Layer layer : plasticLayers(network)) {
            PackedWeights weights = PackedWeights.atRest(layer);
            changes.put(layer, rule.planDropOnly(weights, fractionAt(time)));
        }
        PackedResize.apply(network, changes);
        updates++;
    }

    private double fractionAt(long time) {
        return dropFraction.at(schedule.progress(time));
    }

    /** The sparse layers that have connections to choose from. */
    private static List<Layer> plasticLayers(PlasticNetwork network) {
        return network.layers().stream().filter(DynamicSparseTraining::isPlastic).toList();
    }

    private static boolean isPlastic(Layer layer) {
        return layer instanceof SparseRuntime runtime
                && runtime.sparseConf().getTopology().activeCount()
                        < runtime.sparseConf().getTopology().possibleCount();
    }

    /** Binds this instance to its network at the first call, and checks that it can serve it. */
    private PlasticNetwork serve(Model model) {
        PlasticNetwork network = PlasticNetwork.of(model);
        if (served == model) {
            return network;
        }
        if (served != null) {
            throw new IllegalStateException(
                    "a DynamicSparseTraining listener serves one network and was called for a second;"
                            + " give each network its own, and train with fit rather than"
                            + " ParallelWrapper");
        }
        List<Layer> layers = plasticLayers(network);
        if (schedule != null && layers.isEmpty()) {
            throw new IllegalArgumentException(
                    "DynamicSparseTraining found no sparse layer in the network; use SparseDenseLayer"
                            + " or SparseOutputLayer with a sparsity greater than 0");
        }
        network.layers().forEach(DynamicSparseTraining::requireGradientDescent);
        network.layers().forEach(OptimizerSlots::requireWorkingUpdaters);
        for (UpdaterBlock block : network.updater().getUpdaterBlocks()) {
            OptimizerSlots.requireComponents(block);
        }
        served = model;
        return network;
    }

    /** Other algorithms keep a search state of their own that no change of connections reaches. */
    private static void requireGradientDescent(Layer layer) {
        OptimizationAlgorithm algorithm = layer.conf().getOptimizationAlgo();
        if (algorithm != OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT) {
            throw new IllegalArgumentException(
                    "DynamicSparseTraining needs STOCHASTIC_GRADIENT_DESCENT, which all updaters work"
                            + " with, got optimization algorithm "
                            + algorithm);
        }
    }

    /** Composes a method. Every setting has the method's own value to start with. */
    public static final class Builder {
        private UpdateSchedule schedule;
        private DropFraction dropFraction = DropFraction.constant(0.3);
        private DropCriterion dropCriterion = DropCriterion.magnitude();
        private GrowCriterion growCriterion = GrowCriterion.random();
        private GrowthInitialization initialization = GrowthInitialization.zero();
        private boolean insteadOfStep;
        private boolean regrownKeepValue;
        private boolean lastUpdateOnlyDrops;
        private OptionalLong seed = OptionalLong.empty();

        private Builder() {}

        /**
         * {@return this builder with updates at given times}
         *
         * @param schedule when to update
         */
        public Builder schedule(UpdateSchedule schedule) {
            this.schedule = schedule;
            return this;
        }

        /**
         * {@return this builder with an update every so many iterations, from the first to the last
         * iteration of the schedule so far if that counted iterations too}
         *
         * @param iterations at least 1
         */
        public Builder updateEvery(int iterations) {
            UpdateSchedule every = UpdateSchedule.every(iterations);
            if (schedule instanceof UpdateSchedule.EveryIterations before) {
                every = every.from(before.begin()).until(before.end());
            }
            return schedule(every);
        }

        /** {@return this builder with an update at the end of each epoch} */
        public Builder eachEpoch() {
            return schedule(UpdateSchedule.eachEpoch());
        }

        /**
         * {@return this builder with no update before a time}
         *
         * @param begin the first iteration or epoch at which an update may happen, counted from 0
         */
        public Builder from(long begin) {
            return schedule(requireSchedule("from").from(begin));
        }

        /**
         * {@return this builder with no update after a time}
         *
         * @param end the last iteration or epoch at which an update may happen, counted from 0;
         *     also where a drop fraction that decays reaches its end
         */
        public Builder until(long end) {
            return schedule(requireSchedule("until").until(end));
        }

        private UpdateSchedule requireSchedule(String caller) {
            if (schedule == null) {
                throw new IllegalStateException(
                        caller + " needs a schedule: call updateEvery or eachEpoch first");
            }
            return schedule;
        }

        /**
         * {@return this builder with a share of active connections to replace at each update}
         *
         * @param dropFraction the share over time
         */
        public Builder dropFraction(DropFraction dropFraction) {
            this.dropFraction = dropFraction;
            return this;
        }

        /**
         * {@return this builder with a criterion for connections to drop}
         *
         * @param criterion which to drop
         */
        public Builder drop(DropCriterion criterion) {
            this.dropCriterion = criterion;
            return this;
        }

        /**
         * {@return this builder with a criterion for connections to grow}
         *
         * @param criterion which to grow
         */
        public Builder grow(GrowCriterion criterion) {
            this.growCriterion = criterion;
            return this;
        }

        /**
         * {@return this builder with values for grown connections}
         *
         * @param initialization what they start with
         */
        public Builder startingWith(GrowthInitialization initialization) {
            this.initialization = initialization;
            return this;
        }

        /**
         * {@return this builder with updates that take the place of the optimizer step of their
         * iteration, or that follow it} Only in the first case criteria may use the gradient.
         *
         * @param insteadOfStep whether they take its place
         */
        public Builder insteadOfStep(boolean insteadOfStep) {
            this.insteadOfStep = insteadOfStep;
            return this;
        }

        /**
         * {@return this builder with connections that are dropped and grown in one update keeping
         * their value and optimizer slots, or starting anew like any grown connection}
         *
         * @param regrownKeepValue whether they keep them
         */
        public Builder regrownKeepValue(boolean regrownKeepValue) {
            this.regrownKeepValue = regrownKeepValue;
            return this;
        }

        /**
         * {@return this builder with an update at the end of the schedule that drops and grows
         * nothing, or an ordinary one} Dropping alone makes the parameters shorter and the network
         * lighter.
         *
         * @param lastUpdateOnlyDrops whether the last update only drops; without effect as long as
         *     the schedule is open-ended
         */
        public Builder lastUpdateOnlyDrops(boolean lastUpdateOnlyDrops) {
            this.lastUpdateOnlyDrops = lastUpdateOnlyDrops;
            return this;
        }

        /**
         * {@return this builder with a seed for everything random} Without one the network's own
         * seed is used.
         *
         * @param seed any number
         */
        public Builder seed(long seed) {
            this.seed = OptionalLong.of(seed);
            return this;
        }

        /**
         * {@return the listener}
         *
         * @throws IllegalArgumentException if the parts do not fit together: a drop fraction that
         *     decays over a schedule without end, or a criterion that uses the gradient where it is
         *     not known
         */
        public DynamicSparseTraining build() {
            if (schedule != null) {
                dropFraction.requireEndOf(schedule);
                boolean iterations = schedule instanceof UpdateSchedule.EveryIterations;
                if (insteadOfStep && !iterations) {
                    throw new IllegalArgumentException(
                            "updates that take the place of an optimizer step need a schedule of"
                                    + " iterations, got "
                                    + schedule);
                }
                if (growCriterion.usesGradient() && !insteadOfStep) {
                    throw new IllegalArgumentException(
                            "growing by gradient needs updates that take the place of an optimizer"
                                    + " step: insteadOfStep(true)");
                }
                if (insteadOfStep && lastUpdateOnlyDrops) {
                    throw new IllegalArgumentException(
                            "a last update that only drops needs updates that follow the optimizer"
                                    + " step, got insteadOfStep(true)");
                }
            }
            return new DynamicSparseTraining(this);
        }
    }
}
