package org.dl4jplasticity.experiments.prune;

import java.util.Locale;
import org.dl4jplasticity.schedule.SparsitySchedule;

/** How the share that is gone grows from round to round. */
enum PruneSchedule {
    /** At once. */
    ONE_SHOT {
        @Override
        double gone(double target, int round, int rounds) {
            return target;
        }
    },
    /** By the same share of what is left in every round. */
    ITERATIVE {
        @Override
        double gone(double target, int round, int rounds) {
            return round == rounds ? target : 1 - Math.pow(1 - target, round / (double) rounds);
        }
    },
    /** Fast at first and slow towards the end (Zhu and Gupta 2017, arXiv:1710.01878, eq. 1). */
    CUBIC {
        @Override
        double gone(double target, int round, int rounds) {
            return SparsitySchedule.cubic(0, target, 0, rounds).at(round);
        }
    };

    /**
     * {@return the share that is gone after a round}
     *
     * @param target the share that is gone in the end
     * @param round counted from 1
     * @param rounds how many there are
     */
    abstract double gone(double target, int round, int rounds);

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
