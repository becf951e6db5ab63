package org.dl4jplasticity.pruning;

import java.util.Arrays;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;

/**
 * Which units stand for which, the most similar pair first. A unit that stands for others goes only
 * into one that can stand for each of them: clustering by complete linkage.
 */
final class StandIns {
    private static final double NEVER = -1;

    /**
     * By unit and a later one: the least similarity of the unit to the later one and those it
     * stands for; {@link #NEVER} where it can't stand for them or either is gone.
     */
    private final double[][] links;

    /** For each unit the later one of largest link. */
    private final int[] nearest;

    private final int[] into;
    private double least = 1;

    /**
     * Looks at some units.
     *
     * @param similarity of unit and unit, in [0, 1], looked at where the second is the later one;
     *     taken over
     */
    StandIns(double[][] similarity) {
        links = similarity;
        into = IntStream.range(0, similarity.length).toArray();
        nearest = new int[similarity.length];
        for (int unit = 0; unit < nearest.length; unit++) {
            look(unit);
        }
    }

    /**
     * {@return for each unit the one, not a later one, that stands for it in the end; itself if it
     * stays}
     *
     * @param above how similar they have to be at least: more than this
     * @param most how many may go
     * @param possible whether a unit, the first, can stand for another one
     */
    int[] choose(double above, int most, BiPredicate<Integer, Integer> possible) {
        int gone = 0;
        while (gone < most) {
            int stays = mostSimilar();
            int goes = stays < 0 ? -1 : nearest[stays];
            if (goes < 0 || !(links[stays][goes] > above)) {
                break;
            }
            boolean can =
                    IntStream.range(goes, into.length)
                            .filter(unit -> into[unit] == goes)
                            .allMatch(unit -> possible.test(stays, unit));
            if (can) {
                least = Math.min(least, links[stays][goes]);
                merge(stays, goes);
                gone++;
            } else {
                links[stays][goes] = NEVER;
                look(stays);
            }
        }
        return into.clone();
    }

    /** {@return the least similarity of those chosen to what stands for them} */
    double least() {
        return least;
    }

    private int mostSimilar() {
        int best = -1;
        for (int unit = 0; unit < nearest.length; unit++) {
            if (nearest[unit] >= 0
                    && (best < 0 || links[unit][nearest[unit]] > links[best][nearest[best]])) {
                best = unit;
            }
        }
        return best;
    }

    private void merge(int stays, int goes) {
        for (int unit = goes; unit < into.length; unit++) {
            into[unit] = into[unit] == goes ? stays : into[unit];
        }
        Arrays.fill(links[goes], NEVER);
        nearest[goes] = -1;
        for (int before = 0; before < goes; before++) {
            if (before < stays) {
                links[before][stays] = Math.min(links[before][stays], links[before][goes]);
            }
            links[before][goes] = NEVER;
            if (nearest[before] == goes || nearest[before] == stays) {
                look(before);
            }
        }
    }

    private void look(int unit) {
        nearest[unit] = -1;
        for (int later = unit + 1; later < into.length; later++) {
            double link = links[unit][later];
            if (link > NEVER && (nearest[unit] < 0 || link > links[unit][nearest[unit]])) {
                nearest[unit] = later;
            }
        }
    }
}
