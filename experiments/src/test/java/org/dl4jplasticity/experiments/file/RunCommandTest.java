package org.dl4jplasticity.experiments.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dl4jplasticity.experiments.Plasticity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class RunCommandTest {
    @TempDir Path folder;

    private final StringWriter errors = new StringWriter();

    private int run(String yaml) throws IOException {
        return run(Files.writeString(folder.resolve("experiment.yaml"), yaml));
    }

    private int run(Path file) {
        CommandLine commandLine = Plasticity.commandLine();
        commandLine.setErr(new PrintWriter(errors));
        return commandLine.execute("run", file.toString());
    }

    private List<String> arguments(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("a.yaml"), yaml);
        return ExperimentFile.read(file).commandLine(Plasticity.commandLine());
    }

    @Test
    void aFileIsACommandLine() throws IOException {
        assertThat(
                        arguments(
                                """
                                command: sweep
                                methods: [rigl, set]     # one option, several values
                                sparsities:
                                  - 0.9
                                  - 1e-5
                                seeds: 1,2
                                resume: true
                                epochs: 20
                                """))
                .containsExactly(
                        "sweep",
                        "--methods=rigl",
                        "--methods=set",
                        "--sparsities=0.9",
                        "--sparsities=1e-5",
                        "--seeds=1,2",
                        "--resume",
                        "--epochs=20");
    }

    @Test
    void textStaysAsItIsWrittenAndParametersHaveNames() throws IOException {
        assertThat(
                        arguments(
                                """
                                command: prune
                                granularity: 2:4
                                model: runs/a b/model.zip
                                global: false
                                only: "*"
                                """))
                .containsExactly(
                        "prune", "--granularity=2:4", "--only=*", "--", "runs/a b/model.zip");
        assertThat(arguments("command: fetch\ndataset: [mnist, cifar10]\n"))
                .containsExactly("fetch", "--", "mnist", "cifar10");
    }

    @Test
    void aFileTrainsWhatTheCommandLineTrains() throws IOException {
        Path mine = folder.resolve("mine");
        Path other = folder.resolve("other");
        assertThat(
                        run(
                                "command: train\nmodel: mlp:20\nmethod: set\nepochs: 1\nout: '%s'\n"
                                        .formatted(mine)))
                .as(errors.toString())
                .isZero();
        assertThat(
                        Plasticity.commandLine()
                                .execute(
                                        "train",
                                        "--model=mlp:20",
                                        "--method=set",
                                        "--epochs=1",
                                        "--out=" + other))
                .isZero();
        assertThat(mine.resolve("updates.csv"))
                .hasSameTextualContentAs(other.resolve("updates.csv"));
        assertThat(mine.resolve("journal.jsonl"))
                .hasSameTextualContentAs(other.resolve("journal.jsonl"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    command: train;epoch: 3|line 2: train has no 'epoch'; it has batch, checkpoint-every
                    command: train;epochs: many|Invalid value for option '--epochs': 'many' is not an int
                    command: train;epochs: 0|--epochs must be at least 1, got 0
                    command: train;epochs: [1, 2]|line 2: 'epochs' takes one value, got 2
                    command: train;epochs: 1;epochs: 2|line 3: 'epochs' is there twice
                    command: train;epochs:|line 2: expected a value or a list of values for 'epochs', got nothing
                    command: train;epochs: []|line 2: expected a value or a list of values for 'epochs', got an empty list
                    command: train;epochs: {a: 1}|line 2: expected a value or a list of values for 'epochs', got a list or keys
                    command: train;resume: perhaps|line 2: 'resume' must be true or false, got perhaps
                    command: train;help: true|line 2: train has no 'help'
                    command: prune;target: 0.9|Missing required parameter: 'MODEL'
                    command: fly|search, sweep, train, got fly
                    command: run;file: experiment.yaml|command must be one of
                    epochs: 3|expected the key 'command'
                    - train|expected keys with values
                    command: [train|line 1: not YAML
                    """)
    void whatIsWrongIsToldInOneSentence(String yaml, String sentence) throws IOException {
        assertThat(run(yaml.replace(";", "\n"))).isEqualTo(2);
        assertThat(errors.toString())
                .contains(sentence)
                .startsWith("plasticity: ")
                .doesNotContain("\tat ", "Usage");
        assertThat(errors.toString().strip().lines()).hasSize(1);
    }

    @Test
    void anEmptyFileAndNoFileAreWrongUse() throws IOException {
        assertThat(run("")).isEqualTo(2);
        assertThat(errors.toString()).contains("expected keys with values", "got nothing");
        assertThat(run(folder.resolve("nowhere.yaml"))).isEqualTo(2);
        assertThat(errors.toString()).contains("FILE: there is no file");
        Files.write(folder.resolve("bytes.yaml"), new byte[] {(byte) 0xC3, 0x28});
        assertThat(run(folder.resolve("bytes.yaml"))).isEqualTo(2);
        assertThat(errors.toString()).contains("not YAML in UTF-8");
    }
}
