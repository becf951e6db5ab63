package org.dl4jplasticity.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What no mutation and no position can be. */
class MutationTest {
    private static final String DIGEST = "0123456789abcdef";

    private static Mutation mutation(String kind, String weights, long[] dropped, String after) {
        return new Mutation(
                3, 10, 1, kind, weights, dropped, new long[] {4}, 9, Map.of(), DIGEST, after);
    }

    private static void refuses(Runnable making, String... parts) {
        assertThatIllegalArgumentException()
                .isThrownBy(making::run)
                .withMessageContainingAll(parts)
                .withMessageNotContaining("\n");
    }

    @Test
    void countsStartAtZero() {
        long[] none = {};
        refuses(
                () -> new Mutation(-1, 0, 0, "grow", "W", none, none, 0, Map.of(), DIGEST, DIGEST),
                "sequence",
                "at least 0, got -1");
        refuses(
                () -> new Mutation(0, -2, 0, "grow", "W", none, none, 0, Map.of(), DIGEST, DIGEST),
                "iteration",
                "at least 0, got -2");
        refuses(
                () -> new Mutation(0, 0, -3, "grow", "W", none, none, 0, Map.of(), DIGEST, DIGEST),
                "epoch",
                "at least 0, got -3");
    }

    @Test
    void textsAreWordsNamesAndDigests() {
        long[] none = {};
        refuses(() -> mutation("two words", "0/W", none, DIGEST), "one word", "got 'two words'");
        refuses(() -> mutation("", "0/W", none, DIGEST), "one word", "got ''");
        refuses(() -> mutation("grow", " ", none, DIGEST), "need a name", "got ' '");
        refuses(() -> mutation("grow", "0/W", none, "0123"), "16", "got '0123'");
        refuses(
                () -> mutation("grow", "0/W", none, "0123456789ABCDEF"),
                "lower-case",
                "got '0123456789ABCDEF'");
    }

    @Test
    void idsAscendFromZero() {
        refuses(
                () -> mutation("grow", "0/W", new long[] {1, 5, 5}, DIGEST),
                "dropped",
                "got 5 after 5");
        refuses(
                () -> mutation("grow", "0/W", new long[] {-4}, DIGEST),
                "ascending from 0",
                "got -4");
    }

    @Test
    void mutationsAreComparedByContent() {
        Mutation one = mutation("grow", "0/W", new long[] {1, 5}, DIGEST);
        Mutation same = mutation("grow", "0/W", new long[] {1, 5}, DIGEST);
        Mutation other = mutation("grow", "0/W", new long[] {1, 6}, DIGEST);
        assertThat(one).isEqualTo(same).hasSameHashCodeAs(same).isNotEqualTo(other);
        assertThat(one)
                .hasToString(
                        "Mutation[3 at iteration 10, epoch 1: grow 0/W, 2 dropped, 1 grown,"
                                + " 0123456789abcdef -> 0123456789abcdef]");
    }

    @Test
    void aPositionIsTheStartOrBehindALine() {
        refuses(() -> new Position(-1, 1, DIGEST), "at least 0", "got -1 bytes and 1 mutations");
        refuses(() -> new Position(10, 0, DIGEST), "only at the start", "10 bytes and 0 mutations");
        refuses(() -> new Position(0, 2, DIGEST), "only at the start", "0 bytes and 2 mutations");
        refuses(() -> new Position(10, 2, "check"), "16", "got 'check'");
    }
}
