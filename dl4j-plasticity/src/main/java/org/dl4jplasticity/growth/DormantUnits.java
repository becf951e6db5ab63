package org.dl4jplasticity.growth;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.dl4jplasticity.checkpoint.ResumableTraining;
import org.dl4jplasticity.journal.MutationJournal;
import org.dl4jplasticity.schedule.UpdateSchedule;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.surgery.UnitVectors;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.databind.node.JsonNodeFactory;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * Recycles dormant units, ReDo (Sokar, Agarwal, Castro and Evci 2023, <em>The Dormant Neuron
 * Phenomenon in Deep Reinforcement Learning</em>, ICML, arXiv:2302.12902, algorithm 1). Every so
 * many iterations each hidden unit gets a score: the mean magnitude of what it put out over the
 * minibatch, and over all positions of a channel, over the mean of its layer. Those of a score of
 * at most tau are dormant: their incoming weights are drawn anew, their biases are what the layer
 * started with, their outgoing weights 0, and so are the optimizer's slots of all of these. The
 * width stays as it is.
 *
 * <pre>{@code
 * network.addListeners(DormantUnits.every(1_000).threshold(0.025).build());
 * }</pre>
 *
 * <p>With a threshold of 0 only units go that put out nothing but 0, and what the network computes
 * for the minibatch doesn't change. New weights have mean 0 and the spread that those of the
 * parameter had when this listener saw the network first, and are uniform where its weight
 * initialization is, else normal. Normalization parameters of a recycled unit are those of a new
 * layer.
 *
 * <p>One instance serves one network ({@code MultiLayerNetwork} or {@code ComputationGraph}), all
 * of its hidden layers whose width could change, but for recurrent ones. Outputs are those of the
 * step that is just over; weights are those it led to. Everything random is drawn from the seed,
 * the layer and the iteration. Widths may change while it runs.
 */
public final class DormantUnits extends BaseTrainingListener implements ResumableTraining {
    private final UpdateSchedule schedule;
    private final double threshold;
    private final String description;
    private final Recycler recycler;

    /** The distribution of each parameter's weights at the beginning, by its id. */
    private final Map<String, FreshWeights> beginnings = new LinkedHashMap<>();

    /** Scores in the step that is under way, by layer; null if none are needed. */
    private Map<String, double[]> scores;

    private DormantUnits(Builder builder) {
        schedule = builder.schedule;
        threshold = builder.threshold;
        description = builder.toString();
        recycler = new Recycler("DormantUnits", builder.seed);
    }

    /**
     * {@return a builder of a listener that recycles dormant units every so many iterations}
     *
     * @param iterations at least 1
     */
    public static Builder every(int iterations) {
        return new Builder(UpdateSchedule.every(iterations));
    }

    /** Settings of {@link DormantUnits}. */
    public static final class Builder {
        private UpdateSchedule schedule;
        private double threshold = 0.025;
        private OptionalLong seed = OptionalLong.empty();

        private Builder(UpdateSchedule schedule) {
            this.schedule = schedule;
        }

        /**
         * {@return this builder with another threshold} Unless it is called, 0.025.
         *
         * @param tau the highest score of a dormant unit, finite, at least 0; 1 is that of the
         *     average unit
         * @throws IllegalArgumentException if it is out of its range
         */
        public Builder threshold(double tau) {
            if (!(tau >= 0) || Double.isInfinite(tau)) {
                throw new IllegalArgumentException(
                        "the threshold of dormant units must be finite and at least 0, got " + tau);
            }
            this.threshold = tau;
            return this;
        }

        /**
         * {@return this builder with no recycling after a time}
         *
         * @param iteration the last iteration at which units may be recycled, counted from 0
         */
        public Builder until(long iteration) {
            schedule = schedule.until(iteration);
            return this;
        }

        /**
         * {@return this builder with a seed of its own} Unless it is called, the network's.
         *
         * @param seed any number
         */
        public Builder seed(long seed) {
            this.seed = OptionalLong.of(seed);
            return this;
        }

        /** {@return the listener} */
        public DormantUnits build() {
            return new DormantUnits(this);
        }

        /** The method with all its settings. */
        @Override
        public String toString() {
            return String.join(
                    "; ",
                    "redo",
                    "schedule " + schedule,
                    "threshold " + threshold,
                    "seed " + (seed.isPresent() ? seed.getAsLong() : "of the network"));
        }
    }

    @Override
    public void onForwardPass(Model model, List<INDArray> activations) {
        observe(model, Recycler.byVertex(activations));
    }

    @Override
    public void onForwardPass(Model model, Map<String, INDArray> activations) {
        observe(model, activations::get);
    }

    private void observe(Model model, Function<String, INDArray> activations) {
        PlasticNetwork network = serve(model);
        scores = null;
        if (schedule.atIteration(network.iteration())) {
            scores = new HashMap<>();
            for (HiddenUnits layer : recycler.layers()) {
                scores.put(
                        layer.id(),
                        Dormancy.scores(layer.outputs(0, activations).meanMagnitudes()));
            }
        }
    }

    private PlasticNetwork serve(Model model) {
        PlasticNetwork network = recycler.serve(model);
        for (HiddenUnits layer : recycler.layers()) {
            for (UnitVectors incoming : layer.units().incoming()) {
                beginnings.computeIfAbsent(
                        incoming.id(),
                        id ->
                                FreshWeights.like(
                                        incoming, layer.units().count(), layer.confOf(incoming)));
            }
        }
        return network;
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        PlasticNetwork network = serve(model);
        if (scores == null) {
            return;
        }
        Map<String, double[]> observed = scores;
        scores = null;
        for (HiddenUnits layer : recycler.layers()) {
            double[] ofLayer = observed.get(layer.id());
            // A layer that was narrowed since, or that wasn't there, has to wait.
            if (ofLayer != null && ofLayer.length <= layer.units().count()) {
                recycle(network, layer, ofLayer);
            }
        }
        recycler.journal().write();
    }

    private void recycle(PlasticNetwork network, HiddenUnits layer, double[] ofLayer) {
        int[] dormant = Dormancy.units(ofLayer, threshold);
        if (dormant.length == 0) {
            return;
        }
        double highest = 0;
        for (int unit : dormant) {
            highest = Math.max(highest, ofLayer[unit]);
        }
        recycler.recycle(
                network,
                layer,
                dormant,
                new AsAtTheBeginning(beginnings),
                Map.of("threshold", threshold, "highestScore", highest));
    }

    private record AsAtTheBeginning(Map<String, FreshWeights> beginnings)
            implements Recycler.Start {

        @Override
        public FreshWeights weights(UnitVectors incoming, int unit) {
            return beginnings.get(incoming.id());
        }

        @Override
        public void bias(UnitVectors biases, int unit) {
            biases.reset(unit);
        }
    }

    /** {@return the number of units recycled so far} */
    public long recycled() {
        return recycler.recycled();
    }

    /**
     * Writes which units are recycled from now on to a journal.
     *
     * @param journal open for writing; closing it is the caller's affair
     */
    public void recordTo(MutationJournal journal) {
        recycler.journal().recordTo(journal);
    }

    RecyclingJournal journal() {
        return recycler.journal();
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
        if (scores != null) {
            throw RecyclingState.underWay("DormantUnits");
        }
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        state.put("recycled", recycler.recycled());
        ObjectNode weights = state.putObject("beginnings");
        new TreeMap<>(beginnings)
                .forEach(
                        (id, fresh) ->
                                weights.putObject(id)
                                        .put("uniform", fresh.uniform())
                                        .put("spread", fresh.spread()));
        return state;
    }

    @Override
    public void restore(Model network, ObjectNode state) {
        if (recycler.isServing()) {
            throw RecyclingState.servesAlready("DormantUnits");
        }
        long recycled = RecyclingState.count(state, "recycled");
        Map<String, FreshWeights> read = new LinkedHashMap<>();
        RecyclingState.object(state, "beginnings")
                .fields()
                .forEachRemaining(
                        field ->
                                read.put(
                                        field.getKey(),
                                        new FreshWeights(
                                                RecyclingState.truth(field.getValue(), "uniform"),
                                                RecyclingState.real(field.getValue(), "spread"))));
        recycler.serve(network);
        recycler.recycledBefore(recycled);
        beginnings.putAll(read);
        serve(network);
    }
}
