package org.dl4jplasticity.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.layers.Sparsity;
import org.dl4jplasticity.mask.WeightFilter;
import org.dl4jplasticity.packing.Packing;
import org.dl4jplasticity.pruning.LotteryTicket;
import org.dl4jplasticity.schedule.SparsityDistribution;
import org.dl4jplasticity.sparse.DynamicSparseTraining;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** The code of {@code docs/sparsify.md}. */
class SparsifyGuideTest {

    // spotless:off
    static void fresh(MultiLayerNetwork network, DataSetIterator data) {
        Sparsity.of(0.9).by(SparsityDistribution.erdosRenyiKernel()).seed(1).applyTo(network);
        network.addListeners(DynamicSparseTraining.set().build());
        network.fit(data, 5);
    }

    static void trained(MultiLayerNetwork network, DataSetIterator data) {
        Sparsity.of(0.9).keepingLargest().only(WeightFilter.layerNamed("layer0")).applyTo(network);
        network.addListeners(DynamicSparseTraining.fixed().build());
        network.fit(data, 2);
    }

    static void publish(MultiLayerNetwork network, File smallAndFast, File forAnybody) throws IOException {
        Packing.pack(network).save(smallAndFast);     // needs this library to load
        Packing.export(network).save(forAnybody);     // needs DL4J alone
    }
    // spotless:on

    @Test
    void aFreshNetworkTrainsUnderMasks() {
        MultiLayerNetwork network = GuideModels.dense(0.003);
        DataSetIterator data = GuideModels.digits().iterator(50, 1);
        fresh(network, data);
        // SET's last update may only drop, but nobody said here which is the last.
        assertThat(LotteryTicket.of(network).activeWeights())
                .isEqualTo(Math.round(0.1 * (784 * 30 + 30 * 20 + 20 * 10)));
        assertThat(network.evaluate(data).accuracy()).isGreaterThan(0.5);
    }

    @Test
    void aTrainedOneKeepsItsLargestWeightsAndLoadsAnywhere(@TempDir Path folder)
            throws IOException {
        MultiLayerNetwork network = GuideModels.trained();
        DataSetIterator data = GuideModels.digits().iterator(50, 1);
        trained(network, data);
        assertThat(LotteryTicket.of(network).activeWeights())
                .isEqualTo(784 * 30 / 10 + 30 * 20 + 20 * 10);
        assertThat(network.evaluate(data).accuracy()).isGreaterThan(0.8);

        File packed = folder.resolve("packed.zip").toFile();
        File plain = folder.resolve("plain.zip").toFile();
        publish(network, packed, plain);
        INDArray features = GuideModels.digits().iterator(100).next().getFeatures();
        INDArray expected = network.output(features);
        assertThat(
                        MultiLayerNetwork.load(packed, true)
                                .output(features)
                                .equalsWithEps(expected, 1e-5))
                .isTrue();
        assertThat(MultiLayerNetwork.load(plain, true).output(features)).isEqualTo(expected);
        assertThat(packed.length()).isLessThan(plain.length());
    }
}
