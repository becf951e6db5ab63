package org.dl4jplasticity.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.experiments.Plasticity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine;

/** Models of Keras 2: four inputs, five units with ReLU, three classes. */
class KerasModelTest {
    @TempDir Path folder;

    private final StringWriter errors = new StringWriter();

    private static Path file(String name) throws URISyntaxException {
        return Path.of(KerasModelTest.class.getResource(name).toURI());
    }

    @ParameterizedTest
    @ValueSource(strings = {"keras-sequential.h5", "keras-functional.h5"})
    void aModelPutsOutWhatItDidInKeras(String name) throws Exception {
        Network network = Network.load(file(name));
        assertThat(network.model())
                .isInstanceOf(
                        name.contains("sequential")
                                ? MultiLayerNetwork.class
                                : ComputationGraph.class);
        INDArray output = network.output(Nd4j.create(new float[][] {{1, -1, 0.5f, 0}}));
        // Kernels count up by eighths, biases by quarters; worked out by matrix products.
        assertThat(output.getDouble(0, 0)).isCloseTo(0.22085549, within(1e-5));
        assertThat(output.getDouble(0, 1)).isCloseTo(0.31884214, within(1e-5));
        assertThat(output.getDouble(0, 2)).isCloseTo(0.46030237, within(1e-5));
    }

    private int train(Path model) throws IOException {
        StringBuilder table = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            table.append("%d,%d,%d,%d,%d%n".formatted(i % 3, i % 5, i % 2, i % 7, i % 3));
        }
        Path data = Files.writeString(folder.resolve("table.csv"), table);
        CommandLine commandLine = Plasticity.commandLine();
        commandLine.setErr(new PrintWriter(errors));
        return commandLine.execute(
                "train",
                "--model=" + model,
                "--dataset=csv:" + data,
                "--epochs=1",
                "--sparsity=0.4",
                "--method=set",
                "--out=" + folder.resolve("out"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"keras-sequential.h5", "keras-functional.h5"})
    void aModelIsTrainedSparse(String name) throws Exception {
        assertThat(train(file(name))).as(errors.toString()).isZero();
        assertThat(Network.load(folder.resolve("out/model.zip")).activeWeights()).isLessThan(35);
    }

    @Test
    void aModelWithoutLossIsRefused() throws Exception {
        assertThat(train(file("keras-without-loss.h5"))).isEqualTo(2);
        assertThat(errors.toString())
                .contains("was saved without a loss; call model.compile before model.save")
                .doesNotContain("\tat ");
    }

    @Test
    void otherFormatsAreRefused() throws IOException {
        assertThat(train(Files.writeString(folder.resolve("a.keras"), "x"))).isEqualTo(2);
        assertThat(errors.toString()).contains("the format of Keras 3, which DL4J can't read");
        assertThat(train(Files.writeString(folder.resolve("a.h5"), "x"))).isEqualTo(2);
        assertThat(errors.toString()).contains("a.h5 is no HDF5 file").doesNotContain("\tat ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GivenModel(folder.resolve("a.h5")).load())
                .withMessageStartingWith("MODEL: ")
                .withMessageContaining("is no HDF5 file");
    }
}
