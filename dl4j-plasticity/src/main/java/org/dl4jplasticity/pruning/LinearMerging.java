package org.dl4jplasticity.pruning;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.dl4jplasticity.surgery.NetworkOutline;
import org.dl4jplasticity.surgery.NetworkOutline.Part;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Makes one layer of two that follow each other with no activation function in between. With inputs
 * as rows
 *
 * <pre>
 *     (x W1 + b1) W2 + b2 = x (W1 W2) + (b1 W2 + b2)
 * </pre>
 *
 * <p>so that the outputs stay as they are, to rounding: where training has made a layer linear it
 * need not be one (the idea of LayerCollapse, arXiv 2311.17943).
 *
 * <p>Merged are DL4J's {@code DenseLayer} without an activation function and the {@code DenseLayer}
 * or {@code OutputLayer} after it, if nobody else gets its outputs. Either may lack biases. Layers
 * with layer normalization, weight noise or constraints, masks among them, stay, as do sparse ones
 * (a product of sparse matrices is hardly sparse), convolutions, and second layers with dropout or
 * a preprocessor.
 *
 * <p>The answer is a new network, and the given one stays as it is. The merged layer is configured
 * as the second, with the dropout of the first, and starts with empty optimizer slots; everything
 * else is carried as {@link LayerRemoval} has it.
 */
public final class LinearMerging {
    private static final String WEIGHTS = DefaultParamInitializer.WEIGHT_KEY;
    private static final String BIASES = DefaultParamInitializer.BIAS_KEY;

    private final NetworkOutline outline;
    private final Map<String, Affine> changed = new HashMap<>();
    private final Map<String, Layer> layers;

    private LinearMerging(Model network) {
        outline = NetworkOutline.of(network);
        PlasticNetwork view = PlasticNetwork.of(network);
        layers =
                view.layers().stream()
                        .collect(Collectors.toMap(view::layerId, Function.identity()));
    }

    /** x W + b; no b where there are no biases. W is [inputs, outputs]. */
    private record Affine(List<double[]> weights, Optional<double[]> biases) {

        static Affine of(Layer layer) {
            List<double[]> rows = List.of(layer.getParam(WEIGHTS).toDoubleMatrix());
            INDArray biases = layer.paramTable().get(BIASES);
            return new Affine(
                    rows,
                    Optional.ofNullable(biases)
                            .map(array -> array.reshape(array.length()).toDoubleVector()));
        }

        Affine before(Affine next) {
            List<double[]> product = new ArrayList<>();
            for (double[] row : weights) {
                product.add(next.times(row));
            }
            return new Affine(
                    product,
                    biases.map(next::times)
                            .map(carried -> sum(carried, next.biases))
                            .or(() -> next.biases));
        }

        /** {@return x W} */
        private double[] times(double[] x) {
            double[] y = new double[weights.get(0).length];
            for (int i = 0; i < x.length; i++) {
                double[] row = weights.get(i);
                for (int j = 0; j < y.length; j++) {
                    y[j] += x[i] * row[j];
                }
            }
            return y;
        }

        private static double[] sum(double[] a, Optional<double[]> b) {
            double[] sum = a.clone();
            for (int i = 0; i < sum.length && b.isPresent(); i++) {
                sum[i] += b.orElseThrow()[i];
            }
            return sum;
        }

        void writeTo(Layer layer) {
            INDArray w = layer.getParam(WEIGHTS);
            w.assign(Nd4j.createFromArray(weights.toArray(double[][]::new)).castTo(w.dataType()));
            biases.ifPresent(
                    numbers -> {
                        INDArray b = layer.getParam(BIASES);
                        b.assign(
                                Nd4j.createFromArray(numbers)
                                        .reshape(b.shape())
                                        .castTo(b.dataType()));
                    });
        }
    }

    /**
     * {@return the layers that can be merged into the next one, in the order of the network}
     *
     * @param network an initialized MultiLayerNetwork or ComputationGraph
     * @throws IllegalArgumentException if it is anything else, or not initialized
     */
    public static List<String> candidates(Model network) {
        LinearMerging merging = new LinearMerging(network);
        return merging.outline.parts().values().stream()
                .filter(part -> merging.obstacle(part).isEmpty())
                .map(Part::id)
                .toList();
    }

    /**
     * {@return a network of the same class in which some layers are merged into the next ones}
     *
     * @param network an initialized MultiLayerNetwork or ComputationGraph
     * @param ids of {@link #candidates}
     * @param <N> the network's class
     * @throws IllegalArgumentException if one of them can't be merged into the next
     */
    @SuppressWarnings("unchecked") // the new network is of the class of the given one
    public static <N extends Model> N merge(N network, String... ids) {
        LinearMerging merging = new LinearMerging(network);
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            for (String id : ids) {
                merging.merge(id);
            }
            return (N) merging.build();
        }
    }

    private void merge(String id) {
        Part part = outline.part(id);
        obstacle(part)
                .ifPresent(
                        obstacle -> {
                            throw new IllegalArgumentException(
                                    "%s (%s) can't be merged into the next: %s"
                                            .formatted(
                                                    part.node().called(),
                                                    part.node().type(),
                                                    obstacle));
                        });
        Part next = outline.consumers(id).get(0);
        Affine first = affine(id);
        Affine merged = first.before(affine(next.id()));
        FeedForwardLayer layer = (FeedForwardLayer) next.node().layerConf().clone();
        layer.setNIn(first.weights().size());
        layer.setIDropout(part.node().layerConf().getIDropout());
        if (layer instanceof DenseLayer dense) {
            dense.setHasBias(merged.biases().isPresent());
        } else {
            ((BaseOutputLayer) layer).setHasBias(merged.biases().isPresent());
        }
        outline.replace(next.id(), layer);
        outline.bypass(id);
        changed.remove(id);
        changed.put(next.id(), merged);
    }

    private Affine affine(String id) {
        return changed.containsKey(id) ? changed.get(id) : Affine.of(layers.get(id));
    }

    private Model build() {
        Model built = outline.build(0); // all that is new is written below
        PlasticNetwork view = PlasticNetwork.of(built);
        for (Layer layer : view.layers()) {
            changed.forEach(
                    (id, affine) -> {
                        if (outline.idInBuilt(id).equals(view.layerId(layer))) {
                            affine.writeTo(layer);
                        }
                    });
        }
        return built;
    }

    /** {@return why a layer can't be merged into the next; empty if it can} */
    private Optional<String> obstacle(Part part) {
        List<Part> consumers = outline.consumers(part.id());
        if (!part.node().isLayer() || part.node().layerConf().getClass() != DenseLayer.class) {
            return Optional.of("expected a DenseLayer");
        } else if (!(((BaseLayer) part.node().layerConf()).getActivationFn()
                instanceof ActivationIdentity)) {
            return Optional.of("expected no activation function between the two");
        } else if (part.node().isOutput() || consumers.size() != 1) {
            return Optional.of(
                    "expected one layer that gets its outputs, got %d%s"
                            .formatted(
                                    consumers.size(),
                                    part.node().isOutput() ? " and an output of the network" : ""));
        }
        Part next = consumers.get(0);
        Class<?> type = next.node().isLayer() ? next.node().layerConf().getClass() : null;
        if (type != DenseLayer.class && type != OutputLayer.class) {
            return Optional.of(
                    "expected a DenseLayer or OutputLayer after it, got " + next.node().type());
        } else if (!next.preProcessors().isEmpty()
                || next.node().layerConf().getIDropout() != null) {
            return Optional.of(
                    "%s has dropout or a preprocessor before it".formatted(next.node().called()));
        }
        return isPlain(part) && isPlain(next)
                ? Optional.empty()
                : Optional.of(
                        "layer normalization, weight noise and constraints, masks among them, are of one layer alone");
    }

    private static boolean isPlain(Part part) {
        BaseLayer layer = (BaseLayer) part.node().layerConf();
        boolean normalized = layer instanceof DenseLayer dense && dense.hasLayerNorm();
        return !normalized
                && layer.getWeightNoise() == null
                && (layer.getConstraints() == null || layer.getConstraints().isEmpty());
    }
}
