package org.dl4jplasticity.experiments;

import java.util.Locale;
import java.util.Optional;
import org.dl4jplasticity.sparse.DynamicSparseTraining;

/** The training methods that can be asked for by name. */
enum Method {
    /** DL4J's own layers: the baseline. */
    DENSE,
    /** Sparse layers whose connections stay as they were drawn. */
    STATIC,
    /** Sparse evolutionary training. */
    SET,
    /** The rigged lottery. */
    RIGL;

    /**
     * Iterations between updates of methods that count iterations, in runs that are long enough.
     */
    private static final int UPDATE_EVERY = 100;

    /** Updates that a short run shall have at least. */
    private static final int LEAST_UPDATES = 30;

    /** The part of a run after which RigL rewires no more (Evci et al. 2020, sec. 4). */
    private static final double LAST_UPDATE = 0.75;

    boolean isSparse() {
        return this != DENSE;
    }

    /** {@return the listener that rewires a run of given length, or none} */
    Optional<DynamicSparseTraining> listener(int epochs, long iterations, long seed) {
        return switch (this) {
            case DENSE, STATIC -> Optional.empty();
            case SET ->
                    Optional.of(DynamicSparseTraining.set().until(epochs - 1L).seed(seed).build());
            case RIGL -> {
                long every = Math.max(1, Math.min(UPDATE_EVERY, iterations / LEAST_UPDATES));
                yield Optional.of(
                        DynamicSparseTraining.rigl()
                                .updateEvery((int) every)
                                .until(Math.max(1, (long) (LAST_UPDATE * iterations)))
                                .seed(seed)
                                .build());
            }
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
