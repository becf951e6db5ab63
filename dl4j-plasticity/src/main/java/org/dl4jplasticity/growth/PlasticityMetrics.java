package org.dl4jplasticity.growth;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.surgery.NetworkParameter;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.surgery.UnitVectors;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How much of its ability to learn a network has kept: what goes along with the loss of it (Dohare
 * et al. 2024, Nature 632:768-774), over a batch of examples, in inference.
 *
 * @param layers of each hidden layer whose width could change, in the network's order, but for
 *     recurrent layers
 * @param deadShare the share of all of their units that are dead, in [0, 1]
 * @param dormantShare the share of all of their units that are dormant, in [0, 1]
 * @param effectiveRank the mean of their effective ranks
 * @param meanAbsoluteWeight of all of the network's weights, those of other layers included; biases
 *     and inactive connections don't count
 */
public record PlasticityMetrics(
        List<LayerMetrics> layers,
        double deadShare,
        double dormantShare,
        double effectiveRank,
        double meanAbsoluteWeight) {

    /**
     * Copies the list.
     *
     * @param layers of each hidden layer
     * @param deadShare in [0, 1]
     * @param dormantShare in [0, 1]
     * @param effectiveRank at least 0
     * @param meanAbsoluteWeight at least 0
     */
    public PlasticityMetrics {
        layers = List.copyOf(layers);
    }

    /**
     * The measures of one layer. What a unit puts out is what leaves its activation function, be
     * that a layer of its own.
     *
     * @param layerId the layer, or the first of those that share the units
     * @param units the number of units, at least 1
     * @param deadShare the share that put out nothing but 0, in [0, 1]
     * @param dormantShare the share of tau-dormant ones, in [0, 1]
     * @param effectiveRank of the outputs, a row per example and position, a column per unit; in
     *     [1, units], or 0 if all are 0
     * @param meanAbsoluteWeight of the weights that lead to the units; inactive connections don't
     *     count
     */
    public record LayerMetrics(
            String layerId,
            int units,
            double deadShare,
            double dormantShare,
            double effectiveRank,
            double meanAbsoluteWeight) {}

    /**
     * {@return the measures of a network} The network is at rest, or in {@code iterationDone} or
     * {@code onEpochEnd}; its parameters, optimizer state and listeners are not touched. A singular
     * value decomposition of each layer's outputs takes most of the time.
     *
     * @param model an initialized MultiLayerNetwork or ComputationGraph
     * @param tau the highest score of a dormant unit, at least 0
     * @param features one array per input of the network, examples first; 1,000 examples will do
     * @throws IllegalArgumentException if tau is negative or not a number
     */
    public static PlasticityMetrics of(Model model, double tau, INDArray... features) {
        requireThreshold(tau);
        PlasticNetwork network = PlasticNetwork.of(model);
        Function<String, INDArray> activations = activations(model, features);
        Map<String, double[]> weights = weights(network);
        List<LayerMetrics> layers = new ArrayList<>();
        for (HiddenUnits layer : HiddenUnits.of(network)) {
            UnitOutputs outputs = layer.outputs(0, activations);
            double[] magnitudes = outputs.meanMagnitudes();
            double[] sum = new double[2];
            layer.units().incoming().stream()
                    .map(UnitVectors::layerId)
                    .distinct()
                    .forEach(id -> add(sum, weights.get(id)));
            layers.add(
                    new LayerMetrics(
                            layer.id(),
                            magnitudes.length,
                            share(dead(magnitudes), magnitudes),
                            share(dormant(magnitudes, tau), magnitudes),
                            effectiveRank(outputs.rows()),
                            mean(sum)));
        }
        double[] sum = new double[2];
        weights.values().forEach(each -> add(sum, each));
        double units = layers.stream().mapToInt(LayerMetrics::units).sum();
        return new PlasticityMetrics(
                layers,
                layers.stream().mapToDouble(it -> it.deadShare() * it.units()).sum() / units,
                layers.stream().mapToDouble(it -> it.dormantShare() * it.units()).sum() / units,
                layers.stream().mapToDouble(LayerMetrics::effectiveRank).average().orElse(0),
                mean(sum));
    }

    /**
     * {@return the share of units that put out nothing but 0}
     *
     * @param activations a row per example, a column per unit, at least one of each
     */
    public static double deadShare(double[][] activations) {
        double[] magnitudes = UnitOutputs.of(activations).meanMagnitudes();
        return share(dead(magnitudes), magnitudes);
    }

    /**
     * {@return the share of tau-dormant units, whose mean magnitude is at most tau times the mean
     * over the layer} (Sokar et al. 2023, ICML, definition 3.1)
     *
     * @param activations a row per example, a column per unit, at least one of each
     * @param tau at least 0; with 0 dormant units are the dead ones
     * @throws IllegalArgumentException if tau is negative or not a number
     */
    public static double dormantShare(double[][] activations, double tau) {
        requireThreshold(tau);
        double[] magnitudes = UnitOutputs.of(activations).meanMagnitudes();
        return share(dormant(magnitudes, tau), magnitudes);
    }

    /**
     * {@return the effective rank of a matrix: e to the entropy of its singular values over their
     * sum} (Roy and Vetterli 2007, <em>The effective rank</em>, EUSIPCO, the definition of Dohare
     * et al. 2024.) It is 1 where all rows are multiples of one, the full rank where all directions
     * are as strong, and 0 for a matrix of zeros.
     *
     * @param matrix a row per example, a column per unit, at least one of each; finite numbers
     * @throws IllegalArgumentException if a number is not finite
     */
    public static double effectiveRank(double[][] matrix) {
        double[] singular = singularValues(matrix);
        double sum = Arrays.stream(singular).sum();
        if (sum == 0) {
            return 0;
        }
        double entropy = 0;
        for (double value : singular) {
            double p = value / sum;
            if (p > 0) {
                entropy -= p * Math.log(p);
            }
        }
        return Math.exp(entropy);
    }

    /** LAPACK's, of the matrix or its transpose. */
    private static double[] singularValues(double[][] matrix) {
        for (double[] row : matrix) {
            if (!Arrays.stream(row).allMatch(Double::isFinite)) {
                throw new IllegalArgumentException(
                        "the effective rank of a matrix needs finite numbers, got "
                                + Arrays.stream(row)
                                        .filter(it -> !Double.isFinite(it))
                                        .findFirst()
                                        .getAsDouble());
            }
        }
        try (MemoryWorkspace none = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            INDArray rows = Nd4j.createFromArray(matrix);
            INDArray tall = rows.rows() < rows.columns() ? rows.transpose() : rows;
            INDArray singular = Nd4j.create(DataType.DOUBLE, tall.columns());
            Nd4j.getBlasWrapper().lapack().gesvd(tall.dup('f'), singular, null, null);
            return singular.toDoubleVector();
        }
    }

    private static void requireThreshold(double tau) {
        if (!(tau >= 0)) {
            throw new IllegalArgumentException(
                    "the threshold of dormant units must be at least 0, got " + tau);
        }
    }

    private static int dead(double[] magnitudes) {
        return (int) Arrays.stream(magnitudes).filter(magnitude -> magnitude == 0).count();
    }

    private static int dormant(double[] magnitudes, double tau) {
        return Dormancy.units(Dormancy.scores(magnitudes), tau).length;
    }

    private static double share(int count, double[] of) {
        return (double) count / of.length;
    }

    private static Function<String, INDArray> activations(Model model, INDArray... features) {
        if (model instanceof MultiLayerNetwork network) {
            if (features.length != 1) {
                throw new IllegalArgumentException(
                        "a MultiLayerNetwork has 1 input, got %d arrays of features"
                                .formatted(features.length));
            }
            return Recycler.byVertex(network.feedForward(features[0], false));
        }
        return ((ComputationGraph) model).feedForward(features, false)::get;
    }

    /** {@return for each layer the sum of its weights' magnitudes, and their number} */
    private static Map<String, double[]> weights(PlasticNetwork network) {
        Map<String, SparseTopology> topologies = network.topologies();
        Map<String, double[]> weights = new HashMap<>();
        for (NetworkParameter parameter : network.table()) {
            var conf = parameter.layer().conf().getLayer();
            if (conf.initializer().isWeightParam(conf, parameter.name())) {
                SparseTopology topology = topologies.get(parameter.id());
                double count = topology == null ? parameter.length() : topology.activeCount();
                double sum = 0;
                for (double value : parameter.values().dup().data().asDouble()) {
                    sum += Math.abs(value);
                }
                add(
                        weights.computeIfAbsent(
                                network.layerId(parameter.layer()), key -> new double[2]),
                        new double[] {sum, count});
            }
        }
        return weights;
    }

    private static void add(double[] sum, double[] part) {
        sum[0] += part[0];
        sum[1] += part[1];
    }

    private static double mean(double[] sum) {
        return sum[1] == 0 ? 0 : sum[0] / sum[1];
    }
}
