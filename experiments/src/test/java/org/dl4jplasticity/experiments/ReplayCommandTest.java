package org.dl4jplasticity.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ReplayCommandTest {
    @TempDir private static Path run;
    @TempDir private Path folder;

    private final StringWriter errors = new StringWriter();

    @BeforeAll
    static void train() {
        assertThat(
                        Plasticity.commandLine()
                                .execute(
                                        "train",
                                        "--model",
                                        "mlp:30-20",
                                        "--epochs",
                                        "2",
                                        "--out",
                                        run.toString()))
                .isZero();
    }

    private int replay(String... arguments) {
        CommandLine line = Plasticity.commandLine().setErr(new PrintWriter(errors, true));
        String[] all = new String[arguments.length + 1];
        all[0] = "replay";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return line.execute(all);
    }

    private Path copy() throws IOException {
        for (String file : List.of("initial.zip", "model.zip", "journal.jsonl", "report.json")) {
            Files.copy(run.resolve(file), folder.resolve(file));
        }
        return folder;
    }

    @Test
    void confirmsARun() {
        assertThat(replay(run.toString())).isZero();
    }

    @Test
    void namesTheLineOfAFlippedByte() throws IOException {
        Path journal = copy().resolve("journal.jsonl");
        byte[] bytes = Files.readAllBytes(journal);
        int secondLine = new String(bytes, StandardCharsets.US_ASCII).indexOf('\n') + 1;
        bytes[secondLine + 100] ^= 1;
        Files.write(journal, bytes);
        assertThat(replay(folder.toString())).isEqualTo(2);
        assertThat(errors.toString()).contains("line 2").doesNotContain("\tat ");
    }

    @Test
    void toleratesACutLastLineButNotAModelItDoesNotLeadTo() throws IOException {
        Path journal = copy().resolve("journal.jsonl");
        byte[] bytes = Files.readAllBytes(journal);
        Files.write(journal, java.util.Arrays.copyOf(bytes, bytes.length - 10));
        assertThat(replay(folder.toString())).isEqualTo(2);
        assertThat(errors.toString()).contains("does not lead to the topologies");
        assertThat(replay(folder.toString(), "--at", "10000")).isZero();
    }

    @Test
    void writesTheTopologiesOfAnyPoint() throws IOException {
        Path out = folder.resolve("topologies.json");
        assertThat(replay(run.toString(), "--at", "0", "--out", out.toString())).isZero();
        JsonNode first = new ObjectMapper().readTree(out.toFile());
        var initial = Network.load(run.resolve("initial.zip")).topologies();
        assertThat(first).hasSize(initial.size());
        initial.forEach(
                (id, topology) ->
                        assertThat(SparseTopology.parse(first.get(id).textValue()))
                                .isEqualTo(topology));
    }

    @Test
    void refusesAFolderWithoutARun() {
        assertThat(replay(folder.toString())).isEqualTo(2);
        assertThat(errors.toString()).contains("is not the folder of a run");
    }
}
