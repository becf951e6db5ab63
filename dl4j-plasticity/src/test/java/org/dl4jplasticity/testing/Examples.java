package org.dl4jplasticity.testing;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Synthetic examples: the class is the number of the largest of the first inputs. */
public final class Examples {
    private Examples() {}

    /** {@return minibatches of 8 examples with 6 inputs and 3 classes, of doubles} */
    public static List<DataSet> batches(int count) {
        return batches(count, 8, 6, DataType.DOUBLE);
    }

    /** {@return minibatches of examples with 3 classes} */
    public static List<DataSet> batches(int count, int size, int inputs, DataType type) {
        Random random = new Random(41);
        return Stream.generate(() -> batch(size, inputs, type, random)).limit(count).toList();
    }

    private static DataSet batch(int size, int inputs, DataType type, Random random) {
        double[][] features = new double[size][inputs];
        double[][] labels = new double[size][3];
        for (int example = 0; example < size; example++) {
            int largest = 0;
            for (int i = 0; i < inputs; i++) {
                features[example][i] = random.nextGaussian();
                if (i < 3 && features[example][i] > features[example][largest]) {
                    largest = i;
                }
            }
            labels[example][largest] = 1;
        }
        return new DataSet(array(features, type), array(labels, type));
    }

    private static INDArray array(double[][] values, DataType type) {
        return Nd4j.createFromArray(values).castTo(type);
    }
}
