package org.dl4jplasticity.packing;

import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.dl4jplasticity.layers.SparseLayer;

/** Layers as plain DL4J knows them, within any wrappers. */
final class PlainForm {
    private static final Pattern OWN_CLASS =
            Pattern.compile("\"@class\"\\s*:\\s*\"(org\\.dl4jplasticity\\.[^\"]*)\"");

    private PlainForm() {}

    /**
     * {@return a layer in which every sparse layer is a masked one}
     *
     * @param id the layer's index or its vertex' name, for error messages
     * @param layer a layer that nobody else holds: it is changed
     */
    static Layer unpacked(String id, Layer layer) {
        return within(
                layer,
                inner ->
                        inner instanceof SparseLayer sparse
                                ? LayerForms.unpack(id, sparse)
                                : inner);
    }

    /**
     * {@return a layer without masks}
     *
     * @param layer a layer that nobody else holds: it is changed
     */
    static Layer withoutMasks(Layer layer) {
        return within(
                layer,
                inner -> {
                    inner.setConstraints(LayerForms.withoutMask(inner));
                    return inner;
                });
    }

    /** Changes a layer, or what its wrappers wrap. */
    private static Layer within(Layer layer, UnaryOperator<Layer> change) {
        if (layer instanceof FrozenLayer frozen) {
            FrozenLayer changed = new FrozenLayer(within(frozen.getLayer(), change));
            changed.setLayerName(frozen.getLayerName());
            changed.setIDropout(frozen.getIDropout());
            return changed;
        } else if (layer instanceof BaseWrapperLayer wrapper) {
            wrapper.setUnderlying(within(wrapper.getUnderlying(), change));
            return wrapper;
        } else if (layer instanceof Bidirectional both) {
            both.setFwd(within(both.getFwd(), change));
            both.setBwd(within(both.getBwd(), change));
            return both;
        }
        return change.apply(layer);
    }

    /**
     * Refuses a network that plain DL4J couldn't read.
     *
     * @throws IllegalArgumentException if its configuration names a class of this project
     */
    static void requirePlain(Model network) {
        Matcher own = OWN_CLASS.matcher(NetworkCopy.json(network));
        if (own.find()) {
            throw new IllegalArgumentException(
                    ("the network can't be exported: expected a configuration of DL4J's own classes"
                                    + " beside sparse layers and masks, got %s")
                            .formatted(own.group(1)));
        }
    }
}
