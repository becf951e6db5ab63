package org.dl4jplasticity.growth;

import java.util.function.Consumer;
import org.dl4jplasticity.journal.MutationJournal;
import org.dl4jplasticity.surgery.MutationRecorder;
import org.dl4jplasticity.surgery.PlasticNetwork;

/** Where it is written down which units started anew. */
final class RecyclingJournal {
    private final MutationRecorder recorder = new MutationRecorder();
    private Consumer<RecycledUnits> listener = units -> {};

    /** Writes to a journal from now on. */
    void recordTo(MutationJournal journal) {
        recorder.recordTo(journal);
    }

    /** Hands every entry from now on to somebody. */
    void tell(Consumer<RecycledUnits> listener) {
        this.listener = listener;
    }

    /**
     * Takes an entry, when its change has been made.
     *
     * @param width the number of the layer's units
     */
    void note(PlasticNetwork network, int width, RecycledUnits units) {
        recorder.noteRecycled(
                network, units.layerId(), width, units.units(), units.seed(), units.scores());
        listener.accept(units);
    }

    /** Writes the entries, when all changes of a step have been made. */
    void write() {
        recorder.write();
    }
}
