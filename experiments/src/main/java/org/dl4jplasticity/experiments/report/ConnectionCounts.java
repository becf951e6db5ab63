package org.dl4jplasticity.experiments.report;

import org.dl4jplasticity.topology.SparseTopology;

/**
 * Connections of a topology counted by place. All of it takes one pass over the connections, and
 * memory for the counts alone, however large the layer is.
 */
final class ConnectionCounts {
    private ConnectionCounts() {}

    /** {@return how many connections each input has; as many numbers as there are inputs} */
    static double[] ofInputs(SparseTopology topology) {
        double[] counts = new double[topology.nIn()];
        for (int input : topology.columns()) {
            counts[input]++;
        }
        return counts;
    }

    /**
     * {@return the connectivity matrix made smaller: the share of the possible connections of each
     * field that is active}
     *
     * @param topology [units, inputs]
     * @param height rows of fields, at most as many as there are units
     * @param width columns of fields, at most as many as there are inputs
     */
    static double[] matrix(SparseTopology topology, int height, int width) {
        double[] fields = new double[height * width];
        int[] starts = topology.rowStarts();
        int[] columns = topology.columns();
        for (int unit = 0; unit < topology.nOut(); unit++) {
            int row = (int) ((long) unit * height / topology.nOut());
            for (int position = starts[unit]; position < starts[unit + 1]; position++) {
                int column = (int) ((long) columns[position] * width / topology.nIn());
                fields[row * width + column]++;
            }
        }
        for (int row = 0; row < height; row++) {
            double units = size(row, height, topology.nOut());
            for (int column = 0; column < width; column++) {
                fields[row * width + column] /= units * size(column, width, topology.nIn());
            }
        }
        return fields;
    }

    /** {@return how many of {@code all} places fall into a field: those i of i * fields / all} */
    private static long size(int field, int fields, int all) {
        return first(field + 1, fields, all) - first(field, fields, all);
    }

    private static long first(int field, int fields, int all) {
        return ((long) field * all + fields - 1) / fields;
    }

    /**
     * {@return the mean of each pixel of an image and those of its eight neighbours that there are}
     */
    static double[] smooth(double[] values, int height, int width) {
        double[] smooth = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            double sum = 0;
            int count = 0;
            for (int row = i / width - 1; row <= i / width + 1; row++) {
                for (int column = i % width - 1; column <= i % width + 1; column++) {
                    if (row >= 0 && row < height && column >= 0 && column < width) {
                        sum += values[row * width + column];
                        count++;
                    }
                }
            }
            smooth[i] = sum / count;
        }
        return smooth;
    }

    /**
     * {@return the mean of an image's counts in its middle, the half of its height and of its
     * width, over the mean outside of it}
     */
    static double middleOverRest(double[] counts, int height, int width) {
        double middle = 0;
        double rest = 0;
        int inside = 0;
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                double count = counts[row * width + column];
                if (isMiddle(row, height) && isMiddle(column, width)) {
                    middle += count;
                    inside++;
                } else {
                    rest += count;
                }
            }
        }
        return (middle / inside) / (rest / (height * width - inside));
    }

    private static boolean isMiddle(int place, int size) {
        return place >= size / 4 && place < size - size / 4;
    }
}
