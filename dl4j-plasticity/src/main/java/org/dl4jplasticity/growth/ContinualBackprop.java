package org.dl4jplasticity.growth;

import java.util.ArrayList;
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
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.surgery.UnitVectors;
import org.dl4jplasticity.surgery.Units;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.JsonNodeFactory;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * Continual backprop (Dohare et al. 2024, <em>Loss of plasticity in deep continual learning</em>,
 * Nature 632:768-774, algorithm 1): after every step a tiny share of each hidden layer's mature
 * units, those of least utility, start anew, so that a network that learns one task after another
 * keeps its ability to learn.
 *
 * <pre>{@code
 * network.addListeners(ContinualBackprop.replacing(1e-4).maturity(100).build());
 * }</pre>
 *
 * <p>In each step each unit ages by 1 and its {@link UnitUtility} goes into a moving average that
 * is corrected for its start at 0 by 1 - decay^age. A unit is mature when its age exceeds the
 * maturity. The replacement rate times the number of mature units is counted up over the steps, and
 * as many whole units go as it comes to. Their incoming weights are drawn from U(-B, B), B = gain
 * sqrt(3 / fan-in), their biases and outgoing weights become 0, as do age, utility and the
 * optimizer's slots; normalization parameters are those of a new layer. Before, what the next layer
 * got from the unit on average, corrected like the utility, is added to that layer's biases where
 * this is exact for a unit of constant output (the authors' code means to and adds 0, having
 * cleared the average before).
 *
 * <p>Outputs are those of the step that is just over, of channels means over all positions; weights
 * are those the step led to. All layers are looked at before any changes. One instance serves one
 * network ({@code MultiLayerNetwork} or {@code ComputationGraph}), all of its hidden layers whose
 * width could change, but for recurrent ones. Everything random is drawn from the seed, the layer
 * and the iteration. Widths may change while it runs: added units are young, and where units were
 * removed all of the layer's are.
 */
public final class ContinualBackprop extends BaseTrainingListener implements ResumableTraining {
    private final double rate;
    private final int maturity;
    private final double decay;
    private final UnitUtility utility;
    private final String description;
    private final Recycler recycler;

    /** The worth of each layer's units, by the layer's id. */
    private final Map<String, UnitWorth> worths = new LinkedHashMap<>();

    /** What was seen in the step that is under way, by layer; null between steps. */
    private Map<String, Seen> seen;

    /**
     * What one step's forward pass told of a layer.
     *
     * @param means of what each unit put out, at each place
     * @param outputs what each unit's utility counts: mean magnitude, or distance from the average
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, compared by nobody
    private record Seen(double[][] means, double[] outputs) {}

    private ContinualBackprop(Builder builder) {
        rate = builder.rate;
        maturity = builder.maturity;
        decay = builder.decay;
        utility = builder.utility;
        description = builder.toString();
        recycler = new Recycler("ContinualBackprop", builder.seed);
    }

    /**
     * {@return a builder of a listener that replaces a share of the mature units in every step} The
     * authors have 1e-6 to 1e-4 on permuted MNIST, with minibatches of 1.
     *
     * @param rate the share, in (0, 1]
     * @throws IllegalArgumentException if it is out of its range
     */
    public static Builder replacing(double rate) {
        if (!(rate > 0 && rate <= 1)) {
            throw new IllegalArgumentException(
                    "the replacement rate of ContinualBackprop must be in (0, 1], got " + rate);
        }
        return new Builder(rate);
    }

    /** Settings of {@link ContinualBackprop}. */
    public static final class Builder {
        private final double rate;
        private int maturity = 100;
        private double decay = 0.99;
        private UnitUtility utility = UnitUtility.CONTRIBUTION;
        private OptionalLong seed = OptionalLong.empty();

        private Builder(double rate) {
            this.rate = rate;
        }

        /**
         * {@return this builder with another maturity} Unless it is called, 100.
         *
         * @param steps the age that a unit must exceed to be replaced, at least 0
         * @throws IllegalArgumentException if it is negative
         */
        public Builder maturity(int steps) {
            if (steps < 0) {
                throw new IllegalArgumentException(
                        "the maturity of ContinualBackprop must be at least 0 steps, got " + steps);
            }
            this.maturity = steps;
            return this;
        }

        /**
         * {@return this builder with another decay of the moving averages} Unless it is called,
         * 0.99.
         *
         * @param decay in [0, 1)
         * @throws IllegalArgumentException if it is out of its range
         */
        public Builder decay(double decay) {
            if (!(decay >= 0 && decay < 1)) {
                throw new IllegalArgumentException(
                        "the decay of ContinualBackprop must be in [0, 1), got " + decay);
            }
            this.decay = decay;
            return this;
        }

        /**
         * {@return this builder with another utility} Unless it is called, {@link
         * UnitUtility#CONTRIBUTION}, that of the Nature article.
         *
         * @param utility what a unit is worth
         */
        public Builder utility(UnitUtility utility) {
            this.utility = utility;
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
        public ContinualBackprop build() {
            return new ContinualBackprop(this);
        }

        /** The method with all its settings. */
        @Override
        public String toString() {
            return String.join(
                    "; ",
                    "continual-backprop",
                    "rate " + rate,
                    "maturity " + maturity,
                    "decay " + decay,
                    "utility " + utility,
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
        serve(model);
        seen = new HashMap<>();
        for (HiddenUnits layer : recycler.layers()) {
            UnitWorth worth = worths.get(layer.id());
            double[][] means = new double[layer.places().size()][];
            UnitOutputs outputs = layer.outputs(0, activations);
            means[0] = outputs.means();
            for (int place = 1; place < means.length; place++) {
                means[place] = layer.outputs(place, activations).means();
            }
            seen.put(
                    layer.id(),
                    new Seen(
                            means,
                            utility.isCentered()
                                    ? outputs.meanDistances(worth.meansWith(means[0]))
                                    : outputs.meanMagnitudes()));
        }
    }

    private PlasticNetwork serve(Model model) {
        PlasticNetwork network = recycler.serve(model);
        for (HiddenUnits layer : recycler.layers()) {
            int units = layer.units().count();
            UnitWorth worth =
                    worths.computeIfAbsent(
                            layer.id(), id -> new UnitWorth(units, layer.places().size(), decay));
            if (worth.units() != units) {
                worth.resize(units);
            }
        }
        return network;
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        PlasticNetwork network = serve(model);
        if (seen == null) {
            return;
        }
        Map<String, Seen> step = seen;
        seen = null;
        List<Runnable> replacements = new ArrayList<>();
        for (HiddenUnits layer : recycler.layers()) {
            Seen ofLayer = step.get(layer.id());
            UnitWorth worth = worths.get(layer.id());
            // A layer that was narrowed in this step, or that wasn't there, has to wait.
            if (ofLayer == null || ofLayer.outputs().length > worth.units()) {
                continue;
            }
            Units units = layer.units();
            worth.step(
                    ofLayer.means(),
                    utility.of(
                            ofLayer.outputs(),
                            Magnitudes.of(units.outgoing(), units.count()),
                            () -> Magnitudes.of(units.incoming(), units.count())));
            int[] due = worth.due(rate, maturity);
            if (due.length > 0) {
                replacements.add(() -> replace(network, layer, worth, due));
            }
        }
        replacements.forEach(Runnable::run);
        recycler.journal().write();
    }

    private void replace(PlasticNetwork network, HiddenUnits layer, UnitWorth worth, int[] due) {
        double lowest = Double.POSITIVE_INFINITY;
        double highest = Double.NEGATIVE_INFINITY;
        for (int unit : due) {
            lowest = Math.min(lowest, worth.utility(unit));
            highest = Math.max(highest, worth.utility(unit));
        }
        for (int unit : due) {
            transfer(layer, worth, unit);
        }
        recycler.recycle(
                network,
                layer,
                due,
                new KaimingStart(layer.gain()),
                Map.of("lowestUtility", lowest, "highestUtility", highest));
        for (int unit : due) {
            worth.restart(unit);
        }
    }

    /** Lets the next layers keep what they got from a unit on average. */
    private static void transfer(HiddenUnits layer, UnitWorth worth, int unit) {
        List<UnitVectors> outgoing = layer.units().outgoing();
        for (int i = 0; i < outgoing.size(); i++) {
            int place = layer.placeOf(i);
            if (place >= 0 && outgoing.get(i).obstacleToFolding().isEmpty()) {
                outgoing.get(i).fold(unit, worth.mean(place, unit));
            }
        }
    }

    private record KaimingStart(double gain) implements Recycler.Start {

        @Override
        public FreshWeights weights(UnitVectors incoming, int unit) {
            return FreshWeights.kaimingUniform(gain, FreshWeights.fanIn(incoming, unit));
        }

        @Override
        public void bias(UnitVectors biases, int unit) {
            biases.set(unit, new double[biases.length()]);
            biases.clearSlots(unit);
        }
    }

    /** {@return the number of units replaced so far} */
    public long replaced() {
        return recycler.recycled();
    }

    /**
     * Writes which units are replaced from now on to a journal.
     *
     * @param journal open for writing; closing it is the caller's affair
     */
    public void recordTo(MutationJournal journal) {
        recycler.journal().recordTo(journal);
    }

    RecyclingJournal journal() {
        return recycler.journal();
    }

    /** {@return the worth of a layer's units} */
    UnitWorth worth(String layerId) {
        return worths.get(layerId);
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
        if (seen != null) {
            throw RecyclingState.underWay("ContinualBackprop");
        }
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        state.put("replaced", recycler.recycled());
        ObjectNode layers = state.putObject("layers");
        new TreeMap<>(worths)
                .forEach((id, worth) -> RecyclingState.put(layers.putObject(id), worth));
        return state;
    }

    @Override
    public void restore(Model network, ObjectNode state) {
        if (recycler.isServing()) {
            throw RecyclingState.servesAlready("ContinualBackprop");
        }
        long replaced = RecyclingState.count(state, "replaced");
        JsonNode layers = RecyclingState.object(state, "layers");
        Map<String, UnitWorth> read = new LinkedHashMap<>();
        for (HiddenUnits layer : HiddenUnits.of(PlasticNetwork.of(network))) {
            if (layers.has(layer.id())) {
                read.put(layer.id(), worth(layers, layer));
            }
        }
        if (read.size() != layers.size()) {
            List<String> ids = new ArrayList<>();
            layers.fieldNames().forEachRemaining(ids::add);
            throw new IllegalArgumentException(
                    "the state tells of layers %s, but of these the network has only %s"
                            .formatted(ids, read.keySet()));
        }
        recycler.serve(network);
        recycler.recycledBefore(replaced);
        worths.putAll(read);
        serve(network);
    }

    private UnitWorth worth(JsonNode layers, HiddenUnits layer) {
        try {
            return RecyclingState.worth(
                    RecyclingState.object(layers, layer.id()),
                    layer.units().count(),
                    layer.places().size(),
                    decay);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the state of layer %s: %s".formatted(layer.id(), e.getMessage()), e);
        }
    }
}
