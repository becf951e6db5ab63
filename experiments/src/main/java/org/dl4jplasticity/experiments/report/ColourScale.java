package org.dl4jplasticity.experiments.report;

/**
 * What colours numbers have in a picture. All scales can be told apart with any colour vision, and
 * in print without colours the sequential ones too.
 */
enum ColourScale {
    /** From dark violet by green to yellow, evenly (viridis, van der Walt and Smith 2015). */
    SEQUENTIAL(0x440154, 0x3B528B, 0x21918C, 0x5EC962, 0xFDE725),
    /** Blue below the middle, white in it, red above. */
    DIVERGING(0x2166AC, 0x92C5DE, 0xF7F7F7, 0xF4A582, 0xB2182B),
    /** White to black, as ink on paper. */
    INK(0xFFFFFF, 0x000000);

    private static final int BYTE = 255;

    @SuppressWarnings("ImmutableEnumChecker") // written once, in the constructor
    private final int[] stops;

    ColourScale(int... stops) {
        this.stops = stops;
    }

    /**
     * {@return red, green and blue, a byte each}
     *
     * @param share where on the scale, in [0, 1]; what is beyond has the colour of the end
     */
    int rgb(double share) {
        double place = Math.max(0, Math.min(1, share)) * (stops.length - 1);
        int stop = Math.min(stops.length - 2, (int) place);
        double rest = place - stop;
        int rgb = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int from = stops[stop] >> shift & BYTE;
            int to = stops[stop + 1] >> shift & BYTE;
            rgb |= (int) Math.round(from + rest * (to - from)) << shift;
        }
        return rgb;
    }
}
