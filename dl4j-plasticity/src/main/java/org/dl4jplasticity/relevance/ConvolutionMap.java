package org.dl4jplasticity.relevance;

import org.dl4jplasticity.relevance.Products.Matrix;
import org.dl4jplasticity.relevance.Windows.Placement;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A kernel moved over an image: weights [output channels, input channels, height, width], in 'c'
 * order. Padding is 0 whatever the inputs are made to, so that it takes no relevance.
 */
final class ConvolutionMap extends LinearMap {
    private final int channels;
    private final Windows windows;
    private final double[] ones;

    ConvolutionMap(int channels, Windows windows, double[] weights, double[] bias, double[] ones) {
        super(weights, bias);
        this.channels = channels;
        this.windows = windows;
        this.ones = ones;
    }

    @Override
    double[] ones() {
        return ones == null ? super.ones() : ones;
    }

    @Override
    int[] outputShape(int[] input) {
        int[] count = place(input).count();
        return new int[] {filters(), count[0], count[1]};
    }

    @Override
    long workspace(int[] input) {
        return (long) place(input).windows() * patch() + super.workspace(input);
    }

    private Placement place(int[] input) {
        if (input.length != 3 || input[0] != channels) {
            throw wrongInput("[" + channels + ", height, width]", input);
        }
        return windows.over(input[1], input[2]);
    }

    private int filters() {
        return bias().length;
    }

    /** The number of weights of one filter. */
    private int patch() {
        return weights().length / filters();
    }

    private Matrix kernel(double[] weights) {
        return new Matrix(weights, filters(), patch());
    }

    @Override
    double[] apply(Values x, double[] weights) {
        // Z(window,o) = sum_k P(window,k) W(o,k)
        double[] z = patches(x).timesTransposeOf(kernel(weights));
        return exchange(z, x.examples(), z.length / x.examples() / filters(), filters());
    }

    @Override
    double[] applyTransposed(Values s, int[] input, double[] weights) {
        return spread(byWindow(s).times(kernel(weights)), s.examples(), input);
    }

    @Override
    double[] products(Values x, Values s) {
        return byWindow(s).transposeTimes(patches(x));
    }

    /** Outputs [examples, filters, windows] as a matrix [examples windows, filters]. */
    private Matrix byWindow(Values s) {
        int count = s.size() / filters();
        return new Matrix(
                exchange(s.data(), s.examples(), filters(), count),
                s.examples() * count,
                filters());
    }

    /** [examples, rows, columns] to [examples, columns, rows]. */
    private static double[] exchange(double[] data, int examples, int rows, int columns) {
        double[] turned = new double[data.length];
        for (int example = 0; example < examples; example++) {
            int start = example * rows * columns;
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    turned[start + column * rows + row] = data[start + row * columns + column];
                }
            }
        }
        return turned;
    }

    /** The inputs of every window: a matrix [examples windows, channels points]. */
    private Matrix patches(Values x) {
        Placement place = place(x.shape());
        int[] pixelOfPoint = place.pixelOfPoint();
        int points = place.points();
        double[] data = x.data();
        double[] patches = new double[x.examples() * place.windows() * patch()];
        int to = 0;
        for (int example = 0; example < x.examples(); example++) {
            for (int window = 0; window < place.windows(); window++) {
                for (int channel = 0; channel < channels; channel++) {
                    int from = (example * channels + channel) * place.pixels();
                    for (int point = 0; point < points; point++, to++) {
                        int pixel = pixelOfPoint[window * points + point];
                        patches[to] = pixel < 0 ? 0 : data[from + pixel];
                    }
                }
            }
        }
        return new Matrix(patches, x.examples() * place.windows(), patch());
    }

    /** Adds the entries of every patch to the inputs they came from. */
    private double[] spread(double[] patches, int examples, int[] input) {
        Placement place = place(input);
        int[] pixelOfPoint = place.pixelOfPoint();
        int points = place.points();
        double[] inputs = new double[examples * Values.size(input)];
        int from = 0;
        for (int example = 0; example < examples; example++) {
            for (int window = 0; window < place.windows(); window++) {
                for (int channel = 0; channel < channels; channel++) {
                    int to = (example * channels + channel) * place.pixels();
                    for (int point = 0; point < points; point++, from++) {
                        int pixel = pixelOfPoint[window * points + point];
                        if (pixel >= 0) {
                            inputs[to + pixel] += patches[from];
                        }
                    }
                }
            }
        }
        return inputs;
    }

    @Override
    LinearMap scaled(double[] scale, double[] shift) {
        double[] weights = weights().clone();
        for (int i = 0; i < weights.length; i++) {
            weights[i] *= scale[i / patch()];
        }
        return new ConvolutionMap(
                channels, windows, weights, scaledBias(bias(), scale, shift), ones);
    }

    @Override
    INDArray asParameter(double[] perWeight) {
        int[] kernel = windows.kernel();
        return Values.array(perWeight, filters(), new int[] {channels, kernel[0], kernel[1]});
    }
}
