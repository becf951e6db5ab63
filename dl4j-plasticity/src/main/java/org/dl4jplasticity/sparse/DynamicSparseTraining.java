package org.dl4jplasticity.sparse;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.dl4jplasticity.journal.MutationJournal;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.schedule.DropFraction;
import org.dl4jplasticity.schedule.SparsityDistribution;
import org.dl4jplasticity.schedule.SparsitySchedule;
import org.dl4jplasticity.schedule.UpdateSchedule;
import org.dl4jplasticity.sparse.ConnectionBudget.Exchange;
import org.dl4jplasticity.sparse.SparsityReport.LayerReport;
import org.dl4jplasticity.surgery.MutationRecorder;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.dl4jplasticity.updater.FusedUpdater;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * Rewires the sparse weights of a network while it trains: those of this project's sparse layers,
 * and those of DL4J's own layers that a mask lies over. The published methods are compositions of
 * the same parts; {@link SparseTrainingBuilder} composes others.
 *
 * <pre>{@code
 * network.addListeners(DynamicSparseTraining.rigl().updateEvery(100).until(3_500).build());
 * }</pre>
 *
 * <p>One instance serves one network ({@code MultiLayerNetwork} or {@code ComputationGraph}).
 * Layers without sparse weights are left alone. Gradients of inactive weights are masked before the
 * updater sees them, so these weights and their optimizer slots stay exactly zero. Everything
 * random is drawn from the seed, the layer and the time of the update, so a run does not depend on
 * what else draws random numbers.
 *
 * <p>Where updates take the place of an optimizer step, as RigL has it, the step of that iteration
 * is undone for all parameters and the whole optimizer state, running statistics of normalization
 * layers included; the iteration still counts. A listener that runs the network itself may do so in
 * {@code iterationDone} and at the ends of epochs, not between the backward pass and this
 * listener's {@code onGradientCalculation}: the gradient would be lost, and the update fails with a
 * sentence.
 */
public final class DynamicSparseTraining extends BaseTrainingListener implements SparseTraining {
    private final UpdateSchedule schedule;
    private final DropFraction dropFraction;
    private final ConnectionBudget budget;
    private final LayerRule rule;
    private final boolean insteadOfStep;
    private final boolean lastUpdateOnlyDrops;
    private final boolean resettingOptimizer;
    private final double momentumDecay;
    private final Set<Signal> needs = EnumSet.noneOf(Signal.class);
    private final String description;

    private final Map<String, History> histories = new LinkedHashMap<>();
    private final Map<String, Exchange> lastExchanges = new HashMap<>();
    private final TrainingCost cost = new TrainingCost();
    private final MutationRecorder recorder = new MutationRecorder();

    /** The network this instance serves, once it was called. */
    private Model served;

    /** Its sparse weights, and the gradients and parameters they are views of. */
    private List<NetworkWeights> weights;

    private INDArray gradientsOfWeights;

    /** Its weights that a mask could be laid over and isn't yet. */
    private List<MaskableWeights> unmasked;

    /** The number of examples in the minibatch that is under way. */
    private int minibatch;

    /** What is to be done when the step that is under way is over; null if nothing. */
    private PendingUpdate pending;

    private long updates;

    DynamicSparseTraining(SparseTrainingBuilder builder) {
        schedule = builder.schedule();
        dropFraction = builder.dropFraction();
        budget = builder.budget();
        rule = builder.rule();
        insteadOfStep = builder.isInsteadOfStep();
        lastUpdateOnlyDrops = builder.isLastUpdateOnlyDrops();
        resettingOptimizer = builder.isResettingOptimizer();
        momentumDecay = builder.momentumDecay();
        needs.addAll(builder.needs());
        description = builder.toString();
    }

    /**
     * {@return a builder with nothing to do: connections stay as they were drawn, training is
     * static sparse}
     */
    public static SparseTrainingBuilder fixed() {
        return new SparseTrainingBuilder("static");
    }

    /**
     * {@return a builder of SET (Mocanu et al. 2018, Nature Communications 9:2383)} At the end of
     * each epoch 0.3 of the connections of each sign, those nearest to zero, are dropped and as
     * many random ones are grown, drawn from N(0, 0.1^2); with {@link SparseTrainingBuilder#until},
     * after the last epoch connections are dropped and none are grown.
     */
    public static SparseTrainingBuilder set() {
        return new SparseTrainingBuilder("set")
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
     * zero by a cosine until the end of the updates: {@link SparseTrainingBuilder#until} is needed,
     * about three quarters of all iterations in the paper. A connection that is dropped and grown
     * at once keeps its value and optimizer slots, as in the authors' code.
     */
    public static SparseTrainingBuilder rigl() {
        return byGradient("rigl").dropFraction(DropFraction.cosine(0.3));
    }

    /** What methods that grow by gradient have in common. */
    private static SparseTrainingBuilder byGradient(String method) {
        return new SparseTrainingBuilder(method)
                .schedule(UpdateSchedule.every(100))
                .drop(DropCriterion.magnitude())
                .grow(GrowCriterion.gradient())
                .startingWith(GrowthInitialization.zero())
                .insteadOfStep(true)
                .regrownKeepValue(true);
    }

    /**
     * {@return a builder of SET in the regime of in-time over-parameterization (Liu et al. 2021,
     * arXiv:2102.02887)} Every 1,500 iterations, long enough for grown weights to mature, half of
     * the connections, the smallest, make place for random ones that start at zero; the half decays
     * by a cosine until the end, which is that of the training. {@link #report} tells the
     * exploration rate.
     */
    public static SparseTrainingBuilder setItop() {
        return new SparseTrainingBuilder("set-itop")
                .schedule(UpdateSchedule.every(1_500))
                .dropFraction(DropFraction.cosine(0.5))
                .drop(DropCriterion.magnitude())
                .grow(GrowCriterion.random())
                .startingWith(GrowthInitialization.zero());
    }

    /**
     * {@return a builder of RigL in the regime of in-time over-parameterization (Liu et al. 2021,
     * arXiv:2102.02887)} Every 4,000 iterations half of the connections are exchanged; the half
     * decays by a cosine until the end, which is that of the training.
     */
    public static SparseTrainingBuilder riglItop() {
        return byGradient("rigl-itop")
                .schedule(UpdateSchedule.every(4_000))
                .dropFraction(DropFraction.cosine(0.5));
    }

    /**
     * {@return a builder of sparse momentum, SNFS (Dettmers and Zettlemoyer 2019,
     * arXiv:1907.04840)} At the end of each epoch half of each layer's connections, the smallest,
     * are dropped; all of them are shared out again over the layers by the momentum of their
     * weights, and grown where the momentum is largest. The half decays by a cosine to 0.005 at the
     * end. For masked weights only, because of the dense momentum.
     */
    public static SparseTrainingBuilder sparseMomentum() {
        return new SparseTrainingBuilder("snfs")
                .schedule(UpdateSchedule.eachEpoch())
                .dropFraction(DropFraction.cosine(0.5, 0.005))
                .budget(ConnectionBudget.redistributedByMomentum())
                .drop(DropCriterion.magnitude())
                .grow(GrowCriterion.momentum())
                .startingWith(GrowthInitialization.zero());
    }

    /**
     * {@return a builder of MEST with elastic mutation (Yuan et al. 2021, arXiv:2110.14032, EM)} In
     * place of a step the connections of least magnitude plus gradient make place for random ones:
     * a fifth of them, a tenth from 9/16 of the schedule on, none from 12/16 on (at a density of
     * 0.1 the authors' 2 % and 1 % of all weights, at epochs 90 and 120 of 160). The paper updates
     * every five epochs: {@link SparseTrainingBuilder#updateEvery} in iterations and {@link
     * SparseTrainingBuilder#until} are needed.
     */
    public static SparseTrainingBuilder mest() {
        return mest("mest", 0.2, 0.1);
    }

    /**
     * {@return a builder of MEST with elastic mutation and a soft memory bound (Yuan et al. 2021,
     * arXiv:2110.14032, EM&amp;S)} What is grown comes on top of the target density, by one half,
     * by a quarter from 9/16 of the schedule on, and the least important of old and new go at the
     * next update, after training on both; the last one only drops.
     */
    public static SparseTrainingBuilder mestSoft() {
        return mest("mest-soft", 0.5, 0.25)
                .budget(ConnectionBudget.softBound())
                .lastUpdateOnlyDrops(true);
    }

    private static SparseTrainingBuilder mest(String method, double first, double second) {
        return new SparseTrainingBuilder(method)
                .schedule(UpdateSchedule.every(1_000))
                .dropFraction(DropFraction.steps(first, Map.of(9 / 16.0, second, 12 / 16.0, 0.0)))
                .drop(DropCriterion.magnitudePlusGradient(1))
                .grow(GrowCriterion.random())
                .startingWith(GrowthInitialization.zero())
                .insteadOfStep(true);
    }

    /**
     * {@return a builder of gradual magnitude pruning, GMP (Zhu and Gupta 2017, arXiv:1710.01878)}
     * Every 100 iterations each layer drops its smallest weights until a sparsity that grows over
     * time is met; nothing is grown. Start with every connection active: masks of sparsity 0.
     *
     * @param sparsity of every layer over the iterations; {@link SparsitySchedule#cubic} in the
     *     paper
     */
    public static SparseTrainingBuilder gradualPruning(SparsitySchedule sparsity) {
        return new SparseTrainingBuilder("gmp")
                .schedule(UpdateSchedule.every(100))
                .dropFraction(DropFraction.none())
                .budget(ConnectionBudget.following(sparsity, SparsityDistribution.uniform()))
                .drop(DropCriterion.magnitude());
    }

    /**
     * {@return a builder of GraNet (Liu et al. 2021, arXiv:2106.10404)} Every 100 iterations, in
     * place of a step, the smallest weights of all layers together go until a sparsity that grows
     * over time is met; then half of what is left is exchanged for the connections of largest
     * gradient. The half decays by a cosine until the end of the updates.
     *
     * @param sparsity of all layers over the iterations; cubic in the paper, from 0.5 or 0
     */
    public static SparseTrainingBuilder granet(SparsitySchedule sparsity) {
        return byGradient("granet")
                .dropFraction(DropFraction.cosine(0.5))
                .budget(ConnectionBudget.prunedGlobally(sparsity));
    }

    /**
     * {@return a builder of NDSNN's schedule (Huang et al. 2023, arXiv:2304.12214)} Every 100
     * iterations, in place of a step, half of the connections of each layer die, those of smallest
     * magnitude, and fewer are born by gradient, so that the density falls from one update to the
     * next. The half decays by a cosine to 0.05.
     *
     * @param sparsity of all layers over the iterations; cubic in the paper
     * @param distribution how it is shared out over the layers; ERK in the paper
     */
    public static SparseTrainingBuilder ndsnn(
            SparsitySchedule sparsity, SparsityDistribution distribution) {
        return byGradient("ndsnn")
                .dropFraction(DropFraction.cosine(0.5, 0.05))
                .budget(ConnectionBudget.following(sparsity, distribution));
    }

    /**
     * {@return a builder of AC/DC (Peste et al. 2021, arXiv:2106.12379)} At the ends of epochs the
     * network is compressed to its largest weights, whose mask then stays, and decompressed again,
     * with weights that start at zero and an optimizer state set to zero. Start with every
     * connection active: masks of sparsity 0.
     *
     * @param sparsity of all layers over the epochs done: {@link SparsitySchedule#alternating}
     * @param distribution how the compressed phases' sparsity is shared out
     */
    public static SparseTrainingBuilder acdc(
            SparsitySchedule sparsity, SparsityDistribution distribution) {
        return new SparseTrainingBuilder("acdc")
                .schedule(UpdateSchedule.eachEpoch())
                .dropFraction(DropFraction.none())
                .budget(ConnectionBudget.following(sparsity, distribution))
                .drop(DropCriterion.magnitude())
                .grow(GrowCriterion.random())
                .startingWith(GrowthInitialization.zero())
                .resettingOptimizer(true);
    }

    /**
     * {@return a builder of SRigL (Lasby et al. 2024, arXiv:2305.02299)} RigL in which every active
     * unit has the same number of incoming connections; a unit with fewer than 0.3 of them salient
     * loses all, and the others share its part.
     */
    public static SparseTrainingBuilder srigl() {
        return byGradient("srigl").dropFraction(DropFraction.cosine(0.3)).constantFanIn(0.3);
    }

    /** What an update changes, worked out before anything is. */
    private record Plan(double fraction, List<LayerUpdate> updates, List<Exchange> exchanges) {

        /** Where the fraction has fallen to 0 there is no update: it would only cost a step. */
        boolean isUpdate() {
            return fraction > 0 || !updates.isEmpty();
        }
    }

    /**
     * An update that waits for the step to end.
     *
     * @param plan what is to be done
     * @param parameters as they were before the step, or null if it is left out
     * @param optimizerState as it was before the step, or null if it is left out or there is none
     */
    private record PendingUpdate(Plan plan, INDArray parameters, INDArray optimizerState) {

        static PendingUpdate insteadOfStep(Plan plan, PlasticNetwork network) {
            if (FusedUpdater.skipStep(network.model())) {
                return new PendingUpdate(plan, null, null);
            }
            INDArray state = network.updater().getStateViewArray();
            return new PendingUpdate(
                    plan, network.parameters().dup(), state == null ? null : state.dup());
        }

        void undoStep(PlasticNetwork network) {
            putBack(parameters, network.parameters());
            putBack(optimizerState, network.updater().getStateViewArray());
        }

        /** A copy is as large as the network: its memory is not left to the garbage collector. */
        private static void putBack(INDArray copy, INDArray original) {
            if (copy != null) {
                original.assign(copy);
                if (copy.closeable()) {
                    copy.close();
                }
            }
        }
    }

    /** {@return the method by name with all its settings, which a checkpoint compares} */
    @Override
    public String toString() {
        return description;
    }

    @Override
    public String method() {
        return description;
    }

    @Override
    public ObjectNode save() {
        if (pending != null) {
            throw new IllegalStateException(
                    "an update is under way: what saves the state of a DynamicSparseTraining must"
                            + " come after it in the network's list of listeners");
        }
        return new TrainingState(updates, cost.training(), cost.uses(), lastExchanges, histories)
                .write();
    }

    @Override
    public void restore(Model model, ObjectNode state) {
        if (served != null) {
            throw new IllegalStateException(
                    "a state is restored before training begins, and this DynamicSparseTraining"
                            + " serves a network already");
        }
        PlasticNetwork network = PlasticNetwork.of(model);
        TrainingState restored = TrainingState.read(state, requireServable(network));
        updates = restored.updates();
        cost.resume(restored.operations(), restored.uses());
        lastExchanges.putAll(restored.exchanges());
        histories.putAll(restored.histories());
        begin(network);
    }

    @Override
    public long updates() {
        return updates;
    }

    @Override
    public void onForwardPass(Model model, List<INDArray> activations) {
        minibatch = (int) activations.get(0).size(0);
        cost.observe(model, activations);
    }

    @Override
    public void onForwardPass(Model model, Map<String, INDArray> activations) {
        ComputationGraph graph = (ComputationGraph) model;
        minibatch = (int) graph.getInput(0).size(0);
        cost.observe(graph, activations);
    }

    @Override
    public void onGradientCalculation(Model model) {
        PlasticNetwork network = serve(model);
        long time = network.iteration();
        trackSignals();
        boolean due = insteadOfStep && schedule != null && schedule.atIteration(time);
        if (due) {
            Plan plan = plan(true, time, time);
            if (plan.isUpdate()) {
                pending = PendingUpdate.insteadOfStep(plan, network);
            }
        }
        cost.step(
                minibatch,
                needs.contains(Signal.MOMENTUM)
                        || (needs.contains(Signal.GRADIENT) && pending != null));
        weights.forEach(NetworkWeights::maskGradient);
    }

    private void trackSignals() {
        for (NetworkWeights each : weights) {
            if (needs.contains(Signal.MOVEMENT)) {
                each.history().addMovement(each.parameter().values(), each.gradientView());
            }
            if (needs.contains(Signal.MOMENTUM)) {
                each.history().addMomentum(each.gradientView(), momentumDecay, minibatch);
            }
        }
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        PlasticNetwork network = serve(model);
        weights.forEach(NetworkWeights::stepDone);
        if (pending != null) {
            pending.undoStep(network);
            Plan plan = pending.plan();
            pending = null;
            apply(plan, network);
        } else if (!insteadOfStep && schedule != null && schedule.atIteration(iteration)) {
            update(network, iteration, iteration);
        }
    }

    @Override
    public void onEpochEnd(Model model) {
        PlasticNetwork network = serve(model);
        if (schedule != null && schedule.atEpochEnd(network.epoch())) {
            update(network, network.epoch(), network.epoch() + 1L);
        }
    }

    /**
     * Does an update now, outside {@code fit}: between rounds of {@code ParallelWrapper} or of any
     * other training that this listener can't take part in. The network must be at rest; this
     * listener need not be attached to it. Weights that training without this listener brought back
     * are set to zero again, with their optimizer slots. A schedule of epochs looks at the epochs
     * that the network counts as done; {@code ParallelWrapper} counts none, so there call {@code
     * incrementEpochCount} of the network after each round.
     *
     * @param model the network
     * @throws IllegalStateException if the method has no schedule, or needs gradients or anything
     *     else that is gathered while a network trains
     */
    public void updateAtRest(Model model) {
        PlasticNetwork network = serve(model);
        if (schedule == null || !needs.isEmpty()) {
            throw new IllegalStateException(
                    "an update at rest needs a schedule and knows no %s: %s"
                            .formatted(needs, description));
        }
        clearInactive();
        if (schedule instanceof UpdateSchedule.EachEpoch) {
            update(network, Math.max(0, network.epoch() - 1), network.epoch());
        } else {
            update(network, network.iteration(), network.iteration());
        }
    }

    /** An update after a step, or at the end of an epoch. */
    private void update(PlasticNetwork network, long time, long done) {
        Plan plan = plan(false, time, done);
        if (plan.isUpdate()) {
            apply(plan, network);
        }
    }

    /**
     * Works an update out.
     *
     * @param time of the update in the schedule's unit
     * @param done what a sparsity schedule counts: the iteration, or the epochs done
     */
    private Plan plan(boolean withGradient, long time, long done) {
        double fraction = dropFraction.at(schedule.progress(time));
        weights.forEach(each -> each.begin(withGradient ? minibatch : 0));
        List<Exchange> exchanges = budget.exchanges(weights, fraction, done);
        List<LayerUpdate> layers = new ArrayList<>();
        List<Exchange> applied = new ArrayList<>();
        for (int i = 0; i < weights.size(); i++) {
            Exchange exchange = exchanges.get(i);
            if (lastUpdateOnlyDrops && isLast(time)) {
                int left = weights.get(i).topology().activeCount() - exchange.drop();
                exchange = new Exchange(exchange.drop(), 0, Math.min(exchange.target(), left));
            }
            Optional<LayerUpdate> update = rule.plan(weights.get(i), exchange, time);
            update.ifPresent(layers::add);
            applied.add(exchange);
            weights.get(i).forget();
        }
        weights.forEach(each -> each.begin(0));
        return new Plan(fraction, layers, applied);
    }

    private boolean isLast(long time) {
        long toNext = schedule instanceof UpdateSchedule.EveryIterations every ? every.every() : 1;
        return schedule.hasEnd() && time > schedule.end() - toNext;
    }

    private void apply(Plan plan, PlasticNetwork network) {
        lastExchanges.clear();
        int balance = 0;
        for (LayerUpdate update : plan.updates()) {
            SparseTopology before = update.weights().topology();
            History history = update.weights().history();
            history.explore(update.change().topology());
            recorder.note(
                    network,
                    update.weights().id(),
                    before,
                    update.change(),
                    update.seed(),
                    update.scores(history.explored().count()));
            int grown = update.change().grownCount();
            int dropped = before.activeCount() + grown - update.change().topology().activeCount();
            balance += grown - dropped;
            lastExchanges.put(update.weights().id(), new Exchange(dropped, grown, update.target()));
        }
        for (int i = 0; i < weights.size(); i++) {
            weights.get(i).history().aimAt(plan.exchanges().get(i).target());
        }
        boolean resize = plan.updates().stream().anyMatch(LayerUpdate::resizes);
        List<LayerUpdate> packed = new ArrayList<>();
        for (LayerUpdate update : plan.updates()) {
            if (resize && update.weights() instanceof PackedWeights) {
                packed.add(update);
            } else {
                update.weights().apply(update.change(), update.grown());
            }
        }
        if (resize) {
            PackedResize.apply(network, packed);
        }
        if (resettingOptimizer && balance > 0 && network.updater().getStateViewArray() != null) {
            network.updater().getStateViewArray().assign(0);
        }
        updates++;
        look(network);
        recorder.write();
    }

    @Override
    public void prepare(Model network) {
        serve(network);
    }

    @Override
    public void recordTo(MutationJournal journal) {
        recorder.recordTo(journal);
    }

    @Override
    public SparsityReport report() {
        if (served == null) {
            throw new IllegalStateException("there is nothing to report before training began");
        }
        List<LayerReport> layers = new ArrayList<>();
        for (NetworkWeights each : weights) {
            SparseTopology topology = each.topology();
            Exchange last = lastExchanges.getOrDefault(each.id(), new Exchange(0, 0, 0));
            layers.add(
                    LayerReport.of(
                            each.id(),
                            each.name(),
                            topology,
                            each.target(),
                            each.history().explored().count(),
                            last.drop(),
                            last.grow()));
        }
        return new SparsityReport(
                layers, updates, cost.inference(), cost.denseInference(), cost.training());
    }

    /** Binds this instance to its network at the first call, and checks that it can serve it. */
    private synchronized PlasticNetwork serve(Model model) {
        PlasticNetwork network = PlasticNetwork.of(model);
        if (served == model) {
            if (gradientsOfWeights != network.gradients()) {
                requireNothingPending();
                look(network);
            } else if (weights.stream().anyMatch(NetworkWeights::isOutdated)
                    || unmasked.stream().anyMatch(each -> each.mask().isPresent())) {
                look(network);
                weights.forEach(each -> each.history().startAgainFrom(each.topology()));
                clearInactive();
            }
            return network;
        }
        if (served != null) {
            throw new IllegalStateException(
                    "a DynamicSparseTraining listener serves one network and was called for a"
                            + " second; give each network its own, and with ParallelWrapper call"
                            + " updateAtRest on the wrapped network between rounds instead");
        }
        requireServable(network);
        begin(network);
        return network;
    }

    /** An update in place of a step puts the numbers back that were there before the step. */
    private void requireNothingPending() {
        if (pending != null) {
            throw new IllegalStateException(
                    "a listener changed the network's widths during an update of the connections;"
                            + " put it behind DynamicSparseTraining in the network's list of"
                            + " listeners");
        }
    }

    private void begin(PlasticNetwork network) {
        served = network.model();
        look(network);
        clearInactive();
    }

    /** {@return the network's sparse weights, without their histories} */
    private List<NetworkWeights> requireServable(PlasticNetwork network) {
        network.requireServable();
        List<NetworkWeights> found = NetworkWeights.of(network, new HashMap<>());
        if (found.isEmpty() && schedule != null) {
            throw new IllegalArgumentException(
                    "DynamicSparseTraining found no sparse layer in the network; use"
                            + " SparseDenseLayer or SparseOutputLayer with a sparsity greater than 0,"
                            + " or lay masks over its weights with Sparsity");
        }
        for (NetworkWeights each : found) {
            if (needs.contains(Signal.MOMENTUM) && !each.hasDenseGradient()) {
                throw new IllegalArgumentException(
                        ("%s: momentum of inactive connections needs the dense gradient of every"
                                        + " step, which a packed layer never has; use a dense layer"
                                        + " with a mask")
                                .formatted(each.name()));
            }
        }
        return found;
    }

    /** Looks at the network's arrays as they are now. */
    private void look(PlasticNetwork network) {
        weights = NetworkWeights.of(network, histories);
        unmasked =
                MaskableWeights.of(served).stream().filter(each -> each.mask().isEmpty()).toList();
        gradientsOfWeights = network.gradients();
        cost.recount(served);
    }

    private void clearInactive() {
        for (NetworkWeights each : weights) {
            if (each instanceof MaskedWeights masked) {
                masked.clearInactive();
            }
        }
    }
}
