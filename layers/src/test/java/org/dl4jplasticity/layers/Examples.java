package org.dl4jplasticity.layers;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.dl4jplasticity.kernel.Numbers;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Small minibatches, drawn from a seed of their own, and comparisons of arrays. */
final class Examples {
    private Examples() {}

    /** {@return numbers of [-1, 1), 'c' order} */
    static INDArray numbers(DataType type, long seed, long... shape) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] values = new double[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        Arrays.setAll(values, i -> random.nextDouble(-1, 1));
        return Nd4j.createFromArray(values).castTo(type).reshape('c', shape);
    }

    /** {@return one random class per example, [batch, classes]} */
    static INDArray classes(DataType type, long seed, int batch, int classes) {
        SplittableRandom random = new SplittableRandom(seed);
        INDArray labels = Nd4j.zeros(type, batch, classes);
        for (int example = 0; example < batch; example++) {
            labels.putScalar(example, random.nextInt(classes), 1);
        }
        return labels;
    }

    /** {@return inputs and classes for the networks of {@link Design}} */
    static DataSet minibatch(DataType type, long seed, int batch) {
        return new DataSet(
                numbers(type, seed, batch, Design.N_IN),
                classes(type, seed + 1_000, batch, Design.N_OUT));
    }

    /** {@return the elements in 'c' order} */
    static double[] elements(INDArray array) {
        return array.castTo(DataType.DOUBLE).dup('c').reshape(array.length()).toDoubleVector();
    }

    static void assertClose(String what, INDArray actual, INDArray expected, double tolerance) {
        Numbers.assertClose(what, elements(actual), elements(expected), tolerance);
    }

    /** {@return a bound for differences of rounding after a few steps} */
    static double tolerance(DataType type) {
        return type == DataType.DOUBLE ? 1e-10 : 2e-5;
    }
}
