package org.dl4jplasticity.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.solvers.BaseOptimizer;
import org.dl4jplasticity.journal.MutationJournal;
import org.dl4jplasticity.journal.Position;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.databind.node.JsonNodeFactory;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** A checkpoint to be written: {@link Checkpoint#of} begins one. */
public final class CheckpointDraft {
    private final Model network;
    private final Moment moment;
    private final List<ResumableTraining> trainings = new ArrayList<>();
    private DataOrder dataOrder;
    private MutationJournal journal;
    private ObjectNode extras = JsonNodeFactory.instance.objectNode();

    CheckpointDraft(Model network, Moment moment) {
        if (PlasticNetwork.of(network).parameters() == null) {
            throw new IllegalArgumentException(
                    "a checkpoint needs an initialized network with parameters, got none");
        }
        if (moment == Moment.ITERATION_DONE && carriesStateBetweenIterations(network)) {
            throw new IllegalArgumentException(
                    "truncated backpropagation through time carries activations from one iteration"
                            + " to the next, which no checkpoint holds: take checkpoints at the"
                            + " ends of epochs");
        }
        this.network = network;
        this.moment = moment;
    }

    static boolean carriesStateBetweenIterations(Model model) {
        return PlasticNetwork.of(model).isTruncated();
    }

    /**
     * {@return this draft with the state of trainings}
     *
     * @param trainings those that serve the network, in the order in which they will be resumed
     */
    public CheckpointDraft training(ResumableTraining... trainings) {
        this.trainings.addAll(List.of(trainings));
        return this;
    }

    /**
     * {@return this draft with the place in the data where the run goes on}
     *
     * @param dataOrder the place
     */
    public CheckpointDraft at(DataOrder dataOrder) {
        this.dataOrder = dataOrder;
        return this;
    }

    /**
     * {@return this draft with the position of a journal} The journal is forced to the storage
     * before the checkpoint is written.
     *
     * @param journal what the trainings write to
     */
    public CheckpointDraft journal(MutationJournal journal) {
        this.journal = journal;
        return this;
    }

    /**
     * {@return this draft with whatever else is to be found again} JSON has no number for NaN and
     * the infinities: they come back as texts.
     *
     * @param extras any object, such as a run's settings and its curves so far; copied
     */
    public CheckpointDraft extras(ObjectNode extras) {
        this.extras = extras.deepCopy();
        return this;
    }

    /**
     * Writes the checkpoint. Parameters and counts of the network change for the moment of writing
     * and are put back.
     *
     * @param file to be replaced if it exists; when this returns it is on the storage
     * @throws IOException if it can't be written; the file is as it was, and so is the network
     * @throws IllegalStateException if a training can't be saved at this moment
     */
    public void write(Path file) throws IOException {
        CheckpointDocument document = document();
        if (moment == Moment.AT_REST) {
            write(file, document);
        } else if (moment == Moment.EPOCH_END) {
            incrementEpochs(1);
            try {
                write(file, document);
            } finally {
                incrementEpochs(-1);
            }
        } else {
            INDArray parameters = PlasticNetwork.of(network).parameters();
            INDArray before = parameters.dup();
            BaseOptimizer.incrementIterationCount(network, 1);
            try {
                BaseOptimizer.applyConstraints(network);
                write(file, document);
            } finally {
                BaseOptimizer.incrementIterationCount(network, -1);
                parameters.assign(before);
            }
        }
    }

    private CheckpointDocument document() throws IOException {
        List<CheckpointDocument.TrainingEntry> states = new ArrayList<>();
        for (ResumableTraining training : trainings) {
            states.add(
                    new CheckpointDocument.TrainingEntry(
                            training.getClass().getName(), training.method(), training.save()));
        }
        Position position = null;
        if (journal != null) {
            journal.force();
            position = journal.position();
        }
        PlasticNetwork plastic = PlasticNetwork.of(network);
        return new CheckpointDocument(
                projectVersion(),
                network.getClass().getSimpleName(),
                plastic.iteration() + (moment == Moment.ITERATION_DONE ? 1 : 0),
                plastic.epoch() + (moment == Moment.EPOCH_END ? 1 : 0),
                Map.of(),
                Architecture.of(network),
                CheckpointDocument.digests(plastic),
                states,
                RandomState.now(),
                Surroundings.now(),
                dataOrder,
                position,
                extras);
    }

    private static String projectVersion() {
        String version = CheckpointDraft.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }

    private void write(Path file, CheckpointDocument document) throws IOException {
        try {
            AtomicFile.write(
                    file,
                    out ->
                            CheckpointFile.write(
                                    network,
                                    digests -> document.withEntries(digests).toJson(),
                                    out));
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void incrementEpochs(int by) {
        if (network instanceof MultiLayerNetwork sequential) {
            var conf = sequential.getLayerWiseConfigurations();
            conf.setEpochCount(conf.getEpochCount() + by);
        } else {
            var conf = ((ComputationGraph) network).getConfiguration();
            conf.setEpochCount(conf.getEpochCount() + by);
        }
    }
}
