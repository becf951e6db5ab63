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
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.dl4jplasticity.layers.SparseLayer;
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

    public SparseTopology topology(int layer) {
        return sparse(layer).getTopology();
    }

    /** {@return the topologies of all sparse layers} */
    public List<SparseTopology> topologies() {
        List<SparseTopology> topologies = new ArrayList<>();
        for (Layer layer : layers()) {
            if (layer.conf().getLayer() instanceof SparseLayer sparse) {
                topologies.add(sparse.getTopology());
            }
        }
        return topologies;
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

    /** Makes every slot of the optimizer's state another number, none of them 0. */
    public void markState() {
        INDArray state = state();
        if (state != null) {
            state.assign(Nd4j.arange(1, state.length() + 1.0).castTo(state.dataType()));
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

    /** {@return every parameter with its optimizer slots} */
    public Snapshot snapshot() {
        double[] parameters = parameters().toDoubleVector();
        double[] state = state() == null ? new double[0] : state().toDoubleVector();
        List<int[]> slots = slots();
        List<List<Double>> numbers = new ArrayList<>();
        for (int i = 0; i < parameters.length; i++) {
            List<Double> number = new ArrayList<>(List.of(parameters[i]));
            Arrays.stream(slots.get(i)).forEach(slot -> number.add(state[slot]));
            numbers.add(number);
        }
        List<Map<Long, List<Double>>> connections = new ArrayList<>();
        List<List<Double>> others = new ArrayList<>();
        int next = 0;
        for (Layer layer : layers()) {
            Map<Long, List<Double>> byId = new TreeMap<>();
            int end = next + (int) layer.numParams();
            if (layer.conf().getLayer() instanceof SparseLayer sparse) {
                for (long id : sparse.getTopology().ids()) {
                    byId.put(id, numbers.get(next++));
                }
            }
            connections.add(byId);
            others.addAll(numbers.subList(next, end));
            next = end;
        }
        return new Snapshot(connections, others);
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
