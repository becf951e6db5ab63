package org.dl4jplasticity.experiments.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jplasticity.layers.SparseLayer;
import org.dl4jplasticity.layers.runtime.SparseRuntime;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.mask.WeightFilter;
import org.dl4jplasticity.packing.Packing;
import org.dl4jplasticity.surgery.NetworkParameter;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.dl4jplasticity.updater.FusedUpdater;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** A network to train, of either of DL4J's classes. */
public record Network(Model model) {

    /** One layer with a weight matrix: what a report says of it. */
    public record LayerWeights(
            String name, List<Long> shape, long activeWeights, long totalWeights) {}

    /**
     * {@return a saved model with its optimizer's state, or one of Keras}
     *
     * @throws IOException if there is no such file, or it is no zip with a configuration
     * @throws IllegalArgumentException if it is a Keras model that can't be had
     */
    public static Network load(Path file) throws IOException {
        return load(file, true);
    }

    /**
     * {@return a saved model to use, not to train on}
     *
     * @throws IOException if there is no such file, or it is no zip with a configuration
     */
    public static Network loadWithoutOptimizer(Path file) throws IOException {
        return load(file, false);
    }

    private static Network load(Path file, boolean withOptimizer) throws IOException {
        if (KerasModel.isOne(file)) {
            return KerasModel.load(file);
        }
        try (ZipFile zip = new ZipFile(file.toFile())) {
            ZipEntry configuration = zip.getEntry("configuration.json");
            if (configuration == null) {
                throw new ZipException("it has no configuration.json");
            }
            String json =
                    new String(
                            zip.getInputStream(configuration).readAllBytes(),
                            StandardCharsets.UTF_8);
            return new Network(
                    isGraph(json)
                            ? ModelSerializer.restoreComputationGraph(file.toFile(), withOptimizer)
                            : ModelSerializer.restoreMultiLayerNetwork(
                                    file.toFile(), withOptimizer));
        }
    }

    /** {@return whether a configuration is a graph's: it has vertices, a sequence's has layers} */
    static boolean isGraph(String json) throws IOException {
        return new ObjectMapper().readTree(json).has("vertices");
    }

    /** Lets iterations and epochs be counted from 0 again. */
    public void resetCounters() {
        if (model instanceof MultiLayerNetwork network) {
            network.getLayerWiseConfigurations().setIterationCount(0);
            network.getLayerWiseConfigurations().setEpochCount(0);
        } else {
            ((ComputationGraph) model).getConfiguration().setIterationCount(0);
            ((ComputationGraph) model).getConfiguration().setEpochCount(0);
        }
    }

    /** {@return a copy in which masked layers that a filter chooses hold only active weights} */
    public Network packed(WeightFilter filter) {
        return new Network(
                model instanceof MultiLayerNetwork network
                        ? Packing.pack(network, filter)
                        : Packing.pack((ComputationGraph) model, filter));
    }

    /** {@return a network without packed layers: a copy, with masks, where there are any} */
    public Network unpacked() {
        return unpacked(layer -> true);
    }

    /**
     * {@return a copy in which some packed layers are masked ones; itself where there are none, for
     * a copy takes time}
     *
     * @param chosen which ones
     */
    public Network unpacked(Predicate<SparseLayer> chosen) {
        boolean any =
                PlasticNetwork.of(model).layers().stream()
                        .filter(SparseRuntime.class::isInstance)
                        .map(layer -> ((SparseRuntime) layer).sparseConf())
                        .anyMatch(chosen);
        if (!any) {
            return this;
        }
        return new Network(
                model instanceof MultiLayerNetwork network
                        ? Packing.unpack(network, chosen)
                        : Packing.unpack((ComputationGraph) model, chosen));
    }

    /** {@return the topologies of the sparse weights by their id} */
    public Map<String, SparseTopology> topologies() {
        return PlasticNetwork.of(model).topologies();
    }

    public void addListener(TrainingListener listener) {
        model.addListeners(listener);
    }

    /** One pass over the examples. */
    public void fit(DataSetIterator examples) {
        FusedUpdater.install(model);
        if (model instanceof MultiLayerNetwork network) {
            network.fit(examples);
        } else {
            ((ComputationGraph) model).fit(examples);
        }
    }

    /** One iteration. */
    public void fit(DataSet batch) {
        FusedUpdater.install(model);
        if (model instanceof MultiLayerNetwork network) {
            network.fit(batch);
        } else {
            ((ComputationGraph) model).fit(batch);
        }
    }

    /** {@return what the network puts out for some examples, at inference} */
    public INDArray output(INDArray features) {
        return model instanceof MultiLayerNetwork network
                ? network.output(features, false)
                : ((ComputationGraph) model).outputSingle(false, features);
    }

    /** {@return the share of examples whose most probable class is theirs} */
    public double accuracy(DataSetIterator examples) {
        return model instanceof MultiLayerNetwork network
                ? network.evaluate(examples).accuracy()
                : ((ComputationGraph) model).evaluate(examples).accuracy();
    }

    /** {@return how many examples of a batch have their own class as the most probable one} */
    public long correct(INDArray features, INDArray labels) {
        int[] predicted = output(features).argMax(1).toIntVector();
        int[] own = labels.argMax(1).toIntVector();
        return IntStream.range(0, own.length).filter(i -> own[i] == predicted[i]).count();
    }

    /** {@return the number of parameters, biases and all} */
    public long parameters() {
        return model.numParams();
    }

    /** Has the learning rate stay at a number. */
    public void setLearningRate(double rate) {
        if (model instanceof MultiLayerNetwork network) {
            network.setLearningRate(rate);
        } else {
            ((ComputationGraph) model).setLearningRate(rate);
        }
    }

    /** Has the learning rate follow a schedule. */
    public void setLearningRate(ISchedule schedule) {
        if (model instanceof MultiLayerNetwork network) {
            network.setLearningRate(schedule);
        } else {
            ((ComputationGraph) model).setLearningRate(schedule);
        }
    }

    public long iteration() {
        return PlasticNetwork.of(model).iteration();
    }

    public void save(Path file) {
        save(file, true);
    }

    /** Saves what is needed to use the network, not to train it on. */
    public void saveWithoutOptimizer(Path file) {
        save(file, false);
    }

    private void save(Path file, boolean withOptimizer) {
        try {
            ModelSerializer.writeModel(model, file.toFile(), withOptimizer);
        } catch (IOException e) {
            throw new UncheckedIOException("can't write %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** Frees the memory outside the Java heap, which otherwise waits for a garbage collection. */
    public void close() {
        if (model instanceof MultiLayerNetwork network) {
            network.close();
        } else {
            ((ComputationGraph) model).close();
        }
    }

    /** {@return the weights of the layers: matrices and kernels, biases left out} */
    public List<LayerWeights> weights() {
        Map<String, SparseTopology> topologies = topologies();
        List<LayerWeights> all = new ArrayList<>();
        PlasticNetwork network = PlasticNetwork.of(model);
        Map<String, MaskableWeights> dense = new HashMap<>();
        for (MaskableWeights weights : MaskableWeights.of(model)) {
            dense.put(weights.id(), weights);
        }
        for (NetworkParameter parameter : network.table()) {
            Layer layer = parameter.layer();
            String id = parameter.id();
            SparseTopology topology = topologies.get(id);
            if (dense.containsKey(id)) {
                MaskableWeights weights = dense.get(id);
                long inactive =
                        topology == null ? 0 : topology.possibleCount() - topology.activeCount();
                all.add(
                        new LayerWeights(
                                shown(layer, parameter.name()),
                                LongStream.of(weights.array().shape()).boxed().toList(),
                                weights.array().length() - inactive,
                                weights.array().length()));
            } else if (topology != null) {
                all.add(
                        new LayerWeights(
                                shown(layer, parameter.name()),
                                List.of((long) topology.nIn(), (long) topology.nOut()),
                                topology.activeCount(),
                                topology.possibleCount()));
            }
        }
        return all;
    }

    private static String shown(Layer layer, String parameter) {
        String name = layer.conf().getLayer().getLayerName();
        String ofLayer = name == null ? "layer " + layer.getIndex() : name;
        return parameter.equals("W") ? ofLayer : ofLayer + " " + parameter;
    }

    public long activeWeights() {
        return weights().stream().mapToLong(LayerWeights::activeWeights).sum();
    }

    public long totalWeights() {
        return weights().stream().mapToLong(LayerWeights::totalWeights).sum();
    }
}
