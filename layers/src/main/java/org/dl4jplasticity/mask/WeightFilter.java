package org.dl4jplasticity.mask;

import java.util.regex.Pattern;

/**
 * Chooses weights of a network, by layer name, layer type, parameter or anything else:
 *
 * <pre>{@code
 * WeightFilter.ofType(ConvolutionLayer.class).and(WeightFilter.layerNamed("stem").negate())
 * }</pre>
 */
@FunctionalInterface
public interface WeightFilter {

    /**
     * {@return whether the weights are chosen}
     *
     * @param weights a weight matrix or kernel
     */
    boolean accepts(MaskableWeights weights);

    /** {@return a filter that chooses everything that can be masked} */
    static WeightFilter all() {
        return weights -> true;
    }

    /**
     * {@return a filter for layers of a name}
     *
     * @param glob the name; {@code *} stands for any characters, {@code ?} for any one
     */
    static WeightFilter layerNamed(String glob) {
        StringBuilder regex = new StringBuilder();
        glob.codePoints()
                .forEach(
                        c ->
                                regex.append(
                                        switch (c) {
                                            case '*' -> ".*";
                                            case '?' -> ".";
                                            default -> Pattern.quote(Character.toString(c));
                                        }));
        Pattern pattern = Pattern.compile(regex.toString(), Pattern.DOTALL);
        return weights -> pattern.matcher(weights.layerName()).matches();
    }

    /**
     * {@return a filter for layers of a type}
     *
     * @param type the class of the layer's configuration, of a wrapper it is in, or one of their
     *     superclasses
     */
    static WeightFilter ofType(Class<? extends org.deeplearning4j.nn.conf.layers.Layer> type) {
        return weights -> weights.isWithin(type);
    }

    /**
     * {@return a filter for parameters of a name}
     *
     * @param name the name, such as "W", or "RW" for recurrent weights; "fW" for one direction of a
     *     bidirectional layer, "W" for both
     */
    static WeightFilter parameter(String name) {
        return weights -> weights.key().equals(name) || weights.parameter().equals(name);
    }

    /**
     * {@return a filter that chooses what both choose}
     *
     * @param other another filter
     */
    default WeightFilter and(WeightFilter other) {
        return weights -> accepts(weights) && other.accepts(weights);
    }

    /**
     * {@return a filter that chooses what either chooses}
     *
     * @param other another filter
     */
    default WeightFilter or(WeightFilter other) {
        return weights -> accepts(weights) || other.accepts(weights);
    }

    /** {@return a filter that chooses what this one doesn't} */
    default WeightFilter negate() {
        return weights -> !accepts(weights);
    }
}
