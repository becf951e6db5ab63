package org.dl4jplasticity.testing;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.dl4jplasticity.layers.SparseLayer;
import org.dl4jplasticity.mask.WeightMask;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;

/** A network of either class with the few calls the tests make of both. */
public final class TinyNetwork {
    private final NeuralNetwork network;

    public TinyNetwork(NeuralNetwork network) {
        this.network = network;
    }

    public Model model() {
        return (Model) network;
    }

    public void listen(TrainingListener... listeners) {
        if (network instanceof MultiLayerNetwork sequential) {
            sequential.addListeners(listeners);
        } else {
            ((ComputationGraph) network).addListeners(listeners);
        }
    }

    public void fit(DataSet batch) {
        network.fit(batch);
    }

    /** Trains epochs of the same minibatches, with all of DL4J's epoch events. */
    public void fit(List<DataSet> batches, int epochs) {
        for (int epoch = 0; epoch < epochs; epoch++) {
            network.fit(new ExistingDataSetIterator(batches));
        }
    }

    public INDArray output(INDArray features) {
        return network instanceof MultiLayerNetwork sequential
                ? sequential.output(features)
                : ((ComputationGraph) network).outputSingle(features);
    }

    public double loss(DataSet examples) {
        return network instanceof MultiLayerNetwork sequential
                ? sequential.score(examples)
                : ((ComputationGraph) network).score(examples);
    }

    public int iteration() {
        return network instanceof MultiLayerNetwork sequential
                ? sequential.getIterationCount()
                : ((ComputationGraph) network).getIterationCount();
    }

    public int epoch() {
        return network instanceof MultiLayerNetwork sequential
                ? sequential.getEpochCount()
                : ((ComputationGraph) network).getEpochCount();
    }

    public List<Layer> layers() {
        return Arrays.asList(
                network instanceof MultiLayerNetwork sequential
                        ? sequential.getLayers()
                        : ((ComputationGraph) network).getLayers());
    }

    /** {@return the configuration of a sparse layer} */
    public SparseLayer sparse(int layer) {
        return (SparseLayer) layers().get(layer).conf().getLayer();
    }

    /** {@return the active weights "W" of a layer; null if it is neither sparse nor masked} */
    public SparseTopology topology(int layer) {
        Layer found = layers().get(layer);
        return found.conf().getLayer() instanceof SparseLayer sparse
                ? sparse.getTopology()
                : masks(found).get("W");
    }

    /** {@return the topologies of all weights that are sparse or masked} */
    public List<SparseTopology> topologies() {
        List<SparseTopology> topologies = new ArrayList<>();
        for (Layer layer : layers()) {
            if (layer.conf().getLayer() instanceof SparseLayer sparse) {
                topologies.add(sparse.getTopology());
            } else {
                Map<String, SparseTopology> masks = masks(layer);
                for (String parameter : layer.paramTable().keySet()) {
                    if (masks.containsKey(parameter)) {
                        topologies.add(masks.get(parameter));
                    }
                }
            }
        }
        return topologies;
    }

    /** {@return the masks of a layer by parameter} */
    private static Map<String, SparseTopology> masks(Layer layer) {
        List<LayerConstraint> constraints = layer.conf().getLayer().getConstraints();
        if (constraints == null) {
            return Map.of();
        }
        for (LayerConstraint constraint : constraints) {
            if (constraint instanceof WeightMask mask) {
                return mask.masks();
            }
        }
        return Map.of();
    }

    /** {@return the number of parameters that take part: all but those that masks set to 0} */
    public long activeParameters() {
        long inactive =
                layers().stream()
                        .flatMap(layer -> masks(layer).values().stream())
                        .mapToLong(mask -> mask.possibleCount() - mask.activeCount())
                        .sum();
        return parameters().length() - inactive;
    }

    /** {@return the topologies of a network that is built from this one's configuration as JSON} */
    public List<SparseTopology> topologiesThroughJson() {
        NeuralNetwork read =
                network instanceof MultiLayerNetwork sequential
                        ? new MultiLayerNetwork(
                                MultiLayerConfiguration.fromJson(
                                        sequential.getLayerWiseConfigurations().toJson()))
                        : new ComputationGraph(
                                ComputationGraphConfiguration.fromJson(
                                        ((ComputationGraph) network).getConfiguration().toJson()));
        read.init();
        return new TinyNetwork(read).topologies();
    }

    /**
     * {@return a clone without listeners} DL4J lets a cloned graph start counting anew and share
     * its list of listeners: the counters are set here, and this network loses its listeners.
     */
    public TinyNetwork copy() {
        if (network instanceof MultiLayerNetwork sequential) {
            return new TinyNetwork(sequential.clone());
        }
        ComputationGraph clone = ((ComputationGraph) network).clone();
        clone.setListeners(List.of());
        TinyNetwork copy = new TinyNetwork(clone);
        copy.become(this);
        return copy;
    }

    /** {@return the network as it is read back from a file} */
    public TinyNetwork savedAndLoaded(File folder) throws IOException {
        File file = File.createTempFile("network", ".zip", folder);
        if (network instanceof MultiLayerNetwork sequential) {
            sequential.save(file, true);
            return new TinyNetwork(MultiLayerNetwork.load(file, true));
        }
        ((ComputationGraph) network).save(file, true);
        return new TinyNetwork(ComputationGraph.load(file, true));
    }

    /** {@return the flat parameters, a view} */
    public INDArray parameters() {
        INDArray parameters = network.params();
        return parameters.reshape(parameters.length());
    }

    /** {@return the length of the flat gradient} */
    public long gradientLength() {
        return model().getGradientsViewArray().length();
    }

    /** {@return the optimizer's state, a view; null if there is none} */
    public INDArray state() {
        INDArray state =
                network instanceof MultiLayerNetwork sequential
                        ? sequential.getUpdater().getStateViewArray()
                        : ((ComputationGraph) network).getUpdater().getStateViewArray();
        return state == null ? null : state.reshape(state.length());
    }

    /**
     * Makes every slot of the optimizer's state another number, none of them 0; but those of
     * parameters that masks set to 0 become 0.
     */
    public void markState() {
        INDArray state = state();
        if (state == null) {
            return;
        }
        state.assign(Nd4j.arange(1, state.length() + 1.0).castTo(state.dataType()));
        List<int[]> slots = slots();
        int start = 0;
        for (Layer layer : layers()) {
            for (Map.Entry<String, INDArray> parameter : layer.paramTable().entrySet()) {
                SparseTopology mask = masks(layer).get(parameter.getKey());
                for (int i = 0; mask != null && i < mask.possibleCount(); i++) {
                    if (Arrays.binarySearch(mask.ids(), i) < 0) {
                        Arrays.stream(slots.get(start + i))
                                .forEach(slot -> state.putScalar(slot, 0));
                    }
                }
                start += (int) parameter.getValue().length();
            }
        }
    }

    /** Takes parameters, optimizer state and counters of a network of the same structure. */
    public void become(TinyNetwork other) {
        parameters().assign(other.parameters());
        if (other.state() != null) {
            state().assign(other.state());
        }
        if (network instanceof MultiLayerNetwork sequential) {
            sequential.setIterationCount(other.iteration());
            sequential.setEpochCount(other.epoch());
        } else {
            ((ComputationGraph) network).getConfiguration().setIterationCount(other.iteration());
            ((ComputationGraph) network).getConfiguration().setEpochCount(other.epoch());
        }
    }

    /** {@return every parameter that takes part, with its optimizer slots} */
    public Snapshot snapshot() {
        Sorted sorted = sorted();
        return new Snapshot(sorted.connections(), sorted.others());
    }

    /** {@return the parameters that masks set to 0, with their optimizer slots} */
    public List<List<Double>> inactive() {
        return sorted().inactive();
    }

    private record Sorted(
            List<Map<Long, List<Double>>> connections,
            List<List<Double>> others,
            List<List<Double>> inactive) {}

    private Sorted sorted() {
        double[] parameters = parameters().toDoubleVector();
        double[] state = state() == null ? new double[0] : state().toDoubleVector();
        List<int[]> slots = slots();
        List<List<Double>> numbers = new ArrayList<>();
        for (int i = 0; i < parameters.length; i++) {
            List<Double> number = new ArrayList<>(List.of(parameters[i]));
            Arrays.stream(slots.get(i)).forEach(slot -> number.add(state[slot]));
            numbers.add(number);
        }
        Sorted sorted = new Sorted(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        int start = 0;
        for (Layer layer : layers()) {
            int end = start + (int) layer.numParams();
            sort(layer, numbers.subList(start, end), sorted);
            start = end;
        }
        return sorted;
    }

    /** A connection of the first parameter has its id, others the number of those before more. */
    private static void sort(Layer layer, List<List<Double>> numbers, Sorted sorted) {
        Map<Long, List<Double>> byId = new TreeMap<>();
        sorted.connections().add(byId);
        if (layer.conf().getLayer() instanceof SparseLayer sparse) {
            int next = 0;
            for (long id : sparse.getTopology().ids()) {
                byId.put(id, numbers.get(next++));
            }
            sorted.others().addAll(numbers.subList(next, numbers.size()));
            return;
        }
        int start = 0;
        for (Map.Entry<String, INDArray> parameter : layer.paramTable().entrySet()) {
            SparseTopology mask = masks(layer).get(parameter.getKey());
            for (int i = 0; i < parameter.getValue().length(); i++) {
                List<Double> number = numbers.get(start + i);
                if (mask == null || i >= mask.possibleCount()) {
                    sorted.others().add(number);
                } else if (Arrays.binarySearch(mask.ids(), i) >= 0) {
                    byId.put((long) start + i, number);
                } else {
                    sorted.inactive().add(number);
                }
            }
            start += (int) parameter.getValue().length();
        }
    }

    /**
     * The places of each parameter's slots in the state: neighbours with equal updaters form a
     * block, and a block's state is one component after the other.
     */
    private List<int[]> slots() {
        List<int[]> slots = new ArrayList<>();
        IUpdater blockUpdater = null;
        int blockLength = 0;
        int stateLength = 0;
        for (Layer layer : layers()) {
            for (Map.Entry<String, INDArray> parameter : layer.paramTable().entrySet()) {
                IUpdater updater = layer.getConfig().getUpdaterByParam(parameter.getKey());
                if (!updater.equals(blockUpdater)) {
                    stateLength = addBlock(slots, blockUpdater, blockLength, stateLength);
                    blockUpdater = updater;
                    blockLength = 0;
                }
                blockLength += (int) parameter.getValue().length();
            }
        }
        addBlock(slots, blockUpdater, blockLength, stateLength);
        return slots;
    }

    private static int addBlock(List<int[]> slots, IUpdater updater, int length, int stateStart) {
        int components = updater == null ? 0 : (int) updater.stateSize(1);
        for (int i = 0; i < length; i++) {
            int[] places = new int[components];
            for (int component = 0; component < components; component++) {
                places[component] = stateStart + component * length + i;
            }
            slots.add(places);
        }
        return stateStart + components * length;
    }
}
