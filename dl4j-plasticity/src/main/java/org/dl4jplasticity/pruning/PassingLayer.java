package org.dl4jplasticity.pruning;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling3DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling1D;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.Upsampling3D;
import org.deeplearning4j.nn.conf.layers.ZeroPadding1DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPadding3DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping1D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping3D;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.util.MaskLayer;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.dl4jplasticity.layers.ActivationPruning;
import org.dl4jplasticity.layers.ActivationPruningLayer;
import org.dl4jplasticity.surgery.UnitVectors;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What layers without mixing weights do, at inference, to the outputs of the units before them. */
final class PassingLayer {

    /** Layers that leave a constant, and multiples, as they are. */
    private static final Set<Class<?>> PLAIN =
            Set.of(
                    DropoutLayer.class,
                    Upsampling1D.class,
                    Upsampling2D.class,
                    Upsampling3D.class,
                    Cropping1D.class,
                    Cropping2D.class,
                    Cropping3D.class);

    /** Layers that put zeros beside or in place of what they get. */
    private static final Set<Class<?>> PADDING =
            Set.of(
                    ZeroPaddingLayer.class,
                    ZeroPadding1DLayer.class,
                    ZeroPadding3DLayer.class,
                    MaskLayer.class);

    private static final Set<Class<?>> POOLING =
            Set.of(
                    SubsamplingLayer.class,
                    Subsampling1DLayer.class,
                    Subsampling3DLayer.class,
                    GlobalPoolingLayer.class);

    private PassingLayer() {}

    /**
     * {@return whether an activation function is positively homogeneous: f(c x) = c f(x) for all c
     * > 0}
     */
    static boolean isHomogeneous(IActivation activation) {
        return activation instanceof ActivationIdentity
                || activation instanceof ActivationLReLU
                || (activation instanceof ActivationReLU
                        && activation.equals(new ActivationReLU()));
    }

    /** {@return whether a layer gives c times as much for c times as much, for all c > 0} */
    static boolean isHomogeneous(Layer layer) {
        Class<?> type = layer.getClass();
        return PLAIN.contains(type)
                || PADDING.contains(type)
                || POOLING.contains(type)
                || type == PReLULayer.class
                || (layer instanceof ActivationLayer activation
                        && isHomogeneous(activation.getActivationFn()));
    }

    /** {@return whether a layer leaves, at inference, the values it lets through as they are} */
    static boolean isPlain(Layer layer) {
        return PLAIN.contains(layer.getClass());
    }

    /**
     * {@return what a layer makes of a unit's constant output}
     *
     * @param id the layer's, for messages
     * @param parameters the layer's parameters of the units, by name
     * @param unit which one
     * @param in known
     */
    static Constant constant(
            String id, Layer layer, Map<String, UnitVectors> parameters, int unit, Constant in) {
        Class<?> type = layer.getClass();
        double value = in.value();
        if (PLAIN.contains(type) || (PADDING.contains(type) && value == 0)) {
            return in;
        } else if (POOLING.contains(type) && keepsConstants(layer, value)) {
            return in;
        } else if (layer instanceof ActivationLayer activation) {
            return Constant.of(value(activation.getActivationFn(), value));
        } else if (layer instanceof ActivationPruningLayer pruned
                && pruned.pruning() instanceof ActivationPruning.Threshold threshold) {
            return Constant.of(value * threshold.factor(value));
        } else if (layer instanceof BatchNormalization normalization) {
            return same(id, entries(normalization, parameters, unit, value));
        } else if (layer instanceof PReLULayer) {
            double[] slopes = parameters.get("W").get(unit);
            return same(id, map(slopes, i -> value >= 0 ? value : value * slopes[i]));
        } else if (layer instanceof ElementWiseMultiplicationLayer product) {
            double[] factors = parameters.get("W").get(unit);
            double[] biases = parameters.get("b").get(unit);
            return same(
                    id,
                    map(
                            factors,
                            i -> value(product.getActivationFn(), value * factors[i] + biases[i])));
        }
        return Constant.lost("layer %s (%s) lies between".formatted(id, type.getSimpleName()));
    }

    private static double[] map(double[] entries, IntToDoubleFunction function) {
        double[] results = new double[entries.length];
        Arrays.setAll(results, function);
        return results;
    }

    /** {@return the number that all entries are} */
    private static Constant same(String id, double[] entries) {
        return Arrays.stream(entries).allMatch(entry -> entry == entries[0])
                ? Constant.of(entries[0])
                : Constant.lost("layer %s makes different outputs of it".formatted(id));
    }

    private static boolean keepsConstants(Layer layer, double value) {
        PoolingType type;
        boolean padded = false;
        if (layer instanceof GlobalPoolingLayer pooling) {
            type = pooling.getPoolingType();
        } else if (layer instanceof Subsampling3DLayer pooling) {
            type = pooling.getPoolingType();
            padded = isPadded(pooling.getConvolutionMode(), pooling.getPadding());
        } else {
            SubsamplingLayer pooling = (SubsamplingLayer) layer;
            type = PoolingType.valueOf(pooling.getPoolingType().name());
            padded = isPadded(pooling.getConvolutionMode(), pooling.getPadding());
        }
        return switch (type) {
            case MAX, AVG -> value == 0 || !padded;
            case SUM -> value == 0;
            case PNORM -> false; // DL4J adds a small number
        };
    }

    private static boolean isPadded(ConvolutionMode mode, int[] padding) {
        return mode == ConvolutionMode.Same
                || mode == ConvolutionMode.Causal
                || Arrays.stream(padding).anyMatch(each -> each > 0);
    }

    /** Batch normalization with its running statistics. */
    private static double[] entries(
            BatchNormalization normalization,
            Map<String, UnitVectors> parameters,
            int unit,
            double value) {
        double[] mean = parameters.get(BatchNormalizationParamInitializer.GLOBAL_MEAN).get(unit);
        double[] variance =
                normalization.isUseLogStd()
                        ? parameters
                                .get(BatchNormalizationParamInitializer.GLOBAL_LOG_STD)
                                .get(unit)
                        : parameters.get(BatchNormalizationParamInitializer.GLOBAL_VAR).get(unit);
        if (normalization.isUseLogStd()) {
            Arrays.setAll(variance, i -> Math.pow(10, 2 * variance[i]));
        }
        // DL4J takes locked ones into account only where both differ from 1 and 0.
        boolean locked = normalization.isLockGammaBeta();
        boolean used = normalization.getGamma() != 1 && normalization.getBeta() != 0;
        double[] gamma =
                locked
                        ? map(mean, i -> used ? normalization.getGamma() : 1)
                        : parameters.get(BatchNormalizationParamInitializer.GAMMA).get(unit);
        double[] beta =
                locked
                        ? map(mean, i -> used ? normalization.getBeta() : 0)
                        : parameters.get(BatchNormalizationParamInitializer.BETA).get(unit);
        return map(
                mean,
                i ->
                        gamma[i]
                                        * (value - mean[i])
                                        / Math.sqrt(variance[i] + normalization.getEps())
                                + beta[i]);
    }

    /** {@return an activation function's value at inference} */
    static double value(IActivation activation, double at) {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            INDArray number = Nd4j.createFromArray(new double[][] {{at}});
            return activation.getActivation(number, false).getDouble(0);
        }
    }
}
