package org.dl4jplasticity.relevance;

import java.util.Arrays;
import org.dl4jplasticity.relevance.Windows.Placement;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The sums or averages of windows, channel by channel. It has no weights to exchange. */
final class PoolingMap extends LinearMap {
    private static final double[] NONE = {};

    private final Windows windows;
    private final Divisor divisor;

    /** What the sum of a window is divided by. */
    enum Divisor {
        ONE,
        POINTS,
        POINTS_IN_THE_IMAGE
    }

    PoolingMap(Windows windows, Divisor divisor) {
        super(NONE, NONE);
        this.windows = windows;
        this.divisor = divisor;
    }

    @Override
    int[] outputShape(int[] input) {
        return pooledShape(windows, input);
    }

    /** {@return the shape of one example after pooling; no image is left by a whole window} */
    static int[] pooledShape(Windows windows, int[] input) {
        if (input.length != 3) {
            throw wrongInput("[channels, height, width]", input);
        }
        int[] count = windows.over(input[1], input[2]).count();
        return windows.kernel() == null
                ? new int[] {input[0]}
                : new int[] {input[0], count[0], count[1]};
    }

    /** One over the divisor, of each window. */
    private double[] shares(Placement place) {
        double[] shares = new double[place.windows()];
        if (divisor == Divisor.POINTS_IN_THE_IMAGE) {
            place.each((window, point, pixel) -> shares[window]++);
            Arrays.setAll(shares, window -> 1 / shares[window]);
        } else {
            Arrays.fill(shares, divisor == Divisor.ONE ? 1 : 1.0 / place.points());
        }
        return shares;
    }

    @Override
    double[] apply(Values x, double[] weights) {
        Placement place = windows.over(x.shape()[1], x.shape()[2]);
        double[] shares = shares(place);
        int maps = x.examples() * x.shape()[0];
        double[] y = new double[maps * place.windows()];
        for (int map = 0; map < maps; map++) {
            int first = map * place.pixels();
            int firstWindow = map * place.windows();
            place.each(
                    (window, point, pixel) ->
                            y[firstWindow + window] += x.data()[first + pixel] * shares[window]);
        }
        return y;
    }

    @Override
    double[] applyTransposed(Values s, int[] input, double[] weights) {
        Placement place = windows.over(input[1], input[2]);
        double[] shares = shares(place);
        int maps = s.examples() * input[0];
        double[] c = new double[maps * place.pixels()];
        for (int map = 0; map < maps; map++) {
            int first = map * place.pixels();
            int firstWindow = map * place.windows();
            place.each(
                    (window, point, pixel) ->
                            c[first + pixel] += s.data()[firstWindow + window] * shares[window]);
        }
        return c;
    }

    @Override
    double[] products(Values x, Values s) {
        return NONE;
    }

    @Override
    LinearMap scaled(double[] scale, double[] shift) {
        throw new UnsupportedOperationException("pooling has no weights to scale");
    }

    @Override
    INDArray asParameter(double[] perWeight) {
        throw new UnsupportedOperationException("pooling has no weights");
    }
}
