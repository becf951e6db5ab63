package org.dl4jplasticity.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

class ExampleIteratorTest {

    /**
     * Five examples of shape 2x1x2; example i holds 10i, 10i+1, 10i+2, 10i+3 and has class i mod 3.
     */
    private static LabeledExamples five() {
        float[] values = new float[20];
        for (int i = 0; i < 20; i++) {
            values[i] = i / 4 * 10 + i % 4;
        }
        return LabeledExamples.ofValues(
                new ExampleShape(2, 1, 2),
                values,
                new int[] {0, 1, 2, 0, 1},
                List.of("x", "y", "z"));
    }

    /** Example i has the value i and class i mod 2. */
    private static LabeledExamples numbered(int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = i;
        }
        int[] labels = IntStream.range(0, n).map(i -> i % 2).toArray();
        return LabeledExamples.ofValues(
                ExampleShape.row(1), values, labels, List.of("even", "odd"));
    }

    /** The values of what is left of an epoch, checking that each comes with its label. */
    private static List<Integer> drain(DataSetIterator iterator) {
        List<Integer> values = new ArrayList<>();
        while (iterator.hasNext()) {
            DataSet batch = iterator.next();
            for (int i = 0; i < batch.numExamples(); i++) {
                int value = batch.getFeatures().getInt(i, 0);
                assertThat(batch.getLabels().getInt(i, value % 2)).isEqualTo(1);
                values.add(value);
            }
        }
        return values;
    }

    @Test
    void givesBatchesInOrderWithASmallerLastOne() {
        ExampleIterator iterator = five().iterator(2);
        DataSet first = iterator.next();
        DataSet second = iterator.next();
        DataSet third = iterator.next();
        assertThat(iterator.hasNext()).isFalse();
        // The first batch is looked at after the others were made: nothing is shared between
        // batches.
        assertThat(first.getFeatures().toFloatMatrix())
                .isEqualTo(new float[][] {{0, 1, 2, 3}, {10, 11, 12, 13}});
        assertThat(first.getLabels().toFloatMatrix())
                .isEqualTo(new float[][] {{1, 0, 0}, {0, 1, 0}});
        assertThat(second.getFeatures().toFloatMatrix())
                .isEqualTo(new float[][] {{20, 21, 22, 23}, {30, 31, 32, 33}});
        assertThat(third.getFeatures().shape()).containsExactly(1, 4);
        assertThat(third.getLabels().toFloatMatrix()).isEqualTo(new float[][] {{0, 1, 0}});
        assertThat(first.getFeatures().dataType()).isEqualTo(DataType.FLOAT);
        assertThat(first.getFeatures().ordering()).isEqualTo('c');
        assertThat(first.getLabels().ordering()).isEqualTo('c');
    }

    @Test
    void givesImagesWhenAsked() {
        DataSet batch = five().iterator(3).asImages().next();
        assertThat(batch.getFeatures().shape()).containsExactly(3, 2, 1, 2);
        assertThat(batch.getFeatures().getFloat(2, 1, 0, 1)).isEqualTo(23f);
        assertThat(batch.getFeatures().getFloat(1, 0, 0, 1)).isEqualTo(11f);
    }

    @Test
    void reusesArraysOnlyWhenAsked() {
        ExampleIterator iterator = five().iterator(2).reusingArrays();
        DataSet first = iterator.next();
        DataSet second = iterator.next();
        assertThat(second.getFeatures()).isSameAs(first.getFeatures());
        assertThat(second.getFeatures().toFloatMatrix())
                .isEqualTo(new float[][] {{20, 21, 22, 23}, {30, 31, 32, 33}});
        assertThat(second.getLabels().toFloatMatrix())
                .isEqualTo(new float[][] {{0, 0, 1}, {1, 0, 0}});
        assertThat(iterator.next().getFeatures().shape()).containsExactly(1, 4);
        ExampleIterator images = iterator.asImages();
        images.reset();
        assertThat(images.next().getFeatures().shape()).containsExactly(2, 2, 1, 2);
    }

    @Test
    void reusedArraysHoldWhatNewOnesDo() {
        DataSetIterator fresh = numbered(50).iterator(8, 3);
        DataSetIterator reused = numbered(50).iterator(8, 3).reusingArrays();
        for (int epoch = 0; epoch < 3; epoch++) {
            assertThat(drain(reused)).isEqualTo(drain(fresh)).hasSize(50);
            fresh.reset();
            reused.reset();
        }
    }

    @Test
    void bulkCopiesAreWhatNd4jCreates() {
        float[] values = {1.5f, -2, 3, 4, 5, 6};
        INDArray plain = Nd4j.create(values, new long[] {2, 3}, DataType.FLOAT);
        INDArray array = FloatArrays.create(values, 2, 3);
        assertThat(array).isEqualTo(plain);
        assertThat(array.ordering()).isEqualTo('c');
        FloatArrays.overwrite(array, new float[] {6, 5, 4, 3, 2, 1});
        assertThat(array.toFloatMatrix()).isEqualTo(new float[][] {{6, 5, 4}, {3, 2, 1}});
    }

    @Test
    void isARegularDataSetIterator() {
        ExampleIterator iterator = five().iterator(2);
        assertThat(iterator.batch()).isEqualTo(2);
        assertThat(iterator.inputColumns()).isEqualTo(4);
        assertThat(iterator.totalOutcomes()).isEqualTo(3);
        assertThat(iterator.getLabels()).containsExactly("x", "y", "z");
        assertThat(iterator.resetSupported()).isTrue();
        assertThat(iterator.asyncSupported()).isFalse();
        iterator.setPreProcessor(batch -> batch.getFeatures().addi(100));
        assertThat(iterator.getPreProcessor()).isNotNull();
        assertThat(iterator.next().getFeatures().getFloat(0, 0)).isEqualTo(100f);
        assertThat(iterator.next(3).numExamples()).isEqualTo(3);
        assertThatThrownBy(iterator::next)
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage(
                        "Epoch 0 has no batch left after its 5 examples; reset() begins the next one");
        assertThatThrownBy(() -> iterator.next(0))
                .hasMessage("Iterator: the number of examples must be at least 1, got 0");
        assertThatThrownBy(() -> five().iterator(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Iterator: batch must be at least 1, got 0");
    }

    @Test
    void shufflesAnewEachEpochAndLosesNothing() {
        ExampleIterator iterator = numbered(50).iterator(8, 1);
        List<Integer> sorted = IntStream.range(0, 50).boxed().toList();
        List<Integer> epoch0 = drain(iterator);
        iterator.reset();
        assertThat(iterator.epoch()).isEqualTo(1);
        List<Integer> epoch1 = drain(iterator);
        assertThat(epoch0).isNotEqualTo(sorted).containsExactlyInAnyOrderElementsOf(sorted);
        assertThat(epoch1).isNotEqualTo(epoch0).containsExactlyInAnyOrderElementsOf(sorted);
    }

    @Test
    void sameSeedGivesTheSameBatchesInEveryEpoch() {
        ExampleIterator a = numbered(50).iterator(8, 5);
        ExampleIterator b = numbered(50).iterator(8, 5);
        ExampleIterator other = numbered(50).iterator(8, 6);
        for (int epoch = 0; epoch < 3; epoch++) {
            List<Integer> order = drain(a);
            assertThat(drain(b)).isEqualTo(order);
            assertThat(drain(other)).isNotEqualTo(order);
            a.reset();
            b.reset();
            other.reset();
        }
    }

    @Test
    void resettingTwiceSkipsNoEpoch() {
        ExampleIterator iterator = numbered(10).iterator(4, 1);
        iterator.reset();
        assertThat(iterator.epoch()).isZero();
        iterator.next();
        iterator.reset();
        iterator.reset();
        assertThat(iterator.epoch()).isEqualTo(1);
    }

    @Test
    void movesToWhereAnotherRunWas() {
        ExampleIterator run = numbered(10).iterator(4, 1);
        drain(run);
        run.reset();
        run.next();
        List<Integer> rest = drain(run);

        ExampleIterator resumed = numbered(10).iterator(4, 1);
        resumed.moveTo(1, 1);
        assertThat(drain(resumed)).isEqualTo(rest).hasSize(6);
        resumed.moveTo(1, 3);
        assertThat(resumed.hasNext()).isFalse();
        assertThatThrownBy(() -> resumed.moveTo(0, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Iterator: epoch must be at least 0 and batches in [0, 3], got 0 and 4");
        assertThatThrownBy(() -> resumed.moveTo(-1, 0)).hasMessageContaining("got -1 and 0");
    }

    @Test
    void eachEpochOfFitIsOneEpochOfTheIterator() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .seed(1)
                                .list()
                                .layer(new OutputLayer.Builder().nIn(1).nOut(2).build())
                                .build());
        network.init();
        ExampleIterator iterator = numbered(10).iterator(4, 1);
        network.fit(iterator, 3);
        iterator.reset();
        assertThat(iterator.epoch()).isEqualTo(3);
        assertThat(network.getIterationCount()).isEqualTo(9);
    }

    @Test
    void everyPermutationIsEquallyLikely() {
        // 24 orders of 4; 24,000 epochs give each 1,000 times, standard deviation 31.
        int[] counts = new int[256];
        for (int epoch = 0; epoch < 24_000; epoch++) {
            int[] order = Shuffle.permutation(4, 11, epoch);
            counts[order[0] << 6 | order[1] << 4 | order[2] << 2 | order[3]]++;
        }
        int[] seen = Arrays.stream(counts).filter(count -> count > 0).toArray();
        assertThat(seen).hasSize(24);
        assertThat(Arrays.stream(seen).min().getAsInt()).isGreaterThan(1000 - 5 * 31);
        assertThat(Arrays.stream(seen).max().getAsInt()).isLessThan(1000 + 5 * 31);
    }
}
