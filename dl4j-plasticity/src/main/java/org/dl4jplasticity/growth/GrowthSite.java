package org.dl4jplasticity.growth;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.dl4jplasticity.layers.SparseDenseLayer;
import org.dl4jplasticity.layers.SparseLayer;
import org.dl4jplasticity.surgery.UnitInitialization.Site;
import org.dl4jplasticity.surgery.UnitVectors;
import org.nd4j.linalg.activations.IActivation;

/**
 * A layer that grows and the one next layer its units lead to, both plain: dense, sparse, output or
 * convolution, with activation functions and dropout alone in between.
 *
 * @param id the layer that grows
 * @param nextId the layer it leads to
 * @param function what is applied to a unit's pre-activation before the next layer gets it
 */
record GrowthSite(Model model, String id, String nextId, UnitFunction function) {

    /**
     * {@return a layer and the next}
     *
     * @param method the method that asks, for messages
     * @throws IllegalArgumentException if the method can't serve the layer
     */
    static GrowthSite of(Site site, String method) {
        List<UnitVectors> outgoing = site.units().outgoing();
        requirePlain(site, method);
        if (outgoing.size() != 1) {
            throw refusal(
                    site,
                    method,
                    "one next layer with weights",
                    outgoing.size() + ": " + outgoing.stream().map(UnitVectors::id).toList());
        }
        for (Layer between : site.units().between()) {
            if (between.getClass() != DropoutLayer.class
                    && between.getClass() != ActivationLayer.class) {
                throw refusal(
                        site,
                        method,
                        "nothing but activation functions and dropout before the next layer",
                        "a " + between.getClass().getSimpleName());
            }
        }
        String nextId = outgoing.get(0).layerId();
        Layer next = Networks.layer(site.model(), nextId).conf().getLayer();
        if (!(isPlainHidden(next)
                || next.getClass() == OutputLayer.class
                || (next instanceof SparseLayer && !(next instanceof ConvolutionLayer)))) {
            throw refusal(
                    site,
                    method,
                    "a dense, sparse, output or convolution layer next",
                    describe(nextId, next));
        }
        UnitFunction function = new UnitFunction(functions(site));
        if (function.mixesUnits()) {
            throw refusal(site, method, "units that don't depend on one another", "a softmax");
        }
        return new GrowthSite(site.model(), site.layerId(), nextId, function);
    }

    /**
     * Requires a layer whose units are weighted sums of its inputs.
     *
     * @throws IllegalArgumentException if it is another
     */
    static void requirePlain(Site site, String method) {
        if (site.units().incoming().size() != 1) {
            throw refusal(
                    site,
                    method,
                    "units with one group of incoming weights",
                    site.units().incoming().stream().map(UnitVectors::id).toList().toString());
        }
        Layer layer = Networks.layer(site.model(), site.layerId()).conf().getLayer();
        if (!isPlainHidden(layer)) {
            throw refusal(
                    site,
                    method,
                    "a dense, sparse or convolution layer",
                    describe(site.layerId(), layer));
        }
    }

    private static boolean isPlainHidden(Layer layer) {
        if (layer.getClass() == DenseLayer.class) {
            return !((DenseLayer) layer).hasLayerNorm();
        }
        return layer.getClass() == SparseDenseLayer.class
                || (layer.getClass() == ConvolutionLayer.class
                        && ((ConvolutionLayer) layer).getCnn2dDataFormat() == CNN2DFormat.NCHW);
    }

    private static String describe(String id, Layer layer) {
        String name = layer.getClass().getSimpleName();
        if (layer instanceof DenseLayer dense && dense.hasLayerNorm()) {
            name += " with layer normalization";
        } else if (layer instanceof ConvolutionLayer convolution
                && convolution.getCnn2dDataFormat() == CNN2DFormat.NHWC) {
            name += " of channels last";
        }
        return "layer %s, a %s".formatted(id, name);
    }

    private static IllegalArgumentException refusal(
            Site site, String method, String expected, String got) {
        return new IllegalArgumentException(
                "Layer %s: %s expects %s, got %s".formatted(site.layerId(), method, expected, got));
    }

    private static List<IActivation> functions(Site site) {
        List<IActivation> functions = new ArrayList<>();
        Layer layer = Networks.layer(site.model(), site.layerId()).conf().getLayer();
        functions.add(((BaseLayer) layer).getActivationFn());
        for (Layer between : site.units().between()) {
            if (between instanceof ActivationLayer activation) {
                functions.add(activation.getActivationFn());
            }
        }
        return functions;
    }

    /** {@return whether the layer's units have biases} */
    boolean hasBias() {
        return hasBias(model, id);
    }

    /** {@return whether the next layer's units have biases} */
    boolean nextHasBias() {
        return hasBias(model, nextId);
    }

    private static boolean hasBias(Model model, String id) {
        Map<String, ?> parameters = Networks.layer(model, id).paramTable();
        return parameters.containsKey("b");
    }
}
