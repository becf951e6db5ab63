package org.dl4jplasticity.sparse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.dl4jplasticity.journal.MutationJournal;
import org.dl4jplasticity.layers.runtime.SparseRuntime;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.mask.WeightFilter;
import org.dl4jplasticity.mask.WeightMask;
import org.dl4jplasticity.sparse.SparsityReport.LayerReport;
import org.dl4jplasticity.surgery.MutationRecorder;
import org.dl4jplasticity.surgery.NetworkParameter;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.dl4jplasticity.topology.TopologyChange;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.JsonNodeFactory;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * Methods of sparse training whose trained weights are not the ones the network computes with: this
 * listener keeps dense latent weights, and the network's own are a sparse function of them. They
 * are so at every moment outside a step, so that whoever evaluates, saves or copies the network
 * sees the sparse one. L1, L2 and weight decay act on the latent weights; the loss DL4J reports
 * counts them for the effective ones.
 *
 * <pre>{@code
 * network.addListeners(TopKast.builder(0.9, 0.8).build());
 * network.fit(mnist, 10);
 * }</pre>
 *
 * <p>One instance serves one network, {@code MultiLayerNetwork} or {@code ComputationGraph}, of
 * DL4J's own layers. It begins when an epoch does, with the network's weights as they are then as
 * latent ones; where single minibatches are fitted, which DL4J announces to nobody, call {@link
 * #prepare} first. Add it before listeners that evaluate or save the network after iterations.
 * Weights that are set from outside afterwards are overwritten by the next step. A saved model
 * holds the effective weights only; {@link #save} gives what else a resumed run needs.
 */
public abstract sealed class LatentWeightTraining extends BaseTrainingListener
        implements SparseTraining permits TopKast, SoftThreshold {
    private final WeightFilter filter;
    private final TrainingCost cost = new TrainingCost();
    private final MutationRecorder recorder = new MutationRecorder();

    /** The network this instance serves, once it was called. */
    private Model served;

    private List<LatentWeights> weights = List.of();
    private INDArray gradientsOfWeights;

    /** Whether the network holds what the updater acts on. */
    private boolean inStep;

    private boolean finished;
    private long updates;
    private int minibatch;

    LatentWeightTraining(WeightFilter filter) {
        this.filter = filter;
    }

    /** {@return the method's state of each of some weights, from the network as it is} */
    abstract List<LatentWeights> create(
            List<MaskableWeights> maskable, List<NetworkParameter> parameters);

    /** Acts after a step, before the network holds the effective weights again. */
    abstract void afterStep(int iteration);

    /** {@return the method by name with all its settings} */
    @Override
    public String toString() {
        return method();
    }

    /**
     * Makes the network sparse now rather than when its next epoch begins. Does nothing if that has
     * happened; if a step was broken off by an exception, the network becomes what it was before.
     */
    @Override
    public void prepare(Model model) {
        serve(model);
        if (inStep) {
            weights.forEach(LatentWeights::takeBack);
            inStep = false;
        }
    }

    @Override
    public void onEpochStart(Model model) {
        prepare(model);
    }

    @Override
    public void onForwardPass(Model model, List<INDArray> activations) {
        requirePrepared(model);
        minibatch = (int) activations.get(0).size(0);
        cost.observe(model, activations);
    }

    @Override
    public void onForwardPass(Model model, Map<String, INDArray> activations) {
        requirePrepared(model);
        ComputationGraph graph = (ComputationGraph) model;
        minibatch = (int) graph.getInput(0).size(0);
        cost.observe(graph, activations);
    }

    private void requirePrepared(Model model) {
        if (served == null) {
            throw new IllegalStateException(
                    "the network's weights are still dense: call prepare(network) before minibatches"
                            + " are fitted one by one");
        }
        serve(model);
        if (inStep) {
            throw new IllegalStateException(
                    "the network was run in the middle of a step, or the step before this one was"
                            + " broken off: call prepare(network) to go on");
        }
    }

    @Override
    public void onGradientCalculation(Model model) {
        serve(model);
        double examples = model.conf().isMiniBatch() ? model.batchSize() : 1;
        countOperations();
        inStep = true;
        weights.forEach(each -> each.enterStep(examples));
    }

    private void countOperations() {
        Map<String, Long> forward = new HashMap<>();
        Map<String, Long> backward = new HashMap<>();
        for (LatentWeights each : weights) {
            long others = each.latent().length() - each.possible();
            forward.put(each.id(), others + each.activeCount());
            backward.put(each.id(), others + each.backwardCount());
        }
        cost.recount(served, forward);
        cost.step(minibatch, 2 * cost.inference() + cost.operations(served, backward));
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        serve(model);
        if (inStep) {
            weights.forEach(each -> each.leaveStep(iteration, epoch));
            afterStep(iteration);
            weights.forEach(LatentWeights::show);
            inStep = false;
            weights.forEach(LatentWeights::requireActive);
        }
    }

    /**
     * Ends the training: the active weights stay in the configuration as masks, and the optimizer's
     * slots of all others become zero, so that {@code DynamicSparseTraining} or plain DL4J can go
     * on with the network. The latent weights are gone. Remove this listener, which refuses to go
     * on.
     *
     * @param model the network, at rest
     */
    public void finish(Model model) {
        prepare(model);
        weights.forEach(LatentWeights::finish);
        finished = true;
    }

    @Override
    public SparsityReport report() {
        requireServing("to report");
        List<LayerReport> layers = new ArrayList<>();
        Map<String, Long> forward = new HashMap<>();
        for (LatentWeights each : weights) {
            layers.add(each.report());
            forward.put(each.id(), each.latent().length() - each.possible() + each.activeCount());
        }
        cost.recount(served, forward);
        return new SparsityReport(
                layers, updates, cost.inference(), cost.denseInference(), cost.training());
    }

    /**
     * {@return the latent weights, in the order of DL4J's flat parameter vector, a copy}
     *
     * @param id the weights, by the name they have in a report, such as "0/W"
     */
    public double[] latentWeights(String id) {
        return of(id).latent().toDoubleVector();
    }

    LatentWeights of(String id) {
        requireServing("to tell");
        return weights.stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "there are no latent weights %s, only %s"
                                                .formatted(
                                                        id,
                                                        weights.stream()
                                                                .map(LatentWeights::id)
                                                                .toList())));
    }

    /**
     * Has the active weights chosen anew.
     *
     * @param choose does so for one of the weights
     */
    void update(Consumer<LatentWeights> choose) {
        PlasticNetwork network = PlasticNetwork.of(served);
        for (LatentWeights each : weights) {
            SparseTopology before = each.seen();
            choose.accept(each);
            recorder.note(
                    network,
                    each.id(),
                    before,
                    TopologyChange.between(before, each.seen()),
                    0,
                    Map.of("explored", (double) each.explored().activeCount()));
        }
        updates++;
        recorder.write();
    }

    @Override
    public void recordTo(MutationJournal journal) {
        recorder.recordTo(journal);
    }

    @Override
    public long updates() {
        return updates;
    }

    List<LatentWeights> weights() {
        return weights;
    }

    private void requireServing(String what) {
        if (served == null) {
            throw new IllegalStateException(
                    "there is nothing %s before training began".formatted(what));
        }
    }

    @Override
    public ObjectNode save() {
        if (inStep) {
            throw new IllegalStateException(
                    "a step is under way: what saves the state of a %s must come after it in the"
                                    .formatted(getClass().getSimpleName())
                            + " network's list of listeners");
        }
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        state.put("updates", updates);
        state.put("operations", cost.training());
        new TreeMap<>(cost.uses()).forEach(state.putObject("uses")::put);
        ObjectNode all = state.putObject("weights");
        weights.forEach(each -> each.save(all.putObject(each.id())));
        return state;
    }

    @Override
    public void restore(Model model, ObjectNode state) {
        if (served != null) {
            throw new IllegalStateException(
                    "a state is restored before training begins, and this %s serves a network already"
                            .formatted(getClass().getSimpleName()));
        }
        JsonNode stored = state.path("weights");
        if (stored.isObject() && stored.isEmpty()) {
            serve(model); // saved before training began
            return;
        }
        PlasticNetwork network = PlasticNetwork.of(model);
        List<LatentWeights> restored = found(network);
        List<String> expected = restored.stream().map(LatentWeights::id).toList();
        List<String> ids = new ArrayList<>();
        stored.fieldNames().forEachRemaining(ids::add);
        if (!Set.copyOf(expected).equals(Set.copyOf(ids))) {
            throw new IllegalArgumentException(
                    "the state tells of the weights %s, but those of the network are %s"
                            .formatted(ids, expected));
        }
        for (LatentWeights each : restored) {
            each.restore(stored.path(each.id()));
            if (!Arrays.equals(each.effective().toDoubleVector(), each.values().toDoubleVector())) {
                throw new IllegalArgumentException(
                        "%s: the network's weights are not those of the state; both must be saved at"
                                        .formatted(each.name())
                                + " the same moment");
            }
        }
        Map<String, Double> uses = new HashMap<>();
        state.path("uses")
                .fields()
                .forEachRemaining(f -> uses.put(f.getKey(), f.getValue().asDouble()));
        updates = state.path("updates").asLong();
        cost.resume(state.path("operations").asDouble(), uses);
        serve(network, restored);
    }

    /** Binds this instance to its network at the first call, and checks that it can serve it. */
    private void serve(Model model) {
        if (finished) {
            throw new IllegalStateException(
                    "this training is finished: remove its listener from the network");
        }
        PlasticNetwork network = PlasticNetwork.of(model);
        if (served == model) {
            if (gradientsOfWeights != network.gradients()) {
                bind(network);
            }
        } else if (served != null) {
            throw new IllegalStateException(
                    getClass().getSimpleName()
                            + " serves one network and was called for a second; give each network a"
                            + " listener of its own, which ParallelWrapper can't");
        } else {
            List<LatentWeights> found = found(network);
            found.forEach(LatentWeights::begin);
            found.forEach(LatentWeights::show);
            serve(network, found);
        }
    }

    private void serve(PlasticNetwork network, List<LatentWeights> found) {
        served = network.model();
        weights = found;
        gradientsOfWeights = network.gradients();
    }

    /** {@return the chosen weights of a network that is not served yet and stays unchanged} */
    private List<LatentWeights> found(PlasticNetwork network) {
        network.requireServable();
        network.layers().forEach(this::requireDense);
        requireAlone(network.model());
        List<MaskableWeights> maskable = new ArrayList<>();
        List<NetworkParameter> parameters = new ArrayList<>();
        find(network, maskable, parameters);
        if (maskable.isEmpty()) {
            throw new IllegalArgumentException(
                    getClass().getSimpleName()
                            + " found no weights to train in the network, or its filter chooses none");
        }
        maskable.forEach(LatentWeightTraining::requireNoConstraint);
        return create(maskable, parameters);
    }

    private void find(
            PlasticNetwork network,
            List<MaskableWeights> maskable,
            List<NetworkParameter> parameters) {
        if (network.gradients() == null) { // the updater keeps views of it
            if (network.model() instanceof MultiLayerNetwork sequential) {
                sequential.initGradientsView();
            } else {
                ((ComputationGraph) network.model()).initGradientsView();
            }
        }
        Map<String, NetworkParameter> table = new HashMap<>();
        for (NetworkParameter parameter : network.table()) {
            table.put(parameter.id(), parameter);
        }
        for (MaskableWeights each : MaskableWeights.of(network.model())) {
            if (filter.accepts(each)) {
                maskable.add(each);
                parameters.add(table.get(each.id()));
            }
        }
    }

    /** Takes new views, of the same weights. */
    private void bind(PlasticNetwork network) {
        List<MaskableWeights> maskable = new ArrayList<>();
        List<NetworkParameter> parameters = new ArrayList<>();
        find(network, maskable, parameters);
        if (maskable.size() != weights.size()) {
            throw new IllegalStateException(
                    "the network had %d weight parameters to train and has %d now"
                            .formatted(weights.size(), maskable.size()));
        }
        for (int i = 0; i < weights.size(); i++) {
            weights.get(i).bind(maskable.get(i), parameters.get(i));
        }
        gradientsOfWeights = network.gradients();
    }

    private void requireDense(Layer layer) {
        if (layer instanceof SparseRuntime) {
            throw new IllegalArgumentException(
                    "%s: %s needs dense latent weights, which a packed layer never has; use DL4J's own"
                                    .formatted(
                                            PlasticNetwork.name(layer), getClass().getSimpleName())
                            + " layer");
        }
    }

    /** Both would act on the same gradients. */
    private void requireAlone(Model model) {
        Collection<TrainingListener> listeners =
                model instanceof MultiLayerNetwork network
                        ? network.getListeners()
                        : ((ComputationGraph) model).getListeners();
        for (TrainingListener listener : listeners) {
            boolean another = listener instanceof LatentWeightTraining && listener != this;
            if (another || listener instanceof DynamicSparseTraining) {
                throw new IllegalArgumentException(
                        "%s must be the only listener that makes the network sparse, got %s as well"
                                .formatted(
                                        getClass().getSimpleName(),
                                        listener.getClass().getSimpleName()));
            }
        }
    }

    /** Constraints act on what the network computes with, not on what is trained. */
    private static void requireNoConstraint(MaskableWeights weights) {
        List<LayerConstraint> constraints = weights.configuration().getConstraints();
        if (constraints == null) {
            return;
        }
        for (LayerConstraint constraint : constraints) {
            if (!(constraint instanceof WeightMask)
                    && constraint.getParams() != null
                    && constraint.getParams().contains(weights.key())) {
                throw new IllegalArgumentException(
                        ("Layer %s, parameter %s: %s can't hold, for it acts on the weights the"
                                        + " network computes with and not on the latent weights")
                                .formatted(
                                        weights.layerName(),
                                        weights.parameter(),
                                        constraint.getClass().getSimpleName()));
            }
        }
    }
}
