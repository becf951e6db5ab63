package org.dl4jplasticity.experiments;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jplasticity.layers.SparseLayer;
import org.dl4jplasticity.layers.runtime.SparseRuntime;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** A network to train, of either of DL4J's classes. */
record Network(Model model) {

    /** One layer with a weight matrix: what a report says of it. */
    record LayerWeights(String name, List<Long> shape, long activeWeights, long totalWeights) {}

    void addListener(TrainingListener listener) {
        model.addListeners(listener);
    }

    /** One pass over the examples. */
    void fit(DataSetIterator examples) {
        if (model instanceof MultiLayerNetwork network) {
            network.fit(examples);
        } else {
            ((ComputationGraph) model).fit(examples);
        }
    }

    /** {@return the share of examples whose most probable class is theirs} */
    double accuracy(DataSetIterator examples) {
        return model instanceof MultiLayerNetwork network
                ? network.evaluate(examples).accuracy()
                : ((ComputationGraph) model).evaluate(examples).accuracy();
    }

    long iteration() {
        return PlasticNetwork.of(model).iteration();
    }

    void save(Path file) {
        try {
            ModelSerializer.writeModel(model, file.toFile(), true);
        } catch (IOException e) {
            throw new UncheckedIOException("can't write %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** {@return the layers with weights: matrices and kernels, biases left out} */
    List<LayerWeights> weights() {
        List<LayerWeights> all = new ArrayList<>();
        for (Layer layer : PlasticNetwork.of(model).layers()) {
            String name = layer.conf().getLayer().getLayerName();
            String shown = name == null ? "layer " + layer.getIndex() : name;
            if (layer instanceof SparseRuntime sparse) {
                SparseLayer conf = sparse.sparseConf();
                all.add(
                        new LayerWeights(
                                shown,
                                List.of(conf.getNIn(), conf.getNOut()),
                                conf.activeCount(),
                                conf.getNIn() * conf.getNOut()));
            } else if (layer.conf().getLayer() instanceof FeedForwardLayer
                    && layer.paramTable().containsKey("W")) {
                List<Long> shape = new ArrayList<>();
                for (long size : layer.getParam("W").shape()) {
                    shape.add(size);
                }
                long weights = layer.getParam("W").length();
                all.add(new LayerWeights(shown, shape, weights, weights));
            }
        }
        return all;
    }

    long activeWeights() {
        return weights().stream().mapToLong(LayerWeights::activeWeights).sum();
    }

    long totalWeights() {
        return weights().stream().mapToLong(LayerWeights::totalWeights).sum();
    }
}
