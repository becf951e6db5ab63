package org.dl4jplasticity.growth;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.dl4jplasticity.checkpoint.ResumableTraining;
import org.dl4jplasticity.dropout.UnitGate;
import org.dl4jplasticity.growth.GrowthTrigger.Watch;
import org.dl4jplasticity.growth.LayerChoice.Decision;
import org.dl4jplasticity.journal.MutationJournal;
import org.dl4jplasticity.surgery.MutationRecorder;
import org.dl4jplasticity.surgery.NetworkSnapshot;
import org.dl4jplasticity.surgery.NetworkSurgery;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.surgery.Resized;
import org.dl4jplasticity.surgery.UnitInitialization;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * Adds units to a network while it trains: when its loss stalls or new data arrives, the layer that
 * relevance singles out gets new ones (Li, Milling, Schuller, <em>Neuroplasticity in Artificial
 * Intelligence: An Overview and Inspirations on Drop In &amp; Out Learning</em>, arXiv:2503.21419,
 * Algorithm 1). The published algorithm leaves numbers, initialization and the end open; here they
 * are parts: {@link GrowthTrigger}, {@link LayerChoice}, {@link UnitCount}, {@link NewUnits},
 * {@link StopRule}.
 *
 * <pre>{@code
 * network.addListeners(
 *         DropIn.when(Plateau.ofTrainingLoss().patience(3))
 *                 .where(LayerChoice.mostRelevant(validation))
 *                 .units(UnitCount.fraction(0.1))
 *                 .stopAfter(2, new DataSetLossCalculator(validationData, true))
 *                 .build());
 * }</pre>
 *
 * <p>It grows in {@code iterationDone} or {@code onEpochEnd}, by {@link NetworkSurgery} (with
 * truncated backpropagation through time at the end of epochs only); put it behind listeners that
 * look at the network as it was in this step, such as DL4J's {@code StatsListener} and {@code
 * DynamicSparseTraining}. One instance serves one network; with {@code ParallelWrapper} call {@link
 * #growNow} between rounds.
 */
public final class DropIn extends BaseTrainingListener implements ResumableTraining {
    private final List<Watch> watches;
    private final LayerChoice choice;
    private final UnitCount count;
    private final UnitInitialization start;
    private final Optional<StopRule> stop;
    private final Optional<Set<String>> among;
    private final int everyIterations;
    private final int mostGrowths;
    private final int birthRamp;
    private final OptionalLong seed;
    private final String description;
    private final MutationRecorder recorder = new MutationRecorder();
    private final AtomicBoolean newData = new AtomicBoolean();

    private GrowthState state = new GrowthState();
    private Model served;

    DropIn(DropInBuilder builder) {
        watches = builder.triggers().stream().map(GrowthTrigger::start).toList();
        choice = builder.choice();
        count = builder.count();
        start = builder.start();
        stop = builder.stop();
        among = builder.layers();
        everyIterations = builder.everyIterations();
        mostGrowths = builder.mostGrowths();
        birthRamp = builder.birthRamp();
        seed = builder.seed();
        description = builder.toString();
    }

    /**
     * {@return a builder of dropin that grows when one of these triggers says so; without any only
     * on {@link #newData}}
     *
     * @param triggers when to grow
     */
    public static DropInBuilder when(GrowthTrigger... triggers) {
        return new DropInBuilder(List.of(triggers));
    }

    /**
     * Tells that the data changed: the network grows after the next step, or at the next end of an
     * epoch if that comes first. May be called from any thread.
     */
    public void newData() {
        newData.set(true);
    }

    /** {@return all growths so far, oldest first} */
    public List<Growth> growths() {
        return List.copyOf(state.growths());
    }

    /** {@return whether the rule for the end has ended growing} */
    public boolean isStopped() {
        return state.isStopped();
    }

    /**
     * Writes every change from now on to a journal.
     *
     * @param journal open for writing; closing it is the caller's affair
     */
    public void recordTo(MutationJournal journal) {
        recorder.recordTo(journal);
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        serve(model);
        double loss = model.score();
        state.addLoss(loss);
        boolean surprised = false;
        for (Watch watch : watches) {
            surprised |= watch.afterStep(loss);
        }
        if (PlasticNetwork.of(model).isTruncated()) {
            newData.compareAndSet(false, surprised); // widths wait for the end of the epoch
        } else if (surprised) {
            grow(model, "surprise");
        } else if (looksAfter(iteration)) {
            look(model);
        } else if (newData.get()) {
            grow(model, "new data");
        }
    }

    @Override
    public void onEpochEnd(Model model) {
        serve(model);
        if (looksAfterEpochs()) {
            look(model);
        } else if (newData.get()) {
            grow(model, "new data");
        }
    }

    /** {@return whether triggers look at the network after an iteration of this number} */
    boolean looksAfter(int iteration) {
        return everyIterations > 0 && (iteration + 1) % everyIterations == 0;
    }

    /** {@return whether triggers look at the network at the end of each epoch} */
    boolean looksAfterEpochs() {
        return everyIterations == 0;
    }

    private void look(Model model) {
        double loss = state.takeMeanLoss();
        boolean fires = false;
        for (Watch watch : watches) {
            fires |= watch.afterInterval(model, loss);
        }
        if (newData.get()) {
            grow(model, "new data");
        } else if (fires) {
            grow(model, "plateau");
        }
    }

    /**
     * Grows now, whatever triggers say, unless the rule for the end forbids it. The network must be
     * at rest; this listener need not be attached to it.
     *
     * @param model the network
     * @return the growths made; none if no layer may grow
     */
    public List<Growth> growNow(Model model) {
        serve(model);
        return grow(model, "call");
    }

    private void serve(Model model) {
        if (served == null) {
            NetworkSurgery.of(model); // refuses what can't be served
            if (everyIterations > 0 && PlasticNetwork.of(model).isTruncated()) {
                throw new IllegalArgumentException(
                        "a network trained by truncated backpropagation through time grows at the"
                                + " end of epochs only, got triggers that look every %d iterations"
                                        .formatted(everyIterations));
            }
            served = model;
        } else if (served != model) {
            throw new IllegalStateException(
                    "a DropIn listener serves one network and was called for a second; give each"
                            + " network its own, and with ParallelWrapper call growNow on the"
                            + " wrapped network between rounds instead");
        }
    }

    private List<Growth> grow(Model model, String cause) {
        newData.set(false);
        if (state.isStopped() || state.count() >= mostGrowths) {
            return List.of();
        }
        if (stop.isPresent() && ends(stop.get(), model)) {
            return List.of();
        }
        NetworkSurgery surgery = NetworkSurgery.of(model);
        Map<String, Integer> units = candidates(surgery);
        if (units.isEmpty()) {
            return List.of();
        }
        PlasticNetwork network = PlasticNetwork.of(model);
        SplittableRandom random = new SplittableRandom(growthSeed(network));
        Decision decision =
                choice.choose(
                        new LayerChoice.Situation(
                                model, List.copyOf(units.keySet()), units, state.count(), random));
        List<Growth> made = new ArrayList<>();
        for (String layer : decision.layers()) {
            int added = affordable(surgery, layer, units.getOrDefault(layer, 0));
            if (added > 0) {
                long unitSeed = random.nextLong();
                Resized resized = surgery.widen(layer, added, start, unitSeed);
                recorder.note(network, resized, unitSeed, decision.scores());
                if (birthRamp > 0) {
                    UnitGate gate = new UnitGate(network.iteration(), birthRamp);
                    surgery.gate(layer, resized.change().added(), gate, unitSeed);
                }
                made.add(
                        new Growth(
                                network.iteration(),
                                network.epoch(),
                                layer,
                                resized.change().before(),
                                added,
                                cause));
            }
        }
        recorder.write();
        if (!made.isEmpty()) {
            state.grew(made);
        }
        return made;
    }

    private long growthSeed(PlasticNetwork network) {
        long base = seed.orElseGet(() -> network.layers().get(0).conf().getSeed());
        return new SplittableRandom(base).nextLong() + state.count();
    }

    /** {@return how many units each layer that may grow would get} */
    private Map<String, Integer> candidates(NetworkSurgery surgery) {
        Map<String, Integer> units = new LinkedHashMap<>();
        for (String layer : surgery.layers()) {
            int wanted = count.wanted(surgery.width(layer));
            boolean allowed = among.map(it -> it.contains(layer)).orElse(true);
            if (allowed && affordable(surgery, layer, wanted) > 0) {
                units.put(layer, wanted);
            }
        }
        return units;
    }

    /**
     * {@return how many units a layer can get without more parameters than the network may have}
     */
    private int affordable(NetworkSurgery surgery, String layer, int wanted) {
        long room = count.parameters() - served.numParams();
        int units = wanted;
        while (units > 0 && room < Long.MAX_VALUE / 2 && surgery.cost(layer, units) > room) {
            units--;
        }
        return units;
    }

    /**
     * {@return whether growing ends now; the network is then perhaps as it was some growths ago}
     */
    private boolean ends(StopRule rule, Model model) {
        double loss = Scores.loss(rule.score(), model);
        if (state.judge(loss, rule)) {
            state.snapshot().ifPresent(snapshot -> snapshot.restore(model));
            state.end();
            return true;
        }
        if (rule.rollback() && state.failures() == 0) {
            state.keep(NetworkSnapshot.of(model));
        }
        return false;
    }

    @Override
    public String method() {
        return description;
    }

    /** {@return the method with all its settings, which a checkpoint compares} */
    @Override
    public String toString() {
        return description;
    }

    @Override
    public ObjectNode save() {
        return state.write(watches, newData.get());
    }

    @Override
    public void restore(Model network, ObjectNode saved) {
        if (served != null) {
            throw new IllegalStateException(
                    "a state is restored before training begins, and this DropIn serves a network"
                            + " already");
        }
        GrowthState restored = GrowthState.read(saved, watches);
        newData.set(saved.path("newData").asBoolean());
        serve(network);
        state = restored;
    }
}
