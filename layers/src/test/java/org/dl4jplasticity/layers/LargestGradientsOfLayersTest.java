package org.dl4jplasticity.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.layers.runtime.SparseRuntime;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** What a layer tells of the gradient at connections it has not, against the dense twin's. */
class LargestGradientsOfLayersTest {

    private static SparseRuntime runtime(MultiLayerNetwork network, int layer) {
        return (SparseRuntime) network.getLayer(layer);
    }

    private static void backward(MultiLayerNetwork network, DataSet minibatch) {
        network.setInput(minibatch.getFeatures());
        network.setLabels(minibatch.getLabels());
        network.computeGradientAndScore();
    }

    /** By connection id: row by row of the transpose. */
    private static double[] denseGradient(MultiLayerNetwork dense, int layer) {
        return Examples.elements(dense.gradient().getGradientFor(layer + "_W").transpose());
    }

    private static void assertFindsLargest(Twins twins, DataSet minibatch) {
        backward(twins.sparse(), minibatch);
        backward(twins.dense(), minibatch);
        for (int layer = 0; layer < 2; layer++) {
            double[] gradient = denseGradient(twins.dense(), layer);
            SparseRuntime runtime = runtime(twins.sparse(), layer);
            SparseTopology topology = runtime.sparseConf().getTopology();
            long[] active = topology.ids();
            int outside = (int) topology.possibleCount() - topology.activeCount();
            for (int k : new int[] {0, 1, outside / 3, outside}) {
                long[] expected =
                        LongStream.range(0, gradient.length)
                                .filter(id -> Arrays.binarySearch(active, id) < 0)
                                .boxed()
                                .sorted(
                                        Comparator.comparingDouble(
                                                id -> -Math.abs(gradient[id.intValue()])))
                                .limit(k)
                                .mapToLong(id -> id)
                                .sorted()
                                .toArray();
                assertThat(runtime.largestGradients(topology, k))
                        .as("layer %d, k %d", layer, k)
                        .containsExactly(expected);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 33})
    void theyAreTheLargestOfTheDenseTwinsGradient(int batch) {
        DataSet minibatch = Examples.minibatch(DataType.DOUBLE, batch, batch);
        // L2 is no part of the minibatch's gradient.
        assertFindsLargest(new Design().network(builder -> builder.l2(0.5)).twins(), minibatch);
        assertFindsLargest(new Design().hidden(Activation.ELU).twins(), minibatch);
        assertFindsLargest(new Design().output(Activation.TANH, new LossMSE()).twins(), minibatch);
    }

    @Test
    void theyAreKnownOnlyBetweenABackwardAndTheNextForwardPass() {
        MultiLayerNetwork network = new Design().sparse();
        DataSet minibatch = Examples.minibatch(DataType.DOUBLE, 1, 8);
        assertUnknown(network);
        network.output(minibatch.getFeatures());
        assertUnknown(network);
        backward(network, minibatch);
        assertThat(runtime(network, 0).largestGradients(topology(network), 5)).hasSize(5);
        network.output(minibatch.getFeatures());
        assertUnknown(network);
    }

    private static SparseTopology topology(MultiLayerNetwork network) {
        return SavingTest.topology(network, 0);
    }

    private static void assertUnknown(MultiLayerNetwork network) {
        assertThatIllegalStateException()
                .isThrownBy(() -> runtime(network, 0).largestGradients(topology(network), 5))
                .withMessage(
                        "the dense gradient is known only between a backward pass and the next"
                                + " forward pass");
    }
}
