package org.dl4jplasticity.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.dl4jplasticity.journal.MutationJournal;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * Writes a {@link Checkpoint} every so often while a network trains, always to the same file.
 *
 * <pre>{@code
 * network.addListeners(rigl, CheckpointWriter.to(file).every(500).eachEpoch());
 * }</pre>
 *
 * <p>It comes last in the network's list of listeners, and saves the state of every {@link
 * ResumableTraining} before it. Batches are counted as {@code fit} trains on them; a run that goes
 * on from a checkpoint in the middle of an epoch says so with {@link #startingAt}. One instance
 * serves one network.
 */
public final class CheckpointWriter extends BaseTrainingListener {
    private final Path file;
    private int every;
    private boolean eachEpoch;
    private BooleanSupplier asked = () -> false;
    private MutationJournal journal;
    private Supplier<ObjectNode> extras;

    private Model served;
    private final List<ResumableTraining> trainings = new ArrayList<>();

    /** Batches done in the current epoch. */
    private long batches;

    /** Whether the next epoch to begin is one that another run began. */
    private boolean goingOn;

    private CheckpointWriter(Path file) {
        this.file = file;
    }

    /**
     * {@return a writer that never writes yet}
     *
     * @param file what to write, replaced each time
     */
    public static CheckpointWriter to(Path file) {
        return new CheckpointWriter(file);
    }

    /**
     * {@return this writer, writing after every so many iterations of the network}
     *
     * @param iterations at least 1
     * @throws IllegalArgumentException if it is less
     */
    public CheckpointWriter every(int iterations) {
        if (iterations < 1) {
            throw new IllegalArgumentException(
                    "checkpoints must be at least 1 iteration apart, got " + iterations);
        }
        every = iterations;
        return this;
    }

    /** {@return this writer, writing at the end of each epoch} */
    public CheckpointWriter eachEpoch() {
        eachEpoch = true;
        return this;
    }

    /**
     * {@return this writer, writing after every iteration at whose end it is asked to as well} Of a
     * network that carries state from one iteration to the next it writes nothing then.
     *
     * @param asked whether a checkpoint is wanted now, such as before a process ends
     */
    public CheckpointWriter whenever(BooleanSupplier asked) {
        this.asked = asked;
        return this;
    }

    /**
     * {@return this writer with a journal whose position goes into each checkpoint}
     *
     * @param journal what the trainings write to
     */
    public CheckpointWriter journal(MutationJournal journal) {
        this.journal = journal;
        return this;
    }

    /**
     * {@return this writer with whatever else is to be found again}
     *
     * @param extras asked at each checkpoint
     */
    public CheckpointWriter extras(Supplier<ObjectNode> extras) {
        this.extras = extras;
        return this;
    }

    /**
     * {@return this writer, counting on from a place in the data}
     *
     * @param order where the run goes on: {@link Checkpoint#dataOrder}
     */
    public CheckpointWriter startingAt(DataOrder order) {
        batches = order.batches();
        goingOn = true;
        return this;
    }

    @Override
    public void onEpochStart(Model model) {
        if (!goingOn) {
            batches = 0;
        }
        goingOn = false;
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        serve(model);
        batches++;
        boolean isAsked =
                asked.getAsBoolean() && !CheckpointDraft.carriesStateBetweenIterations(model);
        if (isAsked || (every > 0 && (iteration + 1) % every == 0)) {
            write(Moment.ITERATION_DONE, new DataOrder(epoch, batches));
        }
    }

    @Override
    public void onEpochEnd(Model model) {
        serve(model);
        batches = 0;
        goingOn = false;
        if (eachEpoch) {
            int epoch =
                    model instanceof MultiLayerNetwork network
                            ? network.getEpochCount()
                            : ((ComputationGraph) model).getEpochCount();
            write(Moment.EPOCH_END, new DataOrder(epoch + 1, 0));
        }
    }

    private void write(Moment moment, DataOrder order) {
        CheckpointDraft draft =
                Checkpoint.of(served, moment)
                        .training(trainings.toArray(new ResumableTraining[0]))
                        .at(order)
                        .journal(journal);
        if (extras != null) {
            draft.extras(extras.get());
        }
        try {
            draft.write(file);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "can't write the checkpoint %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private void serve(Model model) {
        if (served == model) {
            return;
        }
        if (served != null) {
            throw new IllegalStateException(
                    "a CheckpointWriter serves one network and was called for a second; give each"
                            + " network its own, and with ParallelWrapper write checkpoints of the"
                            + " wrapped network between rounds instead");
        }
        if (every > 0 && CheckpointDraft.carriesStateBetweenIterations(model)) {
            throw new IllegalArgumentException(
                    "truncated backpropagation through time carries activations from one iteration"
                            + " to the next, which no checkpoint holds: let the CheckpointWriter"
                            + " write at each epoch's end only");
        }
        boolean passed = false;
        for (TrainingListener listener : listeners(model)) {
            passed |= listener == this;
            if (listener instanceof ResumableTraining training) {
                if (passed) {
                    throw new IllegalStateException(
                            ("the CheckpointWriter must come after the %s in the network's list of"
                                            + " listeners, to see what it has done")
                                    .formatted(listener.getClass().getSimpleName()));
                }
                trainings.add(training);
            }
        }
        served = model;
    }

    private static Collection<TrainingListener> listeners(Model model) {
        return model instanceof MultiLayerNetwork network
                ? network.getListeners()
                : ((ComputationGraph) model).getListeners();
    }
}
