package org.dl4jplasticity.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class CommandLineTest {
    @TempDir Path folder;

    private final StringWriter errors = new StringWriter();

    private int run(String... arguments) {
        CommandLine commandLine = Plasticity.commandLine();
        commandLine.setErr(new PrintWriter(errors));
        return commandLine.execute(arguments);
    }

    private int train(String... options) {
        List<String> arguments = new ArrayList<>(List.of("train", "--out", out().toString()));
        arguments.addAll(Arrays.asList(options));
        return run(arguments.toArray(new String[0]));
    }

    private Path out() {
        return folder.resolve("out");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --sparsity|1.0|--sparsity must be in [0, 1), got 1.0
                    --sparsity|-0.1|--sparsity must be in [0, 1), got -0.1
                    --epochs|0|--epochs must be at least 1, got 0
                    --batch|0|--batch must be at least 1, got 0
                    --learning-rate|0|--learning-rate must be greater than 0, got 0.0
                    --momentum|1|--momentum must be in [0, 1), got 1.0
                    --weight-decay|-1|--weight-decay must be at least 0, got -1.0
                    --validation|1|--validation must be in [0, 1), got 1.0
                    --model|mlp:10-x|got 'mlp:10-x'
                    --model|mlp:0|got 'mlp:0'
                    --model|resnet|got 'resnet'
                    --model|nowhere.zip|there is no file nowhere.zip
                    --dataset|imagenet|imagenet
                    --dataset|csv:nowhere.csv|nowhere.csv
                    --method|magic|magic
                    --mode|magic|magic
                    --distribution|magic|magic
                    --seed|x|'--seed'
                    --magic|1|--magic
                    """)
    void badInputIsOneSentenceAndExitCode2(String option, String value, String sentence) {
        assertThat(train(option, value)).isEqualTo(2);
        assertThat(errors.toString()).contains(sentence).doesNotContain("\tat ");
        assertThat(out()).doesNotExist();
    }

    @Test
    void aDistributionThatWouldEmptyALayerIsRefused() {
        assertThat(train("--model", "mlp:2-1000", "--sparsity", "0.9999")).isEqualTo(2);
        assertThat(errors.toString()).contains("got 0");
        assertThat(out()).doesNotExist();
    }

    @Test
    void aModelThatPoolsMoreThanTheImagesHaveIsRefused() {
        assertThat(train("--model", "vgg-11")).isEqualTo(2);
        assertThat(errors.toString())
                .contains("--model vgg-11 needs images of at least 32 x 32, got 1x28x28");
        assertThat(out()).doesNotExist();
    }

    @Test
    void anUnknownCommandAndNoCommandAreWrongUse() {
        assertThat(run("fly")).isEqualTo(2);
        assertThat(run()).isEqualTo(2);
    }

    @Test
    void helpIsEverywhere() {
        for (String command : List.of("train", "sweep", "grow", "bench", "fetch")) {
            assertThat(run(command, "--help")).isZero();
        }
        assertThat(run("--help")).isZero();
        assertThat(run("--version")).isZero();
    }

    @Test
    void aDivergingRunStopsWithItsIterationAndExitCode1() throws IOException {
        assertThat(
                        train(
                                "--model",
                                "mlp:50",
                                "--learning-rate",
                                "1e30",
                                "--method",
                                "static",
                                "--epochs",
                                "2"))
                .isEqualTo(1);
        assertThat(errors.toString())
                .contains("training stopped at iteration", "(epoch 1)", "no epoch was completed")
                .doesNotContain("\tat ");
        assertThat(out().resolve("model.zip")).doesNotExist();
        assertThat(out().resolve("report.json")).doesNotExist();
    }

    @Test
    void aCheckpointOfOtherSettingsIsRefused() {
        assertThat(train("--model", "mlp:20", "--epochs", "1")).isZero();
        assertThat(train("--model", "mlp:20", "--epochs", "1", "--seed", "2", "--resume"))
                .isEqualTo(2);
        assertThat(errors.toString())
                .contains("the checkpoint is of other settings: seed is 1 there and 2 here")
                .doesNotContain("\tat ");
    }

    @Test
    void aFileThatIsNoModelIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("a.json"), "{\"no\": \"model\"}");
        assertThat(train("--model", file.toString())).isEqualTo(2);
        assertThat(errors.toString()).contains("is not a DL4J configuration");
        Path zip = Files.writeString(folder.resolve("a.zip"), "not a zip");
        assertThat(train("--model", zip.toString())).isEqualTo(2);
        assertThat(errors.toString()).contains("is not a DL4J model");
        assertThat(out()).doesNotExist();
    }

    /** As those are that Keras saved, whose convolutions take no rows of numbers. */
    @Test
    void aModelThatTakesOtherExamplesIsRefused() throws IOException {
        MultiLayerConfiguration images =
                new NeuralNetConfiguration.Builder()
                        .list(
                                new ConvolutionLayer.Builder(3, 3).nIn(1).nOut(2).build(),
                                new GlobalPoolingLayer(),
                                new OutputLayer.Builder().nIn(2).nOut(10).build())
                        .build();
        Path file = Files.writeString(folder.resolve("images.json"), images.toJson());
        assertThat(train("--model", file.toString())).isEqualTo(2);
        assertThat(errors.toString())
                .contains(
                        "--model: "
                                + file
                                + " can't take the examples of mnist-sample, 784 values each: ")
                .doesNotContain("\tat ");
        assertThat(out()).doesNotExist();
    }

    @Test
    void benchRefusesDensitiesAndWidthsOutOfRange() {
        assertThat(run("bench", "--densities", "0.1,1.5")).isEqualTo(2);
        assertThat(errors.toString()).contains("--densities must each be in (0, 1], got 1.5");
        assertThat(run("bench", "--widths", "784")).isEqualTo(2);
        assertThat(run("bench", "--widths", "784-a")).isEqualTo(2);
        assertThat(run("bench", "--steps", "0")).isEqualTo(2);
        assertThat(run("bench", "--convolution", "64")).isEqualTo(2);
        assertThat(run("bench", "--model", "resnet")).isEqualTo(2);
    }
}
