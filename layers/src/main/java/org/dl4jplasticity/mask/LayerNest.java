package org.dl4jplasticity.mask;

import java.lang.reflect.Field;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.layers.recurrent.BidirectionalLayer;
import org.dl4jplasticity.layers.SparseLayer;
import org.dl4jplasticity.topology.SparseTopology;

/**
 * Where the configuration of a layer with weights is, within any wrappers. DL4J's clones of a
 * network share what is inside a wrapper, so a mask in there is set on a copy, which takes the
 * place of what was there all the way up.
 */
final class LayerNest {
    private final String prefix;
    private final LayerNest wrapper;
    private final Supplier<org.deeplearning4j.nn.conf.layers.Layer> get;
    private final Consumer<org.deeplearning4j.nn.conf.layers.Layer> set;

    private LayerNest(
            String prefix,
            LayerNest wrapper,
            Supplier<org.deeplearning4j.nn.conf.layers.Layer> get,
            Consumer<org.deeplearning4j.nn.conf.layers.Layer> set) {
        this.prefix = prefix;
        this.wrapper = wrapper;
        this.get = get;
        this.set = set;
    }

    /** {@return the layers inside a network's layer: itself, or what its wrappers wrap} */
    static List<LayerNest> of(Layer layer, NeuralNetConfiguration conf) {
        return unwrap(layer, new LayerNest("", null, conf::getLayer, conf::setLayer)).toList();
    }

    private static Stream<LayerNest> unwrap(Layer layer, LayerNest nest) {
        org.deeplearning4j.nn.conf.layers.Layer conf = nest.configuration();
        if (isFrozen(layer, conf) || conf instanceof SparseLayer || conf.initializer() == null) {
            return Stream.empty();
        } else if (conf instanceof BaseWrapperLayer) {
            Layer inner =
                    ((org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer) layer).getUnderlying();
            return unwrap(
                    inner,
                    nest.inside(
                            "",
                            inner,
                            BaseWrapperLayer.class,
                            BaseWrapperLayer::getUnderlying,
                            BaseWrapperLayer::setUnderlying));
        } else if (conf instanceof Bidirectional) {
            Layer forward = direction(layer, "fwd");
            Layer backward = direction(layer, "bwd");
            return Stream.concat(
                    unwrap(
                            forward,
                            nest.inside(
                                    "f",
                                    forward,
                                    Bidirectional.class,
                                    Bidirectional::getFwd,
                                    Bidirectional::setFwd)),
                    unwrap(
                            backward,
                            nest.inside(
                                    "b",
                                    backward,
                                    Bidirectional.class,
                                    Bidirectional::getBwd,
                                    Bidirectional::setBwd)));
        }
        return Stream.of(nest);
    }

    /** Transfer learning freezes some layers at run time only. */
    private static boolean isFrozen(Layer layer, org.deeplearning4j.nn.conf.layers.Layer conf) {
        return conf instanceof FrozenLayer
                || conf instanceof FrozenLayerWithBackprop
                || layer instanceof org.deeplearning4j.nn.layers.FrozenLayer
                || layer instanceof org.deeplearning4j.nn.layers.FrozenLayerWithBackprop;
    }

    private <W extends org.deeplearning4j.nn.conf.layers.Layer> LayerNest inside(
            String innerPrefix,
            Layer inner,
            Class<W> wrapper,
            Function<W, org.deeplearning4j.nn.conf.layers.Layer> getter,
            BiConsumer<W, org.deeplearning4j.nn.conf.layers.Layer> setter) {
        return new LayerNest(
                prefix + innerPrefix,
                this,
                () -> getter.apply(wrapper.cast(configuration())),
                changed -> {
                    W copy = wrapper.cast(configuration().clone());
                    setter.accept(copy, changed);
                    set.accept(copy);
                    if (!(inner instanceof org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer)) {
                        inner.conf().setLayer(changed); // a wrapper's conf() is the wrapped layer's
                    }
                });
    }

    /** DL4J keeps the two directions to itself. */
    private static Layer direction(Layer bidirectional, String name) {
        try {
            Field field = BidirectionalLayer.class.getDeclaredField(name);
            field.setAccessible(true);
            return (Layer) field.get(bidirectional);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "this version of DL4J has no field %s in BidirectionalLayer".formatted(name),
                    e);
        }
    }

    /** {@return what the parameter names of the wrapped layer begin with in the network's layer} */
    String prefix() {
        return prefix;
    }

    /** {@return the configuration at this moment} */
    org.deeplearning4j.nn.conf.layers.Layer configuration() {
        return get.get();
    }

    /** {@return whether the layer or something it is wrapped in is of a type} */
    boolean isWithin(Class<? extends org.deeplearning4j.nn.conf.layers.Layer> type) {
        return type.isInstance(configuration()) || (wrapper != null && wrapper.isWithin(type));
    }

    void putMask(String key, SparseTopology topology) {
        org.deeplearning4j.nn.conf.layers.Layer target =
                wrapper == null ? configuration() : configuration().clone();
        WeightMask.put(target, key, topology);
        if (wrapper != null) {
            set.accept(target);
        }
    }
}
