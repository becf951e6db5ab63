package org.dl4jplasticity.surgery;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.dl4jplasticity.surgery.ParameterAxes.End;
import org.dl4jplasticity.surgery.ParameterAxes.Kind;
import org.dl4jplasticity.surgery.UnitVectors.NextBias;

/** Sees the parameters that a change of width reaches from the units that it is about. */
final class UnitViews {
    private static final NextBias NO_NEXT =
            new NextBias(null, "they don't lead from the units to another layer");

    private UnitViews() {}

    /**
     * {@return the units of the layers whose width a change is about}
     *
     * @param parameters all parameters of the layers that it reaches, by id
     * @param count the number of units after it
     */
    static Units of(
            WidthPropagation propagation, Map<String, ResizedParameter> parameters, int count) {
        List<UnitVectors> incoming = new ArrayList<>();
        List<UnitVectors> biases = new ArrayList<>();
        List<UnitVectors> passing = new ArrayList<>();
        List<UnitVectors> outgoing = new ArrayList<>();
        List<Layer> between = new ArrayList<>();
        for (WidthPropagation.Reached layer : propagation.layers()) {
            Layer conf = LayerAxes.unwrapped(layer.node().layerConf());
            if (LayerAxes.isPassing(conf)) {
                between.add(conf);
            }
            for (ParameterAxes axes : layer.parameters()) {
                ResizedParameter parameter = parameters.get(layer.node().id() + "/" + axes.key());
                List<UnitVectors> group =
                        axes.kind() == Kind.WEIGHT
                                ? incoming
                                : axes.kind() == Kind.BIAS ? biases : passing;
                parameter.view(End.TO, count, NO_NEXT).ifPresent(group::add);
                parameter
                        .view(End.FROM, count, nextBias(propagation, layer, axes, parameters))
                        .ifPresent(outgoing::add);
            }
        }
        return new Units(
                count,
                propagation.producers().stream()
                        .map(node -> LayerAxes.unwrapped(node.layerConf()))
                        .toList(),
                between,
                incoming,
                biases,
                passing,
                outgoing);
    }

    private static NextBias nextBias(
            WidthPropagation propagation,
            WidthPropagation.Reached layer,
            ParameterAxes weights,
            Map<String, ResizedParameter> parameters) {
        String prefix = weights.key().replaceFirst("R?W$", "");
        ResizedParameter biases = parameters.get(layer.node().id() + "/" + prefix + "b");
        Optional<String> obstacle =
                propagation
                        .obstacleBetween()
                        .or(() -> obstacleToFolding(LayerAxes.unwrapped(layer.node().layerConf())));
        if (obstacle.isPresent()) {
            return new NextBias(null, obstacle.get());
        } else if (weights.key().endsWith("RW")) {
            return new NextBias(null, "a recurrent layer gets nothing from itself at first");
        } else if (biases == null) {
            return new NextBias(null, "the next layer has none");
        }
        return new NextBias(biases.storage(), null);
    }

    private static Optional<String> obstacleToFolding(Layer conf) {
        if (conf instanceof DenseLayer dense && dense.hasLayerNorm()) {
            return Optional.of("layer normalization comes before them");
        } else if (conf instanceof Deconvolution2D) {
            return Optional.of("a transposed convolution has borders");
        } else if (conf instanceof Convolution1DLayer) {
            return Optional.of("a convolution of sequences may have borders");
        } else if (conf instanceof ConvolutionLayer convolution && isPadded(convolution)) {
            return Optional.of("a padded convolution has borders");
        }
        return Optional.empty();
    }

    private static boolean isPadded(ConvolutionLayer layer) {
        return layer.getConvolutionMode() == ConvolutionMode.Same
                || layer.getConvolutionMode() == ConvolutionMode.Causal
                || Arrays.stream(layer.getPadding()).anyMatch(padding -> padding > 0);
    }
}
