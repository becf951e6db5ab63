package org.dl4jplasticity.growth;

import java.util.function.Consumer;

/** Where it is written down which units started anew. */
final class RecyclingJournal {
    private Consumer<RecycledUnits> listener = units -> {};

    /** Hands every entry from now on to somebody. */
    void tell(Consumer<RecycledUnits> listener) {
        this.listener = listener;
    }

    /** Takes an entry, when its change has been made. */
    void note(RecycledUnits units) {
        listener.accept(units);
    }
}
