package org.dl4jplasticity.growth;

/**
 * How many units a layer gets at a time.
 *
 * @param fraction the share of its units it gets, 0 for a fixed number
 * @param number the number it gets, at least 1; with a fraction the least number
 * @param perLayer the most units a layer may have
 * @param parameters the most parameters the network may have
 */
public record UnitCount(double fraction, int number, int perLayer, long parameters) {

    /**
     * Checks the ranges.
     *
     * @param fraction at least 0
     * @param number at least 1
     * @param perLayer at least 1
     * @param parameters at least 1
     * @throws IllegalArgumentException if a number is out of its range
     */
    public UnitCount {
        if (!(fraction >= 0) || Double.isInfinite(fraction)) {
            throw new IllegalArgumentException(
                    "the fraction of units that a layer grows by must be at least 0, got "
                            + fraction);
        }
        if (number < 1 || perLayer < 1 || parameters < 1) {
            throw new IllegalArgumentException(
                    "numbers of new units, units per layer and parameters must be at least 1, got"
                            + " %d, %d and %d".formatted(number, perLayer, parameters));
        }
    }

    /**
     * {@return a share of the layer's units, rounded, at least one}
     *
     * @param fraction greater than 0
     */
    public static UnitCount fraction(double fraction) {
        return new UnitCount(fraction, 1, Integer.MAX_VALUE, Long.MAX_VALUE);
    }

    /**
     * {@return always the same number}
     *
     * @param number at least 1
     */
    public static UnitCount of(int number) {
        return new UnitCount(0, number, Integer.MAX_VALUE, Long.MAX_VALUE);
    }

    /**
     * {@return the same with a most for each layer}
     *
     * @param units how many a layer may have, at least 1
     */
    public UnitCount perLayerAtMost(int units) {
        return new UnitCount(fraction, number, units, parameters);
    }

    /**
     * {@return the same with a most for the whole network}
     *
     * @param most how many parameters it may have, at least 1
     */
    public UnitCount parametersAtMost(long most) {
        return new UnitCount(fraction, number, perLayer, most);
    }

    /** {@return how many a layer would get but for the network's limit; 0 or less for none} */
    int wanted(int width) {
        long share = Math.max(number, Math.round(fraction * width));
        return (int) Math.min(share, perLayer - width);
    }
}
