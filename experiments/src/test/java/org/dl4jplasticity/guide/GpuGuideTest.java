package org.dl4jplasticity.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.layers.SparseDenseLayer;
import org.dl4jplasticity.layers.Sparsity;
import org.dl4jplasticity.packing.Packing;
import org.dl4jplasticity.schedule.SparsityDistribution;
import org.dl4jplasticity.sparse.DynamicSparseTraining;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** The code of {@code docs/gpu.md}, on whatever backend the build has. */
class GpuGuideTest {

    // spotless:off
    static void train(MultiLayerNetwork network, DataSetIterator data, File forCpus) throws IOException {
        Sparsity.of(0.95).by(SparsityDistribution.erdosRenyiKernel()).seed(1).applyTo(network);
        network.addListeners(DynamicSparseTraining.rigl().updateEvery(100).until(3_500).build());
        network.fit(data, 2);
        Packing.pack(network).save(forCpus);
    }
    // spotless:on

    @Test
    void whatIsTrainedMaskedIsServedPacked(@TempDir Path folder) throws IOException {
        MultiLayerNetwork network = GuideModels.dense(0.003);
        File file = folder.resolve("model.zip").toFile();
        train(network, GuideModels.digits().iterator(50, 1), file);
        MultiLayerNetwork served = MultiLayerNetwork.load(file, false);
        assertThat(served.getLayer(0).conf().getLayer()).isInstanceOf(SparseDenseLayer.class);
        assertThat(served.evaluate(GuideModels.digits().iterator(500)).accuracy())
                .isEqualTo(network.evaluate(GuideModels.digits().iterator(500)).accuracy());
    }
}
