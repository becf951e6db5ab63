package org.dl4jplasticity.pruning;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.dl4jplasticity.relevance.LayerRelevance;
import org.dl4jplasticity.surgery.UnitVectors;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * What each unit of a network, neuron or channel, is worth: {@link Narrowing} takes those of lowest
 * score. A score only looks: the network, its optimizer, its listeners and ND4J's random generator
 * are left as they are.
 */
@FunctionalInterface
public interface UnitScore {

    /**
     * {@return for each of some groups the scores of its units, finite numbers}
     *
     * @param network an initialized {@code MultiLayerNetwork} or {@code ComputationGraph}
     * @param groups groups of units of this network, as they are now
     * @throws IllegalArgumentException if this score can't rate them
     */
    double[][] of(Model network, List<UnitGroup> groups);

    /** {@return the seed of what is random in the scores, for journals; 0 if nothing is} */
    default long seed() {
        return 0;
    }

    /**
     * {@return the mean over examples of {@code |R_j|}, the relevance of each unit} By LRP-epsilon
     * from the logit of the true class, see {@link LayerRelevance}. Units that several layers share
     * have the sum of what they have in each.
     *
     * @param examples features and one-hot labels, without masks
     */
    static UnitScore relevance(DataSet examples) {
        return (network, groups) -> {
            Map<String, double[]> perLayer = new HashMap<>();
            LayerRelevance.of(network, examples)
                    .forEach(layer -> perLayer.put(layer.layerId(), layer.perNeuron()));
            return groups.stream()
                    .map(
                            group -> {
                                double[] sums = new double[group.units().count()];
                                for (String layer : group.layers()) {
                                    if (!perLayer.containsKey(layer)) {
                                        throw new IllegalArgumentException(
                                                "Layer %s: expected a layer that relevance is known of, one of %s"
                                                        .formatted(layer, perLayer.keySet()));
                                    }
                                    double[] ofLayer = perLayer.get(layer);
                                    Arrays.setAll(sums, unit -> sums[unit] + ofLayer[unit]);
                                }
                                return sums;
                            })
                    .toArray(double[][]::new);
        };
    }

    /**
     * {@return the mean magnitude of what each unit puts out} Over examples and positions, at
     * inference, in double precision. A unit puts out what leaves its activation function: where
     * the layer's own is followed by an activation layer, as batch normalization has it, or by an
     * addition of several layers' outputs, it is what leaves the last of these before the next
     * weights.
     *
     * @param examples features, without masks; labels aren't looked at
     */
    static UnitScore activation(DataSet examples) {
        return activation(examples.toMultiDataSet());
    }

    /**
     * {@return the mean magnitude of what each unit puts out, for a graph of several inputs}
     *
     * @param examples features, without masks
     * @see #activation(DataSet)
     */
    static UnitScore activation(MultiDataSet examples) {
        return new ActivationScore(examples, Math::abs);
    }

    /**
     * {@return the share of what each unit puts out that isn't 0: one less the average percentage
     * of zeros, APoZ (Hu, Peng, Tai and Tang 2016, arXiv:1607.03250)} For units with ReLU; what a
     * unit puts out is what {@link #activation(DataSet)} says.
     *
     * @param examples features, without masks; labels aren't looked at
     */
    static UnitScore firing(DataSet examples) {
        return firing(examples.toMultiDataSet());
    }

    /**
     * {@return the share of what each unit puts out that isn't 0, for a graph of several inputs}
     *
     * @param examples features, without masks
     * @see #firing(DataSet)
     */
    static UnitScore firing(MultiDataSet examples) {
        return new ActivationScore(examples, output -> output == 0 ? 0 : 1);
    }

    /**
     * {@return the Euclidean norm of each unit's incoming weights times that of its outgoing ones}
     * Biases are left out. The product, since for ReLU and its like a unit whose incoming weights
     * are c times as large and whose outgoing ones are c times as small computes the same, and has
     * the same score. Where batch normalization lies between, its scale is not looked at.
     */
    static UnitScore weightNorm() {
        return (network, groups) ->
                groups.stream()
                        .map(
                                group -> {
                                    double[] in = norms(group.units().incoming(), group);
                                    double[] out = norms(group.units().outgoing(), group);
                                    Arrays.setAll(in, unit -> in[unit] * out[unit]);
                                    return in;
                                })
                        .toArray(double[][]::new);
    }

    private static double[] norms(List<UnitVectors> parameters, UnitGroup group) {
        double[] norms = new double[group.units().count()];
        for (UnitVectors weights : parameters) {
            for (int unit = 0; unit < norms.length; unit++) {
                for (double weight : weights.get(unit)) {
                    norms[unit] += weight * weight;
                }
            }
        }
        return Arrays.stream(norms).map(Math::sqrt).toArray();
    }

    /**
     * {@return the mean over batches of {@code |sum of h dL/dh|}, over the positions and examples
     * of a batch, with the loss L averaged over the examples: by how much it changes, to first
     * order, if the unit puts out 0 (Molchanov, Tyree, Karras, Aila and Kautz 2017,
     * arXiv:1611.06440)} What a unit puts out, h, is what the next weights get from it. With
     * batches of one example each it is the paper's, whose mean over positions this is but for a
     * factor per layer.
     *
     * @param batches examples with labels, at least one batch
     */
    static UnitScore taylor(DataSet... batches) {
        return taylor(all(batches));
    }

    /**
     * {@return the first-order change of the loss, for a graph of several inputs or outputs}
     *
     * @param batches examples with labels, at least one batch
     * @see #taylor(DataSet...)
     */
    static UnitScore taylor(MultiDataSet... batches) {
        return new UnitGradientScore(List.of(batches), new UnitGradientScore.Outgoing());
    }

    /**
     * {@return the mean magnitude of the gradients of each unit's incoming weights, averaged over
     * batches} The gradient is that of the loss averaged over the examples of a batch.
     *
     * @param batches examples with labels, at least one batch
     */
    static UnitScore gradient(DataSet... batches) {
        return gradient(all(batches));
    }

    /**
     * {@return the mean magnitude of gradients, for a graph of several inputs or outputs}
     *
     * @param batches examples with labels, at least one batch
     * @see #gradient(DataSet...)
     */
    static UnitScore gradient(MultiDataSet... batches) {
        return new UnitGradientScore(List.of(batches), new UnitGradientScore.Incoming());
    }

    private static MultiDataSet[] all(DataSet... batches) {
        return Arrays.stream(batches).map(DataSet::toMultiDataSet).toArray(MultiDataSet[]::new);
    }

    /**
     * {@return the importance that NISP propagates to each unit from the outputs, each of which has
     * 1 (Yu et al. 2018, CVPR): {@code s_k = |W_(k+1)|^T s_(k+1)}} Through a convolution likewise,
     * with the magnitudes of its kernel; the importance of a channel is the sum of that of its
     * positions, which pooling passes on; units that several layers share have the sum of what they
     * have in each. Batch normalization counts as the identity. Importance grows with depth:
     * compare units within their layer, as {@link Narrowing.Least#fraction} does.
     *
     * <p>It is for the networks that {@link ConnectionScore#synflow} is for.
     *
     * @param inputs the types of the network's inputs, in their order; may be left out if each goes
     *     to a dense layer or is a flattened image
     */
    static UnitScore nisp(InputType... inputs) {
        return new Nisp(List.of(inputs));
    }

    /**
     * {@return the magnitude of the scale, gamma, that batch normalization multiplies what each
     * unit puts out with (Liu et al. 2017, arXiv:1708.06519); what {@link Polarization} drives to
     * 0} Every group of units must have learned scales on its way; the largest counts.
     */
    static UnitScore scale() {
        return (network, groups) -> groups.stream().map(UnitScore::scales).toArray(double[][]::new);
    }

    private static double[] scales(UnitGroup group) {
        List<UnitVectors> scales =
                group.units().passing().stream()
                        .filter(parameter -> parameter.name().equals("gamma"))
                        .toList();
        if (scales.isEmpty()) {
            throw new IllegalArgumentException(
                    "Layer %s: expected batch normalization behind it, got none; leave it out by only(...)"
                            .formatted(group.id()));
        }
        double[] largest = new double[group.units().count()];
        for (UnitVectors scale : scales) {
            for (int unit = 0; unit < largest.length; unit++) {
                for (double gamma : scale.get(unit)) {
                    largest[unit] = Math.max(largest[unit], Math.abs(gamma));
                }
            }
        }
        return largest;
    }

    /**
     * {@return random numbers: the control that other scores have to beat}
     *
     * @param seed any number; the same draws the same for the same network
     */
    static UnitScore random(long seed) {
        return new UnitScore() {
            @Override
            public double[][] of(Model network, List<UnitGroup> groups) {
                RandomGenerator random = new SplittableRandom(seed);
                return groups.stream()
                        .map(group -> random.doubles(group.units().count()).toArray())
                        .toArray(double[][]::new);
            }

            @Override
            public long seed() {
                return seed;
            }
        };
    }
}
