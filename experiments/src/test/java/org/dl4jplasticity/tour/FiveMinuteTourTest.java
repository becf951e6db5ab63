package org.dl4jplasticity.tour;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.datasets.DatasetCatalog;
import org.dl4jplasticity.datasets.TrainTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

class FiveMinuteTourTest {
    @Test
    void theReadmeShowsTheProgramThatIsCompiledHere() throws IOException {
        String program = Readme.source(FiveMinuteTour.class);
        String shown = program.substring(program.indexOf("import ")).strip();
        Readme.assertShows(shown);
        assertThat(shown.lines().count()).isLessThanOrEqualTo(40);
    }

    @Test
    void plainDl4jReadsTheSavedModelBackWithTheOutputsOfTheTrainedOne(@TempDir Path folder)
            throws Exception {
        File file = folder.resolve("model.zip").toFile();
        FiveMinuteTour.main(new String[] {file.toString()});
        MultiLayerNetwork loaded = MultiLayerNetwork.load(file, true);

        TrainTest mnist = DatasetCatalog.load("mnist-sample", null);
        // Training once more gives the same network, for the seed is the same.
        MultiLayerNetwork trained = FiveMinuteTour.train(mnist.train());
        INDArray features = mnist.test().iterator(100).next().getFeatures();
        assertThat(loaded.output(features).toFloatMatrix())
                .isDeepEqualTo(trained.output(features).toFloatMatrix());
        assertThat(loaded.evaluate(mnist.test().iterator(1_000)).accuracy()).isGreaterThan(0.92);
    }
}
