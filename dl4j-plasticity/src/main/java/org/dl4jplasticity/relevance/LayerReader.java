package org.dl4jplasticity.relevance;

import java.util.Arrays;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.layers.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.dl4jplasticity.layers.SparseConvolutionLayer;
import org.dl4jplasticity.layers.SparseLayer;
import org.dl4jplasticity.relevance.PoolingMap.Divisor;
import org.dl4jplasticity.relevance.RelevanceLayer.Kind;
import org.dl4jplasticity.relevance.Step.Fixed;
import org.dl4jplasticity.relevance.Step.Sum;
import org.dl4jplasticity.relevance.Step.Weighted;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;

/** Reads one layer of a network, as it works at inference. */
final class LayerReader {
    private final String id;
    private final Layer layer;
    private final org.deeplearning4j.nn.conf.layers.Layer conf;
    private final boolean last;
    private final SparseTopology mask;

    /**
     * A reader.
     *
     * @param last whether relevance starts at this layer, before its activation function
     * @param mask the connections of its weights that exist; null for all
     */
    LayerReader(String id, Layer layer, boolean last, SparseTopology mask) {
        this.id = id;
        this.layer = unfrozen(layer);
        this.conf = this.layer.conf().getLayer();
        this.last = last;
        this.mask = mask;
    }

    private static Layer unfrozen(Layer layer) {
        Layer inner = layer;
        while (inner instanceof FrozenLayer || inner instanceof FrozenLayerWithBackprop) {
            inner = ((BaseWrapperLayer) inner).getUnderlying();
        }
        return inner;
    }

    /**
     * {@return the layer as a step}
     *
     * @throws IllegalArgumentException if it is none that relevance can be propagated through
     */
    Step read() {
        Class<?> type = conf.getClass();
        if (conf instanceof SparseConvolutionLayer sparse) {
            return convolution(sparse, kernel(sparse.getTopology()), sparse.getTopology());
        } else if (conf instanceof SparseLayer sparse) {
            return weighted(
                    new SparseMap(sparse.getTopology(), weights(), bias(sparse.hasBias())),
                    Kind.DENSE);
        } else if (type == DenseLayer.class) {
            requireNo("layer normalization", ((DenseLayer) conf).hasLayerNorm());
            return dense(((DenseLayer) conf).hasBias());
        } else if (type == OutputLayer.class) {
            return dense(((BaseOutputLayer) conf).hasBias());
        } else if (type == ConvolutionLayer.class) {
            return convolution((ConvolutionLayer) conf, weights(), mask);
        } else if (type == SubsamplingLayer.class) {
            return subsampling((SubsamplingLayer) conf);
        } else if (type == GlobalPoolingLayer.class) {
            return globalPooling((GlobalPoolingLayer) conf);
        } else if (type == BatchNormalization.class) {
            return new Sum(normalization((BatchNormalization) conf));
        } else if (type == ActivationLayer.class) {
            return new Fixed(new PassNode(activation(((ActivationLayer) conf).getActivationFn())));
        } else if (type == DropoutLayer.class || type == LossLayer.class) {
            return new Fixed(new PassNode(null));
        }
        throw refused(
                "has no rule of relevance propagation here; expected dense, sparse, output,"
                        + " convolution, subsampling, global pooling, batch normalization,"
                        + " activation, dropout or loss layers");
    }

    private IllegalArgumentException refused(String why) {
        String name = conf.getLayerName() == null ? "" : " (" + conf.getLayerName() + ")";
        return new IllegalArgumentException(
                "Layer %s%s: %s %s"
                        .formatted(
                                id,
                                name.equals(" (" + id + ")") ? "" : name,
                                conf.getClass().getSimpleName(),
                                why));
    }

    private void requireNo(String what, boolean present) {
        if (present) {
            throw refused("with " + what + " has no rule of relevance propagation here");
        }
    }

    private Weighted weighted(LinearMap map, Kind kind) {
        return new Weighted(map, activation(((BaseLayer) conf).getActivationFn()), kind);
    }

    private IActivation activation(IActivation activation) {
        if (last || activation instanceof ActivationIdentity) {
            return null;
        }
        requireNo("softmax before the end of the network", activation instanceof ActivationSoftmax);
        return activation;
    }

    private double[] weights() {
        return Values.read(layer.getParam(DefaultParamInitializer.WEIGHT_KEY));
    }

    private double[] bias(boolean present) {
        return present
                ? Values.read(layer.getParam(DefaultParamInitializer.BIAS_KEY))
                : new double[Math.toIntExact(((FeedForwardLayer) conf).getNOut())];
    }

    private Step dense(boolean hasBias) {
        int inputs = Math.toIntExact(((FeedForwardLayer) conf).getNIn());
        int outputs = Math.toIntExact(((FeedForwardLayer) conf).getNOut());
        double[] ones = null;
        if (mask != null) {
            ones = new double[inputs * outputs];
            for (long connection : mask.ids()) {
                int input = (int) (connection % inputs);
                ones[input * outputs + (int) (connection / inputs)] = 1;
            }
        }
        return weighted(new DenseMap(inputs, outputs, weights(), bias(hasBias), ones), Kind.DENSE);
    }

    /** A packed kernel with its zeros: the place of a weight in it is its connection's id. */
    private double[] kernel(SparseTopology topology) {
        double[] active = weights();
        double[] all = new double[Math.toIntExact(topology.possibleCount())];
        long[] ids = topology.ids();
        for (int position = 0; position < ids.length; position++) {
            all[(int) ids[position]] = active[position];
        }
        return all;
    }

    private Step convolution(ConvolutionLayer conv, double[] weights, SparseTopology topology) {
        requireNo("NHWC images", conv.getCnn2dDataFormat() == CNN2DFormat.NHWC);
        Windows windows =
                Windows.of(
                        conv.getKernelSize(),
                        conv.getStride(),
                        conv.getPadding(),
                        conv.getDilation(),
                        conv.getConvolutionMode());
        double[] ones = null;
        if (topology != null) {
            ones = new double[weights.length];
            for (long connection : topology.ids()) {
                ones[(int) connection] = 1;
            }
        }
        return weighted(
                new ConvolutionMap(
                        Math.toIntExact(conv.getNIn()),
                        windows,
                        weights,
                        bias(conv.hasBias()),
                        ones),
                Kind.CONVOLUTION);
    }

    private Step subsampling(SubsamplingLayer pooling) {
        requireNo("NHWC images", pooling.getCnn2dDataFormat() == CNN2DFormat.NHWC);
        Windows windows =
                Windows.of(
                        pooling.getKernelSize(),
                        pooling.getStride(),
                        pooling.getPadding(),
                        pooling.getDilation(),
                        pooling.getConvolutionMode());
        return pooling(
                pooling.getPoolingType(),
                windows,
                pooling.isAvgPoolIncludePadInDivisor()
                        ? Divisor.POINTS
                        : Divisor.POINTS_IN_THE_IMAGE);
    }

    private Step globalPooling(GlobalPoolingLayer pooling) {
        int[] dimensions = pooling.getPoolingDimensions();
        requireNo(
                "pooling dimensions other than height and width",
                dimensions != null && !Arrays.equals(dimensions, new int[] {2, 3}));
        return pooling(pooling.getPoolingType(), Windows.whole(), Divisor.POINTS);
    }

    private Step pooling(PoolingType type, Windows windows, Divisor average) {
        return switch (type) {
            case MAX -> new Fixed(new MaxPoolingNode(windows));
            case AVG -> new Sum(new PoolingMap(windows, average));
            case SUM -> new Sum(new PoolingMap(windows, Divisor.ONE));
            default -> throw refused("with pooling type " + type + " has no rule here");
        };
    }

    /** The scaling and shift that batch normalization is at inference. */
    private ScalingMap normalization(BatchNormalization norm) {
        requireNo("NHWC images", norm.getCnn2DFormat() == CNN2DFormat.NHWC);
        double[] mean = Values.read(layer.getParam(BatchNormalizationParamInitializer.GLOBAL_MEAN));
        double[] variance = variance(norm);
        double[] gamma = new double[mean.length];
        double[] beta = new double[mean.length];
        if (norm.isLockGammaBeta()) {
            // DL4J takes locked ones into account only where both differ from 1 and 0.
            boolean used = norm.getGamma() != 1 && norm.getBeta() != 0;
            Arrays.fill(gamma, used ? norm.getGamma() : 1);
            Arrays.fill(beta, used ? norm.getBeta() : 0);
        } else {
            gamma = Values.read(layer.getParam(BatchNormalizationParamInitializer.GAMMA));
            beta = Values.read(layer.getParam(BatchNormalizationParamInitializer.BETA));
        }
        for (int i = 0; i < mean.length; i++) {
            gamma[i] /= Math.sqrt(variance[i] + norm.getEps());
            beta[i] -= gamma[i] * mean[i];
        }
        return new ScalingMap(gamma, beta);
    }

    private double[] variance(BatchNormalization norm) {
        if (!norm.isUseLogStd()) {
            return Values.read(layer.getParam(BatchNormalizationParamInitializer.GLOBAL_VAR));
        }
        double[] logs =
                Values.read(layer.getParam(BatchNormalizationParamInitializer.GLOBAL_LOG_STD));
        return Arrays.stream(logs).map(log -> Math.pow(10, 2 * log)).toArray();
    }
}
