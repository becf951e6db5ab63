package org.dl4jplasticity.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jplasticity.checkpoint.CheckpointDocument.TrainingEntry;
import org.dl4jplasticity.journal.Position;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * A run at one moment, in a file. It is DL4J's own format with one entry more: plain DL4J loads it
 * as a model, this class as a run that goes on bit for bit.
 *
 * <pre>{@code
 * Checkpoint.of(network, Moment.AT_REST).training(rigl).at(new DataOrder(3, 0)).write(file);
 *
 * Checkpoint checkpoint = Checkpoint.read(file);
 * DynamicSparseTraining rigl = ...;            // built as before
 * checkpoint.resume(rigl);
 * MultiLayerNetwork network = (MultiLayerNetwork) checkpoint.network();
 * network.addListeners(rigl);
 * iterator.moveTo(...);                        // to checkpoint.dataOrder()
 * checkpoint.restoreRandomState();             // last, in the thread that trains
 * network.fit(RemainingBatches.of(iterator));  // the rest of that epoch, then on as ever
 * }</pre>
 *
 * <p>The file is replaced in one step when the new one is on the storage, so there is always a
 * whole one. Reading confirms it: each entry's SHA-256, each topology's digest.
 *
 * <p>A network trained by truncated backpropagation through time can be saved at the ends of epochs
 * only. The random state is that of the thread that calls, for ND4J has one per thread.
 */
public final class Checkpoint {
    private final Path file;
    private final CheckpointDocument document;
    private final Model network;

    private Checkpoint(Path file, CheckpointDocument document, Model network) {
        this.file = file;
        this.document = document;
        this.network = network;
    }

    /**
     * {@return a checkpoint to be written}
     *
     * @param network an initialized {@code MultiLayerNetwork} or {@code ComputationGraph}
     * @param moment when it is taken
     * @throws IllegalArgumentException if the network is anything else, or carries state from one
     *     iteration to the next and the moment is between them
     */
    public static CheckpointDraft of(Model network, Moment moment) {
        return new CheckpointDraft(network, moment);
    }

    /**
     * {@return the checkpoint in a file} ND4J's random state stays as it is.
     *
     * @param file the file
     * @throws CheckpointException if it is a model only, damaged, or of a newer format, or if the
     *     network isn't the one that was saved
     * @throws IOException if it can't be read
     */
    public static Checkpoint read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            CheckpointDocument document = document(file, CheckpointFile.read(file, channel));
            Model network = CheckpointFile.readNetwork(file, channel, document.networkClass());
            Checkpoint checkpoint = new Checkpoint(file, document, network);
            checkpoint.requireSavedNetwork();
            return checkpoint;
        }
    }

    private static CheckpointDocument document(Path file, CheckpointFile.Contents contents) {
        if (contents.document() == null) {
            boolean model = contents.digests().containsKey(ModelSerializer.CONFIGURATION_JSON);
            throw new CheckpointException(
                    model
                            ? ("%s is a model only, not a checkpoint: it has no entry %s with the"
                                            + " state of a training to go on with")
                                    .formatted(file, CheckpointFile.ENTRY)
                            : "%s is no checkpoint: expected a zip file with an entry %s, got %s"
                                    .formatted(
                                            file,
                                            CheckpointFile.ENTRY,
                                            contents.digests().isEmpty()
                                                    ? "no zip file"
                                                    : contents.digests().keySet()));
        }
        CheckpointDocument document;
        try {
            document = CheckpointDocument.parse(contents.document());
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new CheckpointException(
                    "%s: this checkpoint can't be read: %s".formatted(file, e.getMessage()), e);
        }
        document.entries()
                .forEach(
                        (name, expected) -> {
                            String got = contents.digests().get(name);
                            if (!expected.equals(got)) {
                                throw new CheckpointException(
                                        "%s: the entry %s is %s"
                                                .formatted(
                                                        file,
                                                        name,
                                                        got == null
                                                                ? "missing"
                                                                : "not the one that was saved with"
                                                                        + " this checkpoint"));
                            }
                        });
        return document;
    }

    /** The network that DL4J made of the file must be the one that was saved. */
    private void requireSavedNetwork() {
        requireArchitecture(network);
        Map<String, String> got = CheckpointDocument.digests(PlasticNetwork.of(network));
        Map<String, String> all = new TreeMap<>(document.topologies());
        all.putAll(got);
        for (String id : all.keySet()) {
            String expected = document.topologies().get(id);
            if (!Objects.equals(expected, got.get(id))) {
                throw new CheckpointException(
                        "%s: weights %s: expected %s, got %s"
                                .formatted(file, id, told(expected), told(got.get(id))));
            }
        }
        PlasticNetwork plastic = PlasticNetwork.of(network);
        if (plastic.iteration() != document.iteration() || plastic.epoch() != document.epoch()) {
            throw new CheckpointException(
                    "%s: expected a network after %d iterations and %d epochs, got %d and %d"
                            .formatted(
                                    file,
                                    document.iteration(),
                                    document.epoch(),
                                    plastic.iteration(),
                                    plastic.epoch()));
        }
    }

    private static String told(String digest) {
        return digest == null ? "no mask or topology" : "the topology " + digest;
    }

    /** {@return the network, without listeners, always the same one} */
    public Model network() {
        return network;
    }

    /**
     * Refuses to go on where another network is expected. Layers, their types and the shapes of
     * their parameters are compared, not topologies.
     *
     * @param expected a network as a new run would have it
     * @throws CheckpointException if the checkpoint's network is made otherwise
     */
    public void requireArchitectureOf(Model expected) {
        requireSame(Architecture.of(expected), document.architecture(), "the run needs another");
    }

    private void requireArchitecture(Model got) {
        requireSame(document.architecture(), Architecture.of(got), "it was saved with another");
    }

    private void requireSame(Architecture expected, Architecture got, String what) {
        Optional<String> difference = expected.difference(got);
        if (difference.isPresent()) {
            throw new CheckpointException(
                    "%s: %s architecture, %s".formatted(file, what, difference.get()));
        }
    }

    /**
     * Restores the state of trainings, for the network of this checkpoint. They still have to be
     * added to its listeners.
     *
     * @param trainings as many as were saved, in the same order, built with the same settings
     * @throws CheckpointException if the checkpoint is of others; nothing has changed then
     */
    public void resume(ResumableTraining... trainings) {
        List<TrainingEntry> saved = document.trainings();
        if (saved.size() != trainings.length) {
            throw new CheckpointException(
                    "%s: the checkpoint holds the state of %d trainings %s, got %d to resume"
                            .formatted(
                                    file,
                                    saved.size(),
                                    saved.stream().map(TrainingEntry::type).toList(),
                                    trainings.length));
        }
        for (int i = 0; i < trainings.length; i++) {
            requireSame(saved.get(i), trainings[i]);
        }
        for (int i = 0; i < trainings.length; i++) {
            try {
                trainings[i].restore(network, saved.get(i).state().deepCopy());
            } catch (IllegalArgumentException e) {
                throw new CheckpointException("%s: %s".formatted(file, e.getMessage()), e);
            }
        }
    }

    private void requireSame(TrainingEntry saved, ResumableTraining training) {
        if (!saved.type().equals(training.getClass().getName())) {
            throw new CheckpointException(
                    "%s: the checkpoint holds the state of a %s, got a %s to resume"
                            .formatted(file, saved.type(), training.getClass().getName()));
        }
        if (!saved.method().equals(training.method())) {
            throw new CheckpointException(
                    "%s: the checkpoint is of another method: %s"
                            .formatted(file, difference(saved.method(), training.method())));
        }
    }

    private static String difference(String saved, String got) {
        List<String> theirs = List.of(saved.split("; ", -1));
        List<String> ours = List.of(got.split("; ", -1));
        if (theirs.size() != ours.size()) {
            return "expected '%s', got '%s'".formatted(saved, got);
        }
        List<String> expected = new ArrayList<>(theirs);
        List<String> different = new ArrayList<>(ours);
        for (int i = theirs.size() - 1; i >= 0; i--) {
            if (theirs.get(i).equals(ours.get(i))) {
                expected.remove(i);
                different.remove(i);
            }
        }
        return "expected '%s', got '%s'"
                .formatted(String.join("; ", expected), String.join("; ", different));
    }

    /** {@return the methods of the trainings that were saved, with all their settings} */
    public List<String> methods() {
        return document.trainings().stream().map(TrainingEntry::method).toList();
    }

    /**
     * Gives the calling thread's generator of ND4J the state it had. To be called last before
     * training goes on, in the thread that trains: making a network seeds the generator anew.
     */
    public void restoreRandomState() {
        document.random().restore();
    }

    /** {@return where the run was in its data, if it told} */
    public Optional<DataOrder> dataOrder() {
        return Optional.ofNullable(document.dataOrder());
    }

    /** {@return where the journal goes on, if the run wrote one} */
    public Optional<Position> journalPosition() {
        return Optional.ofNullable(document.journal());
    }

    /** {@return what else the run wrote, a copy; empty if it wrote nothing} */
    public ObjectNode extras() {
        return document.extras().deepCopy();
    }

    /** {@return the version of this project that wrote the checkpoint; "unknown" outside a jar} */
    public String projectVersion() {
        return document.project();
    }

    /**
     * {@return sentences on what may keep the run from going on bit for bit: another number of
     * threads, another backend; none if nothing does}
     */
    public List<String> warnings() {
        return warnings(document.environment(), Surroundings.now());
    }

    static List<String> warnings(Map<String, String> saved, Map<String, String> now) {
        List<String> differences = new ArrayList<>();
        for (String what : now.keySet()) {
            String then = saved.getOrDefault(what, "");
            if (!then.equals(now.get(what))) {
                differences.add("%s was '%s' and is '%s'".formatted(what, then, now.get(what)));
            }
        }
        return differences.isEmpty()
                ? List.of()
                : List.of(
                        "%s: bitwise equality with the uninterrupted run is not promised"
                                .formatted(String.join(", ", differences)));
    }
}
