package org.dl4jplasticity.surgery;

import static org.dl4jplasticity.surgery.ParameterAxes.biases;
import static org.dl4jplasticity.surgery.ParameterAxes.fixed;
import static org.dl4jplasticity.surgery.ParameterAxes.fromFeatures;
import static org.dl4jplasticity.surgery.ParameterAxes.scales;
import static org.dl4jplasticity.surgery.ParameterAxes.toUnits;
import static org.dl4jplasticity.surgery.ParameterAxes.weights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1D;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution2D;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
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
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.conf.layers.util.MaskLayer;
import org.deeplearning4j.nn.conf.layers.util.MaskZeroLayer;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.dl4jplasticity.dropout.RecurrentDropoutLSTM;
import org.dl4jplasticity.layers.ActivationPruningLayer;
import org.dl4jplasticity.layers.SparseConvolutionLayer;
import org.dl4jplasticity.layers.SparseDenseLayer;
import org.dl4jplasticity.layers.SparseLayer;
import org.dl4jplasticity.layers.SparseOutputLayer;

/**
 * How the parameters of a layer depend on its numbers of inputs and outputs: everything that is
 * known of a type of layer when widths change. A type is named here or refused.
 */
final class LayerAxes {
    private static final int GATES = 4;
    private static final int FORGET_GATE = 1;

    /** Layers whose weights mix what they get: a change of width ends at them. */
    private static final Set<Class<?>> WEIGHTED =
            Set.of(
                    DenseLayer.class,
                    OutputLayer.class,
                    RnnOutputLayer.class,
                    EmbeddingLayer.class,
                    EmbeddingSequenceLayer.class,
                    SparseDenseLayer.class,
                    SparseOutputLayer.class,
                    SparseConvolutionLayer.class,
                    ConvolutionLayer.class,
                    Convolution1DLayer.class,
                    Convolution1D.class,
                    Convolution2D.class,
                    Convolution3D.class,
                    Deconvolution2D.class,
                    LSTM.class,
                    RecurrentDropoutLSTM.class,
                    SimpleRnn.class,
                    Bidirectional.class);

    /** Layers that treat each feature by itself: a change of width goes through them. */
    private static final Set<Class<?>> PASSING =
            Set.of(
                    BatchNormalization.class,
                    ElementWiseMultiplicationLayer.class,
                    PReLULayer.class,
                    ActivationLayer.class,
                    ActivationPruningLayer.class,
                    DropoutLayer.class,
                    SubsamplingLayer.class,
                    Subsampling1DLayer.class,
                    Subsampling3DLayer.class,
                    GlobalPoolingLayer.class,
                    Upsampling1D.class,
                    Upsampling2D.class,
                    Upsampling3D.class,
                    ZeroPaddingLayer.class,
                    ZeroPadding1DLayer.class,
                    ZeroPadding3DLayer.class,
                    Cropping1D.class,
                    Cropping2D.class,
                    Cropping3D.class,
                    MaskLayer.class);

    private LayerAxes() {}

    /**
     * {@return the configuration of what a wrapper wraps; the configuration itself if it is none}
     */
    static Layer unwrapped(Layer conf) {
        boolean wrapper =
                conf instanceof LastTimeStep
                        || conf instanceof TimeDistributed
                        || conf instanceof MaskZeroLayer;
        return wrapper ? unwrapped(((BaseWrapperLayer) conf).getUnderlying()) : conf;
    }

    static boolean isWeighted(Layer conf) {
        return WEIGHTED.contains(unwrapped(conf).getClass());
    }

    static boolean isPassing(Layer conf) {
        return PASSING.contains(unwrapped(conf).getClass());
    }

    /** {@return whether a layer puts zeros around what it gets} */
    static boolean isZeroPadding(Layer conf) {
        return conf instanceof ZeroPaddingLayer
                || conf instanceof ZeroPadding1DLayer
                || conf instanceof ZeroPadding3DLayer;
    }

    /** {@return why a layer's own units can't change; empty if they can} */
    static Optional<String> obstacleToResizing(Layer conf) {
        Layer layer = unwrapped(conf);
        if (!isWeighted(layer)) {
            return Optional.of("a %s has no units of its own".formatted(type(layer)));
        } else if (layer instanceof OutputLayer
                || layer instanceof RnnOutputLayer
                || layer instanceof SparseOutputLayer) {
            return Optional.of("its units are the network's outputs");
        }
        return Optional.empty();
    }

    static String type(Layer conf) {
        return conf.getClass().getSimpleName();
    }

    /** {@return the number of inputs of a layer with weights} */
    static int inputs(Layer conf) {
        Layer layer = unwrapped(conf);
        return Math.toIntExact(
                layer instanceof Bidirectional both
                        ? sized(both.getFwd()).getNIn()
                        : sized(layer).getNIn());
    }

    /** {@return the number of a layer's units} */
    static int units(Layer conf) {
        Layer layer = unwrapped(conf);
        return Math.toIntExact(
                layer instanceof Bidirectional both
                        ? sized(both.getFwd()).getNOut()
                        : sized(layer).getNOut());
    }

    private static FeedForwardLayer sized(Layer conf) {
        return (FeedForwardLayer) unwrapped(conf);
    }

    /** {@return what a layer with weights gives to the next ones} */
    static Features output(Layer conf, Features units) {
        boolean concatenates =
                unwrapped(conf) instanceof Bidirectional both
                        && both.getMode() == Bidirectional.Mode.CONCAT;
        return concatenates ? units.times(2) : units;
    }

    /** {@return the axes of all of a layer's parameters} */
    static List<ParameterAxes> of(Layer conf, Features in, Features units) {
        Layer layer = unwrapped(conf);
        if (layer instanceof Bidirectional both) {
            return Stream.concat(
                            of(both.getFwd(), in, units).stream().map(it -> it.prefixed("f")),
                            of(both.getBwd(), in, units).stream().map(it -> it.prefixed("b")))
                    .toList();
        } else if (isPassing(layer)) {
            return passing(layer, in);
        } else if (layer instanceof LSTM lstm) {
            int gate = units.sizeAfter();
            return List.of(
                    weights("W", fromFeatures(in), toUnits(units.times(GATES))),
                    weights("RW", fromFeatures(units), toUnits(units.times(GATES))),
                    biases(
                            "b",
                            units.times(GATES),
                            i -> i / gate == FORGET_GATE ? lstm.getForgetGateBiasInit() : 0));
        } else if (layer instanceof SimpleRnn recurrent) {
            return List.of(
                    weights("W", fromFeatures(in), toUnits(units)),
                    weights("RW", fromFeatures(units), toUnits(units)),
                    biases("b", units, i -> recurrent.getBiasInit()));
        } else if (layer instanceof ConvolutionLayer convolution) {
            return with(
                    convolution.hasBias()
                            ? biases("b", units, i -> convolution.getBiasInit())
                            : null,
                    kernel(convolution, fromFeatures(in), toUnits(units)));
        }
        return dense(layer, in, units);
    }

    /**
     * DL4J says that kernels of sequences are [outputs, inputs, length, 1], but computes with the
     * same numbers as [length, inputs, outputs].
     */
    private static ParameterAxes kernel(
            ConvolutionLayer layer, ParameterAxes.Axis in, ParameterAxes.Axis units) {
        int[] size = layer.getKernelSize();
        if (layer instanceof Convolution1DLayer) {
            return weights("W", units, in, fixed(size[0]));
        }
        ParameterAxes.Axis kernel = fixed(Arrays.stream(size).reduce(1, Math::multiplyExact));
        return layer instanceof Deconvolution2D
                ? weights("W", kernel, units, in)
                : weights("W", kernel, in, units);
    }

    private static List<ParameterAxes> dense(Layer layer, Features in, Features units) {
        double bias = ((FeedForwardLayer) layer).getBiasInit();
        boolean hasBias =
                layer instanceof SparseLayer sparse
                        ? sparse.hasBias()
                        : layer.initializer().biasKeys(layer).contains("b");
        List<ParameterAxes> all = new ArrayList<>();
        all.add(weights("W", fromFeatures(in), toUnits(units)));
        if (hasBias) {
            all.add(biases("b", units, i -> bias));
        }
        if (layer instanceof DenseLayer dense && dense.hasLayerNorm()) {
            all.add(scales("g", units, dense.getGainInit()));
        }
        return all;
    }

    private static List<ParameterAxes> passing(Layer layer, Features features) {
        if (layer instanceof BatchNormalization normalization) {
            return with(
                    normalization.isUseLogStd()
                            ? scales(BatchNormalizationParamInitializer.GLOBAL_LOG_STD, features, 0)
                            : scales(BatchNormalizationParamInitializer.GLOBAL_VAR, features, 1),
                    normalization.isLockGammaBeta()
                            ? new ParameterAxes[] {mean(features)}
                            : new ParameterAxes[] {
                                scales("gamma", features, normalization.getGamma()),
                                scales("beta", features, normalization.getBeta()),
                                mean(features)
                            });
        } else if (layer instanceof ElementWiseMultiplicationLayer product) {
            return List.of(scales("W", features, 1), scales("b", features, product.getBiasInit()));
        } else if (layer instanceof PReLULayer slopes) {
            long[] shape = slopes.getInputShape();
            long others = Arrays.stream(shape).skip(1).reduce(1, (a, b) -> a * b);
            return List.of(
                    new ParameterAxes(
                            "W",
                            ParameterAxes.Kind.SCALE,
                            List.of(toUnits(features), fixed(others)),
                            i -> 0));
        }
        return List.of();
    }

    private static ParameterAxes mean(Features features) {
        return scales(BatchNormalizationParamInitializer.GLOBAL_MEAN, features, 0);
    }

    /** {@return all of them, the first one too unless it is null} */
    private static List<ParameterAxes> with(ParameterAxes optional, ParameterAxes... others) {
        List<ParameterAxes> all = new ArrayList<>(List.of(others));
        if (optional != null) {
            all.add(optional);
        }
        return all;
    }

    /**
     * {@return a copy of a layer's configuration for other numbers of inputs and units} DL4J's
     * clones of a network share what is inside a wrapper, so nothing is changed in place.
     */
    static Layer resized(Layer conf, int inputs, int units) {
        Layer copy = conf.clone();
        if (copy instanceof BaseWrapperLayer wrapper) {
            wrapper.setUnderlying(resized(wrapper.getUnderlying(), inputs, units));
        } else if (copy instanceof Bidirectional both) {
            both.setFwd(resized(both.getFwd(), inputs, units));
            both.setBwd(resized(both.getBwd(), inputs, units));
            both.setInitializer(null); // it remembers the layer it was made for
        } else if (copy instanceof FeedForwardLayer sized && sized.getNIn() > 0) {
            sized.setNIn(inputs);
            sized.setNOut(units);
        }
        if (copy instanceof PReLULayer slopes) {
            long[] shape = slopes.getInputShape().clone();
            shape[0] = units;
            slopes.setInputShape(shape);
        }
        return copy;
    }

    /** {@return a copy of a layer's configuration with another dropout of its input} */
    static Layer withDropout(Layer conf, UnaryOperator<IDropout> change) {
        Layer copy = conf.clone();
        if (copy instanceof BaseWrapperLayer wrapper) {
            wrapper.setUnderlying(withDropout(wrapper.getUnderlying(), change));
        } else if (copy instanceof Bidirectional both) {
            both.setFwd(withDropout(both.getFwd(), change));
            both.setBwd(withDropout(both.getBwd(), change));
            both.setInitializer(null);
        } else {
            copy.setIDropout(change.apply(copy.getIDropout()));
        }
        return copy;
    }
}
