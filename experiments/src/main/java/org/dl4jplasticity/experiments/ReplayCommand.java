package org.dl4jplasticity.experiments;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.experiments.run.RunFolder;
import org.dl4jplasticity.experiments.train.TrainReport;
import org.dl4jplasticity.journal.Replay;
import org.dl4jplasticity.journal.Replay.Outcome;
import org.dl4jplasticity.surgery.UnitReplay;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code plasticity replay}. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description =
                "Rebuilds the topologies of a run from its first model and its journal, and confirms"
                        + " every digest.")
final class ReplayCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "RUN_DIR",
            description = "The folder of a run: initial.zip, journal.jsonl, model.zip.")
    private Path run;

    @Option(
            names = "--at",
            paramLabel = "ITERATION",
            description =
                    "Stop after the mutations of this iteration; the journal's end by default.")
    private Integer iteration;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Write the topologies there, as JSON: by weights, in their text form.")
    private Path out;

    @Override
    public Integer call() {
        Path journal = require("journal.jsonl");
        Network network = load("initial.zip");
        Outcome outcome = replay(network, journal);
        outcome.truncated().ifPresent(sentence -> System.out.println("note: " + sentence));
        outcome.topologies()
                .forEach((weights, topology) -> System.out.println(weights + "  " + topology));
        System.out.printf(
                "%,d mutations confirmed, %,d topologies%n",
                outcome.mutations(), outcome.topologies().size());
        if (iteration == null) {
            compareWithModel(outcome, network);
        }
        if (out != null) {
            write(outcome);
        }
        return CommandLine.ExitCode.OK;
    }

    private Outcome replay(Network first, Path journal) {
        Replay replay = Replay.of(first.topologies(), new UnitReplay(first.model()));
        try {
            return iteration == null ? replay.toEnd(journal) : replay.until(iteration, journal);
        } catch (IOException e) {
            throw new UncheckedIOException("can't read %s: %s".formatted(journal, e), e);
        }
    }

    /** A finished run's model is what the journal leads to. */
    private void compareWithModel(Outcome outcome, Network replayed) {
        if (!Files.exists(run.resolve("report.json"))) {
            System.out.println(
                    "the run is not finished, so there is no last model to compare with");
            return;
        }
        Network last = load("model.zip");
        if (!last.topologies().equals(outcome.topologies())) {
            throw new IllegalArgumentException(
                    "the journal does not lead to the topologies of %s"
                            .formatted(run.resolve("model.zip")));
        }
        if (!shapes(last).equals(shapes(replayed))) {
            throw new IllegalArgumentException(
                    "the journal does not lead to the widths of %s: expected %s, got %s"
                            .formatted(run.resolve("model.zip"), shapes(last), shapes(replayed)));
        }
        System.out.println("they and the shapes of all weights are those of model.zip");
    }

    private static List<List<Long>> shapes(Network network) {
        return network.weights().stream().map(Network.LayerWeights::shape).toList();
    }

    private void write(Outcome outcome) {
        Map<String, String> texts = new TreeMap<>();
        outcome.topologies().forEach((weights, topology) -> texts.put(weights, topology.toText()));
        Path target = out.toAbsolutePath();
        new RunFolder(target.getParent())
                .write(target.getFileName().toString(), TrainReport.json(texts));
    }

    private Network load(String name) {
        Path file = require(name);
        try {
            return Network.load(file);
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "%s is not a DL4J model: %s".formatted(file, e.getMessage()), e);
        }
    }

    private Path require(String name) {
        Path file = run.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(
                    "%s is not the folder of a run: it has no %s".formatted(run, name));
        }
        return file;
    }
}
