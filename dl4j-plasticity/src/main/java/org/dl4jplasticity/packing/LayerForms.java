package org.dl4jplasticity.packing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.constraint.NonNegativeConstraint;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.conf.weightnoise.IWeightNoise;
import org.deeplearning4j.nn.conf.weightnoise.WeightNoise;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.dl4jplasticity.layers.SparseConvolutionLayer;
import org.dl4jplasticity.layers.SparseDenseLayer;
import org.dl4jplasticity.layers.SparseLayer;
import org.dl4jplasticity.layers.SparseOutputLayer;
import org.dl4jplasticity.mask.WeightMask;
import org.dl4jplasticity.topology.SparseTopology;

/** The two forms of the configuration of a sparse layer: masked and packed. */
final class LayerForms {
    private static final String WEIGHTS = DefaultParamInitializer.WEIGHT_KEY;

    private LayerForms() {}

    /** {@return whether a layer, once packed, computes and trains as it does masked} */
    static boolean isPackable(Layer layer) {
        // The two classes themselves: their descendants may compute something else.
        boolean plain =
                layer.getClass() == OutputLayer.class
                        || (layer.getClass() == ConvolutionLayer.class
                                && ((ConvolutionLayer) layer).getCnn2dDataFormat()
                                        == CNN2DFormat.NCHW)
                        || (layer.getClass() == DenseLayer.class
                                && !((DenseLayer) layer).hasLayerNorm());
        return plain
                && isForEachWeight(((FeedForwardLayer) layer).getWeightNoise())
                && constraints(layer).stream().allMatch(LayerForms::isForEachWeight);
    }

    /** Added noise moves inactive weights too, and other noise may do anything. */
    private static boolean isForEachWeight(IWeightNoise noise) {
        return noise == null
                || noise.getClass() == DropConnect.class
                || (noise.getClass() == WeightNoise.class && !((WeightNoise) noise).isAdditive());
    }

    /** A norm is not the same over a packed vector and over the rows or columns of a matrix. */
    private static boolean isForEachWeight(LayerConstraint constraint) {
        return constraint instanceof WeightMask
                || constraint.getClass() == NonNegativeConstraint.class
                || constraint.getParams() == null
                || !constraint.getParams().contains(WEIGHTS);
    }

    /**
     * {@return the packed form of a layer that {@link #isPackable}}
     *
     * @param layer the masked form
     * @param topology its mask
     */
    static Layer pack(Layer layer, SparseTopology topology) {
        FeedForwardLayer packed;
        if (layer instanceof OutputLayer output) {
            packed =
                    new SparseOutputLayer.Builder(output.getLossFn())
                            .hasBias(output.hasBias())
                            .topology(topology)
                            .build();
        } else if (layer instanceof ConvolutionLayer convolution) {
            packed =
                    images(new SparseConvolutionLayer.Builder(), convolution)
                            .topology(topology)
                            .build();
        } else {
            packed =
                    new SparseDenseLayer.Builder()
                            .hasBias(((DenseLayer) layer).hasBias())
                            .topology(topology)
                            .build();
        }
        carry((FeedForwardLayer) layer, packed);
        packed.setConstraints(withoutMask(layer));
        return packed;
    }

    /**
     * {@return the masked form of a packed layer}
     *
     * @param id the layer's index or its vertex' name, for error messages
     * @param layer the packed form, with a topology
     * @throws IllegalArgumentException if a constraint or weight noise has no equal there
     */
    static Layer unpack(String id, SparseLayer layer) {
        FeedForwardLayer packed = (FeedForwardLayer) layer;
        requireForEachWeight(id, packed);
        FeedForwardLayer masked;
        if (layer instanceof BaseOutputLayer output) {
            masked =
                    new OutputLayer.Builder(output.getLossFn())
                            .hasBias(layer.hasBias())
                            .nIn(layer.getNIn())
                            .nOut(layer.getNOut())
                            .build();
        } else if (layer instanceof ConvolutionLayer convolution) {
            masked = images(new ConvolutionLayer.Builder(), convolution).build();
        } else {
            masked =
                    new DenseLayer.Builder()
                            .hasBias(layer.hasBias())
                            .nIn(layer.getNIn())
                            .nOut(layer.getNOut())
                            .build();
        }
        carry(packed, masked);
        List<LayerConstraint> constraints = new ArrayList<>(constraints(packed));
        constraints.add(new WeightMask(Map.of(WEIGHTS, layer.getTopology())));
        masked.setConstraints(constraints);
        return masked;
    }

    /** What both forms of a convolution have alike beside what all layers have. */
    private static <B extends ConvolutionLayer.BaseConvBuilder<B>> B images(
            B builder, ConvolutionLayer from) {
        return builder.nIn(from.getNIn())
                .nOut(from.getNOut())
                .hasBias(from.hasBias())
                .kernelSize(from.getKernelSize())
                .stride(from.getStride())
                .padding(from.getPadding())
                .dilation(from.getDilation())
                .convolutionMode(from.getConvolutionMode())
                .cudnnAlgoMode(from.getCudnnAlgoMode())
                .cudnnFwdMode(from.getCudnnFwdAlgo())
                .cudnnBwdFilterMode(from.getCudnnBwdFilterAlgo())
                .cudnnBwdDataMode(from.getCudnnBwdDataAlgo())
                .helperAllowFallback(from.isCudnnAllowFallback());
    }

    private static void requireForEachWeight(String id, FeedForwardLayer layer) {
        IWeightNoise noise = layer.getWeightNoise();
        if (!isForEachWeight(noise)) {
            throw new IllegalArgumentException(
                    ("Layer %s (%s): can't be unpacked with its weight noise: expected DropConnect"
                                    + " or multiplied noise, which leave inactive weights 0, got"
                                    + " %s")
                            .formatted(id, layer.getLayerName(), noise));
        }
        for (LayerConstraint constraint : constraints(layer)) {
            if (!isForEachWeight(constraint)) {
                throw new IllegalArgumentException(
                        ("Layer %s (%s): can't be unpacked with its constraint on the weights:"
                                        + " expected one that holds for each weight by itself, such"
                                        + " as NonNegativeConstraint, got %s")
                                .formatted(id, layer.getLayerName(), constraint));
            }
        }
    }

    /** {@return the constraints of a layer without masks; null if there is none, as in DL4J} */
    static List<LayerConstraint> withoutMask(Layer layer) {
        List<LayerConstraint> others =
                constraints(layer).stream()
                        .filter(constraint -> !(constraint instanceof WeightMask))
                        .toList();
        return others.isEmpty() ? null : new ArrayList<>(others);
    }

    private static List<LayerConstraint> constraints(Layer layer) {
        return layer.getConstraints() == null ? List.of() : layer.getConstraints();
    }

    /** Everything both forms have alike, as it is: null and NaN stand for themselves. */
    private static void carry(FeedForwardLayer from, FeedForwardLayer to) {
        to.setLayerName(from.getLayerName());
        to.setIDropout(from.getIDropout());
        to.setActivationFn(from.getActivationFn());
        to.setWeightInitFn(from.getWeightInitFn());
        to.setBiasInit(from.getBiasInit());
        to.setGainInit(from.getGainInit());
        to.setRegularization(from.getRegularization());
        to.setRegularizationBias(from.getRegularizationBias());
        to.setIUpdater(from.getIUpdater());
        to.setBiasUpdater(from.getBiasUpdater());
        to.setWeightNoise(from.getWeightNoise());
        to.setGradientNormalization(from.getGradientNormalization());
        to.setGradientNormalizationThreshold(from.getGradientNormalizationThreshold());
        to.setTimeDistributedFormat(from.getTimeDistributedFormat());
    }
}
