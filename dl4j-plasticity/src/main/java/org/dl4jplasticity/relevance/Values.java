package org.dl4jplasticity.relevance;

import java.util.Arrays;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * What one node of a network puts out for some examples.
 *
 * @param examples their number
 * @param shape the shape of one example: {units} or {channels, height, width}
 * @param data the values, example after example, each in 'c' order
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Values(int examples, int[] shape, double[] data) {
    /** Whether ND4J's buffers are in the memory of the CPU and can be copied at once. */
    private static final boolean IN_MEMORY =
            "CPU"
                    .equalsIgnoreCase(
                            Nd4j.getExecutioner()
                                    .getEnvironmentInformation()
                                    .getProperty("backend"));

    /** {@return the number of values of one example} */
    int size() {
        return size(shape);
    }

    /** {@return the number of values of a shape} */
    static int size(int[] shape) {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    /** {@return the number of positions a channel has; 1 for units} */
    static int positions(int[] shape) {
        return size(shape) / shape[0];
    }

    /** {@return the same values as another shape of the same size} */
    Values as(int[] other) {
        return new Values(examples, other, data);
    }

    /** {@return what an activation function makes of the values at inference} */
    Values through(IActivation activation) {
        INDArray copy = Nd4j.createFromArray(data).reshape('c', examples, size());
        return new Values(examples, shape, read(activation.getActivation(copy, false)));
    }

    /** {@return the examples [from, to) of an array [examples, ...]} */
    static Values of(INDArray array, long from, long to) {
        int[] shape = new int[array.rank() - 1];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = Math.toIntExact(array.size(i + 1));
        }
        return new Values(
                Math.toIntExact(to - from), shape, read(array.get(some(array, from, to))));
    }

    /** {@return the index of the examples [from, to) of an array [examples, ...]} */
    static INDArrayIndex[] some(INDArray array, long from, long to) {
        INDArrayIndex[] index = new INDArrayIndex[array.rank()];
        Arrays.fill(index, NDArrayIndex.all());
        index[0] = NDArrayIndex.interval(from, to);
        return index;
    }

    /** {@return the values of an array in 'c' order} */
    static double[] read(INDArray array) {
        return read(array.castTo(DataType.DOUBLE).dup('c').data());
    }

    /** {@return the values of a whole buffer of doubles} */
    static double[] read(DataBuffer buffer) {
        if (!IN_MEMORY) {
            return buffer.asDouble();
        }
        double[] values = new double[Math.toIntExact(buffer.length())];
        buffer.asNioDouble().get(values); // asDouble asks for one value after the other
        return values;
    }

    /** {@return the values as an array [examples, ...] of doubles} */
    INDArray toArray() {
        return array(data, examples, shape);
    }

    /** {@return an array [examples, ...] of doubles} */
    static INDArray array(double[] data, int examples, int[] shape) {
        long[] full = new long[shape.length + 1];
        full[0] = examples;
        for (int i = 0; i < shape.length; i++) {
            full[i + 1] = shape[i];
        }
        return Nd4j.createFromArray(data).reshape('c', full);
    }
}
