package org.dl4jplasticity.tour;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.datasets.DatasetCatalog;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

class FiveMinuteTourTest {
    private static final Path SOURCE =
            Path.of("src/test/java/org/dl4jplasticity/tour/FiveMinuteTour.java");

    @Test
    void theReadmeShowsTheProgramThatIsCompiledHere() throws IOException {
        String program = Files.readString(SOURCE, StandardCharsets.UTF_8);
        String shown = program.substring(program.indexOf("import ")).strip();
        assertThat(Files.readString(Path.of("../README.md"), StandardCharsets.UTF_8))
                .contains("```java\n" + shown + "\n```");
        assertThat(shown.lines().count()).isLessThanOrEqualTo(40);
    }

    @Test
    void itTrainsAndPlainDl4jReadsTheModelBackWithEqualOutputs(@TempDir Path folder)
            throws Exception {
        File file = folder.resolve("model.zip").toFile();
        FiveMinuteTour.main(new String[] {file.toString()});

        LabeledExamples test = DatasetCatalog.load("mnist-sample", null).test();
        MultiLayerNetwork once = MultiLayerNetwork.load(file, true);
        MultiLayerNetwork again = MultiLayerNetwork.load(file, true);
        INDArray features = test.iterator(100).next().getFeatures();
        assertThat(once.output(features)).isEqualTo(again.output(features));
        assertThat(once.evaluate(test.iterator(1_000)).accuracy()).isGreaterThan(0.92);
    }
}
