package org.dl4jplasticity.packing;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.dl4jplasticity.kernel.KernelChoice;
import org.dl4jplasticity.layers.SparseLayer;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.mask.WeightFilter;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Turns masked dense layers into packed ones, packed ones into masked ones, and either into DL4J's
 * own:
 *
 * <pre>{@code
 * MultiLayerNetwork packed = Packing.pack(masked, Packing.whereFaster());
 * ModelSerializer.writeModel(Packing.export(packed), file, true); // for whoever has DL4J alone
 * }</pre>
 *
 * <p>Every method gives a new network and leaves the given one as it is. The two share nothing. The
 * new network has the same outputs to rounding, the same weights, biases and counts of iterations
 * and epochs, the same state of the optimizer, component by component, and the same configuration
 * of each layer; it has no listeners. A layer that is not changed keeps everything bit for bit.
 *
 * <p>A weight that its mask calls inactive counts as 0, whatever it is, as the next step of the
 * network makes it; its optimizer slots are dropped, and are 0 when the layer is unpacked.
 *
 * <p>Packed are DL4J's {@code DenseLayer}, {@code OutputLayer} and {@code ConvolutionLayer} (with
 * channels first) that have a mask over "W", of themselves and not within a wrapper, and only where
 * the packed layer computes the same. A layer with layer normalization, with a constraint on its
 * weights other than the mask and non-negativity, or with weight noise other than {@code
 * DropConnect} and multiplied noise, stays masked, as do recurrent layers and descendants of the
 * three classes, other convolutions among them.
 */
public final class Packing {
    private static final String WEIGHTS = DefaultParamInitializer.WEIGHT_KEY;

    /** The highest density at which a packed layer trains faster, see {@link #fasterPacked}. */
    private static final double VECTOR_LIMIT = 0.3;

    private static final double SCALAR_LIMIT = 0.05;

    private static final double LIMIT_OF_LARGE_CONVOLUTIONS = 0.5;
    private static final double SCALAR_LIMIT_OF_CONVOLUTIONS = 0.5;
    private static final double SCALAR_LIMIT_OF_LARGE_CONVOLUTIONS = 0.1;

    /** Possible weights above which a convolution is large. */
    private static final long LARGE = 1 << 20;

    private static final long LARGE_FOR_SCALAR = 1 << 17;

    private Packing() {}

    /**
     * {@return a copy of a network in which every masked layer that can be packed is}
     *
     * @param network an initialized network, at rest
     * @throws IllegalArgumentException if it is not initialized
     */
    public static MultiLayerNetwork pack(MultiLayerNetwork network) {
        return pack(network, WeightFilter.all());
    }

    /**
     * {@return a copy of a network in which the chosen ones of the masked layers that can be packed
     * are}
     *
     * @param network an initialized network, at rest
     * @param filter chooses among the masked weights, such as {@link #whereFaster()}
     * @throws IllegalArgumentException if it is not initialized
     */
    public static MultiLayerNetwork pack(MultiLayerNetwork network, WeightFilter filter) {
        return (MultiLayerNetwork) packed(network, filter);
    }

    /**
     * {@return a copy of a network in which every masked layer that can be packed is}
     *
     * @param network an initialized network, at rest
     * @throws IllegalArgumentException if it is not initialized
     */
    public static ComputationGraph pack(ComputationGraph network) {
        return pack(network, WeightFilter.all());
    }

    /**
     * {@return a copy of a network in which the chosen ones of the masked layers that can be packed
     * are}
     *
     * @param network an initialized network, at rest
     * @param filter chooses among the masked weights, such as {@link #whereFaster()}
     * @throws IllegalArgumentException if it is not initialized
     */
    public static ComputationGraph pack(ComputationGraph network, WeightFilter filter) {
        return (ComputationGraph) packed(network, filter);
    }

    /**
     * {@return a copy of a network in which every sparse layer is one of DL4J's own with a mask}
     * Sparse layers within wrappers, frozen ones among them, stay as they are.
     *
     * @param network an initialized network, at rest
     * @throws IllegalArgumentException if it is not initialized, or a sparse layer has a constraint
     *     or weight noise that a masked one has no equal of: see the class
     */
    public static MultiLayerNetwork unpack(MultiLayerNetwork network) {
        return unpack(network, layer -> true);
    }

    /**
     * {@return a copy of a network in which every sparse layer is one of DL4J's own with a mask}
     * Sparse layers within wrappers, frozen ones among them, stay as they are.
     *
     * @param network an initialized network, at rest
     * @throws IllegalArgumentException if it is not initialized, or a sparse layer has a constraint
     *     or weight noise that a masked one has no equal of: see the class
     */
    public static ComputationGraph unpack(ComputationGraph network) {
        return unpack(network, layer -> true);
    }

    /**
     * {@return a copy of a network in which some sparse layers are DL4J's own with a mask}
     *
     * @param network an initialized network, at rest
     * @param chosen chooses among the sparse layers
     * @throws IllegalArgumentException if it is not initialized, or a chosen layer has a constraint
     *     or weight noise that a masked one has no equal of: see the class
     */
    public static MultiLayerNetwork unpack(
            MultiLayerNetwork network, Predicate<SparseLayer> chosen) {
        return (MultiLayerNetwork) unpacked(network, chosen);
    }

    /**
     * {@return a copy of a network in which some sparse layers are DL4J's own with a mask}
     *
     * @param network an initialized network, at rest
     * @param chosen chooses among the sparse layers
     * @throws IllegalArgumentException if it is not initialized, or a chosen layer has a constraint
     *     or weight noise that a masked one has no equal of: see the class
     */
    public static ComputationGraph unpack(ComputationGraph network, Predicate<SparseLayer> chosen) {
        return (ComputationGraph) unpacked(network, chosen);
    }

    /**
     * {@return a copy of a network that plain DL4J can load: sparse layers are unpacked, wherever
     * they are, and masks are gone} The inactive weights are 0 and stay so until someone trains the
     * network.
     *
     * @param network an initialized network, at rest
     * @throws IllegalArgumentException if it is not initialized, or its configuration has something
     *     of this project that DL4J has no equal of
     */
    public static MultiLayerNetwork export(MultiLayerNetwork network) {
        return (MultiLayerNetwork) exported(network);
    }

    /**
     * {@return a copy of a network that plain DL4J can load: sparse layers are unpacked, wherever
     * they are, and masks are gone} The inactive weights are 0 and stay so until someone trains the
     * network.
     *
     * @param network an initialized network, at rest
     * @throws IllegalArgumentException if it is not initialized, or its configuration has something
     *     of this project that DL4J has no equal of
     */
    public static ComputationGraph export(ComputationGraph network) {
        return (ComputationGraph) exported(network);
    }

    /**
     * {@return whether a layer of a topology can be expected to train faster packed than masked}
     * With the vector kernels that is so of fully connected layers up to a density of 0.3, with the
     * scalar ones up to 0.05. A layer that computes in ND4J operations gains no speed from being
     * packed.
     *
     * <p>These limits are where {@code bench} finds a packed network of three layers of 1000 units
     * clearly faster than a dense one without masks, which is faster than a masked one: 1.5 times
     * at 0.3 and 2.2 times at 0.2, hardly at 0.4 (1.1); with scalar kernels 1.3 times at 0.05, no
     * longer at 0.1 (two cores, batch 128). Narrower layers gain less.
     *
     * <p>Convolutions gain at any density with the vector kernels, and up to 0.5 with the scalar
     * ones, since DL4J's dense layer builds a matrix of image patches, twice in a step; but those
     * of many weights, which have small images as a rule, only up to 0.5, from 2^20 possible
     * weights, and 0.1, from 2^17. Times as fast as dense, forward and backward (two cores, JDK
     * 17):
     *
     * <pre>
     * channels, kernel / stride, image       batch   vector: 1    0.5    0.1   scalar: 1    0.5    0.3
     * 64-64,   1x1,   16x16                    32         10.1   14.4   16.9         1.6    2.5    3.6
     * 3-64,    3x3,   32x32                    32          7.6    8.4   14.4         1.3    2.2    3.5
     * 64-64,   5x5/2, 16x16                     8          9.2   11.6   50.6         0.7    1.8    2.0
     * 64-64,   5x5/2, 16x16                    32          4.0    8.0   30.2         0.6    1.1    1.9
     * 4-8,     3x3,   16x16                    32         34.7   45.6   50.0         5.9    9.4   14.0
     * 256-256, 3x3,   8x8                      32          2.2    3.9
     * 256-256, 3x3,   4x4                       8          1.4    2.6    8.7         0.2    0.4    0.6
     * 256-256, 3x3,   4x4                      32          2.1    3.2   18.5         0.2    0.5    0.8
     * 512-512, 3x3,   4x4                      32          1.0    1.8
     * 512-512, 3x3,   2x2                      32          1.0    1.8
     * </pre>
     *
     * <p>A batch of one image is the exception: a layer of 256 to 256 channels on images of 4 x 4
     * loses with it above a density of about 0.4.
     *
     * @param layer the configuration of the layer, masked or packed
     * @param topology its active connections
     */
    public static boolean fasterPacked(Layer layer, SparseTopology topology) {
        boolean onCpu =
                "CPU"
                        .equalsIgnoreCase(
                                Nd4j.getExecutioner()
                                        .getEnvironmentInformation()
                                        .getProperty("backend"));
        return onCpu
                && topology.density()
                        <= limit(layer, topology.possibleCount(), KernelChoice.selected());
    }

    static double limit(Layer layer, long possible, KernelChoice kernels) {
        boolean convolves = layer instanceof ConvolutionLayer;
        return switch (kernels) {
            case VECTOR -> {
                double ofConvolutions = possible > LARGE ? LIMIT_OF_LARGE_CONVOLUTIONS : 1;
                yield convolves ? ofConvolutions : VECTOR_LIMIT;
            }
            case SCALAR -> {
                double ofConvolutions =
                        possible > LARGE_FOR_SCALAR
                                ? SCALAR_LIMIT_OF_LARGE_CONVOLUTIONS
                                : SCALAR_LIMIT_OF_CONVOLUTIONS;
                yield convolves ? ofConvolutions : SCALAR_LIMIT;
            }
            case ND4J -> 0;
        };
    }

    /** {@return a filter that chooses masked weights that are {@link #fasterPacked}} */
    public static WeightFilter whereFaster() {
        return weights ->
                weights.mask()
                        .filter(mask -> fasterPacked(weights.configuration(), mask))
                        .isPresent();
    }

    /**
     * {@return a filter that chooses masked weights of few active connections}
     *
     * @param density the highest density of a mask that is chosen, in [0, 1]
     * @throws IllegalArgumentException if it is out of range
     */
    public static WeightFilter densityAtMost(double density) {
        if (!(density >= 0 && density <= 1)) {
            throw new IllegalArgumentException("density must be in [0, 1], got " + density);
        }
        return weights -> weights.mask().filter(mask -> mask.density() <= density).isPresent();
    }

    private static Model packed(Model network, WeightFilter filter) {
        NetworkCopy.requireInitialized(network);
        Map<String, SparseTopology> chosen = new HashMap<>();
        for (MaskableWeights weights : MaskableWeights.of(network)) {
            if (weights.mask().isPresent()
                    && weights.key().equals(WEIGHTS)
                    && weights.parameter().equals(WEIGHTS)
                    && filter.accepts(weights)) {
                chosen.put(weights.layerId(), weights.mask().orElseThrow());
            }
        }
        return NetworkCopy.of(
                network,
                (id, layer) ->
                        chosen.containsKey(id) && LayerForms.isPackable(layer)
                                ? LayerForms.pack(layer, chosen.get(id))
                                : layer);
    }

    private static Model unpacked(Model network, Predicate<SparseLayer> chosen) {
        NetworkCopy.requireInitialized(network);
        return NetworkCopy.of(
                network,
                (id, layer) ->
                        layer instanceof SparseLayer sparse && chosen.test(sparse)
                                ? LayerForms.unpack(id, sparse)
                                : layer);
    }

    private static Model exported(Model network) {
        NetworkCopy.requireInitialized(network);
        Model masked = NetworkCopy.of(network, PlainForm::unpacked);
        for (MaskableWeights weights : MaskableWeights.of(masked)) {
            if (weights.mask().isPresent()) {
                weights.clearInactive();
            }
        }
        Model plain = NetworkCopy.of(masked, (id, layer) -> PlainForm.withoutMasks(layer));
        PlainForm.requirePlain(plain);
        return plain;
    }
}
