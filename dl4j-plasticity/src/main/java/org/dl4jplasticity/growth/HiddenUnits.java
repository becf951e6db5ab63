package org.dl4jplasticity.growth;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.ZeroPadding1DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPadding3DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.dl4jplasticity.surgery.NetworkSurgery;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.surgery.UnitVectors;
import org.dl4jplasticity.surgery.Units;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The units of one hidden layer, or those that several layers whose outputs are added share, and
 * the vertices of the network where what they put out is seen.
 *
 * <p>A unit puts out what leaves its activation function: where the layer's own is followed by an
 * activation layer, as batch normalization has it, or by an addition of several layers' outputs, it
 * is what leaves the last of these before the next weights.
 */
final class HiddenUnits {
    private final String id;
    private final Units units;
    private final Map<String, Layer> confs;
    private final double gain;

    /** The vertices where outputs are seen: first the activation, then what the next layers get. */
    private final List<String> places;

    /** For each of the outgoing weights the place of what the next layer gets, or -1. */
    private final List<Integer> placeOf;

    private HiddenUnits(
            String id,
            Units units,
            Map<String, Layer> confs,
            double gain,
            List<String> places,
            List<Integer> placeOf) {
        this.id = id;
        this.units = units;
        this.confs = confs;
        this.gain = gain;
        this.places = places;
        this.placeOf = placeOf;
    }

    /**
     * {@return the units of all hidden layers whose width could change} Recurrent layers are left
     * out.
     *
     * @param network an initialized network
     */
    static List<HiddenUnits> of(PlasticNetwork network) {
        NetworkSurgery surgery = NetworkSurgery.of(network.model());
        Wiring wiring = new Wiring(network);
        Set<Layer> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<HiddenUnits> all = new ArrayList<>();
        List<String> ids = surgery.layers();
        for (String id : ids) {
            Units units = surgery.units(id);
            boolean isNew = units.layers().stream().noneMatch(seen::contains);
            seen.addAll(units.layers());
            if (isNew && units.layers().stream().noneMatch(HiddenUnits::isRecurrent)) {
                all.add(of(id, units, ids, wiring));
            }
        }
        return all;
    }

    private static boolean isRecurrent(Layer layer) {
        return layer instanceof BaseRecurrentLayer || layer instanceof Bidirectional;
    }

    private static HiddenUnits of(String id, Units units, List<String> ids, Wiring wiring) {
        Set<Layer> own = Collections.newSetFromMap(new IdentityHashMap<>());
        own.addAll(units.layers());
        Set<String> producers = new HashSet<>(Set.of(id));
        ids.stream().filter(other -> own.contains(wiring.conf(other))).forEach(producers::add);
        List<String> places = new ArrayList<>();
        List<Integer> placeOf = new ArrayList<>();
        for (UnitVectors outgoing : units.outgoing()) {
            List<String> path = wiring.pathBack(outgoing.layerId(), producers);
            if (places.isEmpty()) {
                places.add(activation(path, id, producers.size() > 1, wiring));
            }
            placeOf.add(place(path, places, wiring));
        }
        if (places.isEmpty()) {
            places.add(id);
        }
        Map<String, Layer> confs = new HashMap<>();
        weights(units).map(UnitVectors::layerId).forEach(it -> confs.put(it, wiring.conf(it)));
        return new HiddenUnits(id, units, confs, gain(wiring.conf(places.get(0))), places, placeOf);
    }

    private static Stream<UnitVectors> weights(Units units) {
        return Stream.of(units.incoming(), units.biases(), units.passing(), units.outgoing())
                .flatMap(List::stream);
    }

    private static String activation(
            List<String> path, String id, boolean areShared, Wiring wiring) {
        return path.stream()
                .filter(
                        vertex ->
                                wiring.isActivation(vertex)
                                        || (areShared && wiring.isArithmetic(vertex)))
                .findFirst()
                .orElse(id);
    }

    /** {@return the place of what comes from the units alone, perhaps beside others} */
    private static int place(List<String> path, List<String> places, Wiring wiring) {
        Optional<String> seen = path.stream().filter(it -> !wiring.isMerge(it)).findFirst();
        // Borders of zeros are no part of a channel that is constant otherwise.
        if (seen.isEmpty() || path.stream().map(wiring::conf).anyMatch(HiddenUnits::addsBorders)) {
            return -1;
        }
        if (!places.contains(seen.get())) {
            places.add(seen.get());
        }
        return places.indexOf(seen.get());
    }

    private static boolean addsBorders(Layer layer) {
        return layer instanceof ZeroPaddingLayer
                || layer instanceof ZeroPadding1DLayer
                || layer instanceof ZeroPadding3DLayer;
    }

    /**
     * {@return by how much the spread of weights must exceed 1 / sqrt(fan-in) for an activation
     * function to keep that of its inputs} As the authors of continual backprop have it (Kaiming's
     * gains): those of the family of ReLU count as ReLU.
     */
    private static double gain(Layer layer) {
        IActivation function = null;
        if (layer instanceof BaseLayer base) {
            function = base.getActivationFn();
        } else if (layer instanceof ActivationLayer activation) {
            function = activation.getActivationFn();
        }
        if (function instanceof ActivationLReLU leaky) {
            return Math.sqrt(2 / (1 + leaky.getAlpha() * leaky.getAlpha()));
        }
        boolean isLikeReLU =
                function instanceof ActivationReLU
                        || function instanceof ActivationReLU6
                        || function instanceof ActivationELU
                        || function instanceof ActivationGELU
                        || function instanceof ActivationSwish;
        return isLikeReLU ? Math.sqrt(2) : function instanceof ActivationTanH ? 5.0 / 3 : 1;
    }

    /** {@return the layer, or the first of those that share the units} */
    String id() {
        return id;
    }

    Units units() {
        return units;
    }

    /** {@return the gain of the units' activation function} */
    double gain() {
        return gain;
    }

    /** {@return the configuration of the layer that a parameter belongs to} */
    Layer confOf(UnitVectors parameter) {
        return confs.get(parameter.layerId());
    }

    /** {@return the vertices where outputs are seen; the first is that of the activation} */
    List<String> places() {
        return places;
    }

    /**
     * {@return the place of what the next layer gets; -1 if it can't be told from anything else}
     *
     * @param outgoing the index of the outgoing weights that lead to that layer
     */
    int placeOf(int outgoing) {
        return placeOf.get(outgoing);
    }

    /**
     * {@return what is seen at a place}
     *
     * @param place its index
     * @param activations those of the network's vertices
     */
    UnitOutputs outputs(int place, Function<String, INDArray> activations) {
        INDArray seen = activations.apply(places.get(place));
        return UnitOutputs.of(seen, areUnitsLast(units.layers().get(0)) && seen.rank() > 2);
    }

    private static boolean areUnitsLast(Layer layer) {
        if (layer instanceof Convolution1DLayer sequences) {
            return sequences.getRnnDataFormat() == RNNFormat.NWC;
        } else if (layer instanceof Convolution3D volumes) {
            return volumes.getDataFormat() == Convolution3D.DataFormat.NDHWC;
        }
        return layer instanceof ConvolutionLayer images
                && images.getCnn2dDataFormat() == CNN2DFormat.NHWC;
    }
}
