package org.dl4jplasticity.journal;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * One structural change of one weight matrix, with its cause. First the dropped connections go,
 * then the grown ones come: an id in both lists is a connection that started anew.
 *
 * @param sequence number of mutations before this one in its journal
 * @param iteration iterations the network had done, at least 0
 * @param epoch epochs the network had done, at least 0
 * @param kind what happened, one lower-case word such as {@code rewire}, {@code prune} or {@code
 *     grow}
 * @param weights which weight matrix: layer and parameter, such as {@code 0/W} or {@code lstm/RW}
 * @param dropped ids of the connections that went, strictly ascending. The array is not copied: do
 *     not write to it.
 * @param grown ids of the connections that came, strictly ascending. The array is not copied: do
 *     not write to it.
 * @param seed seed of what was random in the change
 * @param scores numbers that led to the change, by name; may be empty, and hold any double. Kept in
 *     the order of their names, so that the same mutation is always the same line.
 * @param before digest of the topology before the change, 16 hexadecimal digits
 * @param after digest of the topology after the change, 16 hexadecimal digits
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content below
public record Mutation(
        long sequence,
        int iteration,
        int epoch,
        String kind,
        String weights,
        long[] dropped,
        long[] grown,
        long seed,
        Map<String, Double> scores,
        String before,
        String after) {

    private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9-]*");

    /**
     * Checks the parts and copies the scores.
     *
     * @param sequence at least 0
     * @param iteration at least 0
     * @param epoch at least 0
     * @param kind letters a-z, digits and hyphens, a letter first
     * @param weights not blank
     * @param dropped strictly ascending, none negative
     * @param grown strictly ascending, none negative
     * @param seed any number
     * @param scores any numbers; copied
     * @param before 16 lower-case hexadecimal digits
     * @param after 16 lower-case hexadecimal digits
     * @throws IllegalArgumentException if a number is negative, a text or digest is malformed, or
     *     ids are out of order
     */
    public Mutation {
        requireCount("sequence", sequence);
        requireCount("iteration", iteration);
        requireCount("epoch", epoch);
        if (!WORD.matcher(kind).matches()) {
            throw new IllegalArgumentException(
                    "the kind of a mutation must be one word of a-z, 0-9 and -, got '%s'"
                            .formatted(kind));
        }
        if (weights.isBlank()) {
            throw new IllegalArgumentException(
                    "the weights of a mutation need a name, such as 0/W, got '%s'"
                            .formatted(weights));
        }
        requireAscending("dropped", dropped);
        requireAscending("grown", grown);
        SortedMap<String, Double> sorted = new TreeMap<>(scores);
        if (sorted.containsValue(null)) {
            throw new IllegalArgumentException(
                    "every score of a mutation needs a number, got " + sorted);
        }
        scores = Collections.unmodifiableSortedMap(sorted);
        Hexadecimal.require16Digits("the digest before a mutation", before);
        Hexadecimal.require16Digits("the digest after a mutation", after);
    }

    private static void requireCount(String what, long number) {
        if (number < 0) {
            throw new IllegalArgumentException(
                    "the %s of a mutation must be at least 0, got %d".formatted(what, number));
        }
    }

    private static void requireAscending(String what, long[] ids) {
        long previous = -1;
        for (long id : ids) {
            if (id <= previous) {
                throw new IllegalArgumentException(
                        ("the ids of %s connections must be strictly ascending from 0, got %d"
                                        + " after %d")
                                .formatted(what, id, previous));
            }
            previous = id;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Mutation that
                && sequence == that.sequence
                && iteration == that.iteration
                && epoch == that.epoch
                && kind.equals(that.kind)
                && weights.equals(that.weights)
                && Arrays.equals(dropped, that.dropped)
                && Arrays.equals(grown, that.grown)
                && seed == that.seed
                && scores.equals(that.scores)
                && before.equals(that.before)
                && after.equals(that.after);
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(sequence) + after.hashCode();
    }

    /** A short description: which mutation, when, of what, and how many connections. */
    @Override
    public String toString() {
        return "Mutation[%d at iteration %d, epoch %d: %s %s, %d dropped, %d grown, %s -> %s]"
                .formatted(
                        sequence,
                        iteration,
                        epoch,
                        kind,
                        weights,
                        dropped.length,
                        grown.length,
                        before,
                        after);
    }
}
