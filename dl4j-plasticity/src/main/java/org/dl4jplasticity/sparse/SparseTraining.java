package org.dl4jplasticity.sparse;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.dl4jplasticity.checkpoint.ResumableTraining;
import org.dl4jplasticity.journal.MutationJournal;

/** A method of sparse training: a listener that tells what it does, and that a run can resume. */
public sealed interface SparseTraining extends TrainingListener, ResumableTraining
        permits DynamicSparseTraining, LatentWeightTraining {

    /**
     * Makes the network what the method starts from now, rather than when training begins. Does
     * nothing where it is that already.
     *
     * @param network the network, at rest
     * @throws IllegalArgumentException if it can't be trained this way; it is then unchanged
     */
    void prepare(Model network);

    /** {@return the number of updates of the connections done} */
    long updates();

    /**
     * {@return what there is to tell of the network at this moment}
     *
     * @throws IllegalStateException before training began
     */
    SparsityReport report();

    /**
     * Writes every change of connections from now on to a journal.
     *
     * @param journal open for writing; closing it is the caller's affair
     */
    void recordTo(MutationJournal journal);
}
