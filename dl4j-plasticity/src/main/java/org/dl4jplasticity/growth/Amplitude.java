package org.dl4jplasticity.growth;

import java.util.function.DoubleUnaryOperator;

/** The search for the amplitude at which a loss is least. */
final class Amplitude {
    /** The largest amplitude tried is two to this power, the smallest its inverse. */
    private static final int OCTAVES = 20;

    private static final int REFINEMENTS = 30;

    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

    private Amplitude() {}

    /**
     * {@return an amplitude at which the loss is less than without, the least near it; 0 if none
     * was found} From 1 on it is doubled, or halved, while that helps; then the octaves on either
     * side are searched by golden section.
     *
     * @param without the loss at amplitude 0
     * @param loss the loss at an amplitude; NaN counts as very large
     */
    static double search(double without, DoubleUnaryOperator loss) {
        DoubleUnaryOperator of =
                octave -> {
                    double value = loss.applyAsDouble(Math.pow(2, octave));
                    return Double.isNaN(value) ? Double.POSITIVE_INFINITY : value;
                };
        double here = of.applyAsDouble(0);
        double octave = 0;
        double up = of.applyAsDouble(1);
        double step = up < here ? 1 : -1;
        double next = up < here ? up : of.applyAsDouble(-1);
        while ((next < here || (!(here < without) && step < 0))
                && Math.abs(octave + step) < OCTAVES) {
            octave += step;
            here = next;
            next = of.applyAsDouble(octave + step);
        }
        double best = golden(of, octave - 1, octave + 1);
        if (!(of.applyAsDouble(best) < here)) {
            best = octave;
        }
        return of.applyAsDouble(best) < without ? Math.pow(2, best) : 0;
    }

    private static double golden(DoubleUnaryOperator of, double from, double to) {
        double left = from;
        double right = to;
        double a = right - GOLDEN * (right - left);
        double b = left + GOLDEN * (right - left);
        double atA = of.applyAsDouble(a);
        double atB = of.applyAsDouble(b);
        for (int i = 0; i < REFINEMENTS; i++) {
            if (atA < atB) {
                right = b;
                b = a;
                atB = atA;
                a = right - GOLDEN * (right - left);
                atA = of.applyAsDouble(a);
            } else {
                left = a;
                a = b;
                atA = atB;
                b = left + GOLDEN * (right - left);
                atB = of.applyAsDouble(b);
            }
        }
        return (left + right) / 2;
    }
}
