package org.dl4jplasticity.relevance;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.ConvolutionMode;

/**
 * How windows are moved over an image; pairs are {vertical, horizontal}.
 *
 * @param kernel the size of a window; null for one window that is as large as the image
 * @param stride the steps between windows
 * @param padding the padding at top and left; not used with "same" padding
 * @param dilation the distance of the points of a window
 * @param same whether the padding is chosen such that only the stride makes the output smaller
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Windows(int[] kernel, int[] stride, int[] padding, int[] dilation, boolean same) {

    /** {@return windows as layers configure them} */
    static Windows of(
            int[] kernel, int[] stride, int[] padding, int[] dilation, ConvolutionMode mode) {
        return new Windows(kernel, stride, padding, dilation, mode == ConvolutionMode.Same);
    }

    /** {@return one window that is the whole image} */
    static Windows whole() {
        int[] one = {1, 1};
        return new Windows(null, one, new int[] {0, 0}, one, false);
    }

    /** {@return the windows over an image of a size} */
    Placement over(int height, int width) {
        int[] image = {height, width};
        int[] points = kernel == null ? image : kernel;
        int[] before = new int[2];
        int[] count = new int[2];
        for (int d = 0; d < 2; d++) {
            int extent = (points[d] - 1) * dilation[d] + 1;
            if (same) {
                count[d] = (image[d] + stride[d] - 1) / stride[d];
                before[d] = ((count[d] - 1) * stride[d] + extent - image[d]) / 2;
            } else {
                before[d] = padding[d];
                count[d] = Math.floorDiv(image[d] + 2 * padding[d] - extent, stride[d]) + 1;
            }
        }
        if (count[0] < 1 || count[1] < 1) {
            throw new IllegalArgumentException(
                    "expected an image of at least the size of a window of %s, got %s"
                            .formatted(Arrays.toString(points), Arrays.toString(image)));
        }
        return new Placement(image, points, stride, before, dilation, count);
    }

    /**
     * Windows over an image.
     *
     * @param image its size
     * @param kernel the size of a window
     * @param stride the steps between windows
     * @param before the padding at top and left
     * @param dilation the distance of the points of a window
     * @param count the number of windows
     */
    record Placement(
            int[] image, int[] kernel, int[] stride, int[] before, int[] dilation, int[] count) {

        /** What is done with a point of a window. */
        interface Visit {
            /**
             * Sees one point.
             *
             * @param window the window's number, row after row
             * @param point the point's number within the window, row after row
             * @param pixel the pixel's number in the image, row after row
             */
            void point(int window, int point, int pixel);
        }

        int windows() {
            return count[0] * count[1];
        }

        int points() {
            return kernel[0] * kernel[1];
        }

        int pixels() {
            return image[0] * image[1];
        }

        /** Visits every point of every window that isn't padding, window after window. */
        void each(Visit visit) {
            for (int window = 0; window < windows(); window++) {
                int top = (window / count[1]) * stride[0] - before[0];
                int left = (window % count[1]) * stride[1] - before[1];
                for (int point = 0; point < points(); point++) {
                    int y = top + (point / kernel[1]) * dilation[0];
                    int x = left + (point % kernel[1]) * dilation[1];
                    if (y >= 0 && y < image[0] && x >= 0 && x < image[1]) {
                        visit.point(window, point, y * image[1] + x);
                    }
                }
            }
        }

        /** {@return for every point of every window its pixel; -1 for padding} */
        int[] pixelOfPoint() {
            int[] pixels = new int[windows() * points()];
            Arrays.fill(pixels, -1);
            each((window, point, pixel) -> pixels[window * points() + point] = pixel);
            return pixels;
        }
    }
}
