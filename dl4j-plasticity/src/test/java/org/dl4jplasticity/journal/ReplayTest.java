package org.dl4jplasticity.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayTest {
    private static final SparseTopology SMALL = SparseTopology.of(4, 3, 1, 3, 8, 9);

    @TempDir private Path folder;
    private Path journal;

    @BeforeEach
    void nameTheJournal() {
        journal = folder.resolve("journal.jsonl");
    }

    /**
     * A made-up run of random changes, its topologies kept as plain sets of ids: the slow path that
     * replay is compared with.
     */
    private static final class RandomRun {
        private static final Map<String, int[]> SHAPES =
                Map.of(
                        "0/W",
                        new int[] {20, 15},
                        "1/W",
                        new int[] {7, 90},
                        "out/RW",
                        new int[] {3, 4});

        private final SplittableRandom random;
        private final Map<String, SortedSet<Long>> active = new LinkedHashMap<>();
        private final List<Mutation> mutations = new ArrayList<>();

        /** The topologies before each mutation, and after the last. */
        private final List<Map<String, SparseTopology>> moments = new ArrayList<>();

        RandomRun(long seed, int changes) {
            random = new SplittableRandom(seed);
            for (String weights : new TreeSet<>(SHAPES.keySet())) {
                SortedSet<Long> ids = new TreeSet<>();
                while (ids.size() < 5) {
                    ids.add(random.nextLong(possible(weights)));
                }
                active.put(weights, ids);
            }
            moments.add(topologies());
            List<String> names = List.copyOf(active.keySet());
            for (int change = 0; change < changes; change++) {
                change(names.get(random.nextInt(names.size())), change);
                moments.add(topologies());
            }
        }

        private static long possible(String weights) {
            return (long) SHAPES.get(weights)[0] * SHAPES.get(weights)[1];
        }

        private void change(String weights, int sequence) {
            SortedSet<Long> ids = active.get(weights);
            SparseTopology before = topology(weights);
            SortedSet<Long> dropped = new TreeSet<>(ids);
            dropped.removeIf(id -> random.nextInt(3) > 0);
            ids.removeAll(dropped);
            SortedSet<Long> grown = new TreeSet<>();
            int wanted = random.nextInt(ids.isEmpty() ? 1 : 0, 7);
            for (int i = 0; i < wanted; i++) {
                long id = random.nextLong(possible(weights));
                if (ids.add(id)) {
                    grown.add(id);
                }
            }
            mutations.add(
                    new Mutation(
                            sequence,
                            sequence / 2 * 10,
                            sequence / 20,
                            "rewire",
                            weights,
                            array(dropped),
                            array(grown),
                            random.nextLong(),
                            Map.of("wanted", (double) wanted),
                            before.digest(),
                            topology(weights).digest()));
        }

        private SparseTopology topology(String weights) {
            int[] shape = SHAPES.get(weights);
            return SparseTopology.of(shape[0], shape[1], array(active.get(weights)));
        }

        private Map<String, SparseTopology> topologies() {
            Map<String, SparseTopology> topologies = new LinkedHashMap<>();
            active.keySet().forEach(weights -> topologies.put(weights, topology(weights)));
            return topologies;
        }

        private static long[] array(SortedSet<Long> ids) {
            return ids.stream().mapToLong(Long::longValue).toArray();
        }
    }

    private static Mutation change(
            long sequence,
            String weights,
            long[] dropped,
            long[] grown,
            SparseTopology before,
            SparseTopology after) {
        return new Mutation(
                sequence,
                50,
                0,
                "rewire",
                weights,
                dropped,
                grown,
                1,
                Map.of(),
                before.digest(),
                after.digest());
    }

    private static long[] ids(long... ids) {
        return ids;
    }

    private static void refuses(Replay replay, Mutation mutation, String... parts) {
        Map<String, SparseTopology> before = replay.topologies();
        JournalException refusal =
                catchThrowableOfType(JournalException.class, () -> replay.apply(mutation));
        assertThat(refusal)
                .hasMessageStartingWith(
                        "mutation %d (line %d of the journal; rewire of %s at iteration 50): "
                                .formatted(
                                        mutation.sequence(),
                                        mutation.sequence() + 1,
                                        mutation.weights()))
                .hasMessageContainingAll(parts)
                .hasMessageNotContaining("\n");
        assertThat(refusal.line()).isEqualTo(mutation.sequence() + 1);
        assertThat(replay.topologies()).isEqualTo(before);
    }

    @Test
    void randomChangesLeadToTheTopologiesOfTheRun() {
        for (long seed = 0; seed < 20; seed++) {
            RandomRun run = new RandomRun(seed, 200);
            assertThat(run.mutations).anyMatch(ReplayTest::startsAnew);
            Replay replay = Replay.of(run.moments.get(0));
            for (int i = 0; i < 200; i++) {
                assertThat(replay.topologies()).isEqualTo(run.moments.get(i));
                replay.apply(run.mutations.get(i));
            }
            assertThat(replay.topologies()).isEqualTo(run.moments.get(200));
        }
    }

    private static boolean startsAnew(Mutation mutation) {
        for (long dropped : mutation.dropped()) {
            for (long grown : mutation.grown()) {
                if (dropped == grown) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void aJournalLeadsToTheEndOfItsRun() throws IOException {
        RandomRun run = new RandomRun(7, 60);
        JournalFiles.write(journal, run.mutations);
        Replay.Outcome outcome = Replay.toEnd(run.moments.get(0), journal);
        assertThat(outcome.topologies()).isEqualTo(run.moments.get(60));
        assertThat(outcome.mutations()).isEqualTo(60);
        assertThat(outcome.truncated()).isEmpty();
    }

    /** Two mutations at each of the iterations 0, 10, 20, ... */
    @Test
    void aJournalLeadsToAnyIterationOfItsRun() throws IOException {
        RandomRun run = new RandomRun(8, 60);
        JournalFiles.write(journal, run.mutations);
        Map<String, SparseTopology> initial = run.moments.get(0);
        assertThat(Replay.until(-1, initial, journal).topologies()).isEqualTo(initial);
        for (int iteration = 0; iteration < 300; iteration++) {
            Replay.Outcome outcome = Replay.until(iteration, initial, journal);
            int applied = 2 * (iteration / 10 + 1);
            assertThat(outcome.mutations()).isEqualTo(applied);
            assertThat(outcome.topologies()).isEqualTo(run.moments.get(applied));
        }
    }

    @Test
    void damageInALaterIterationDoesNotMatter() throws IOException {
        RandomRun run = new RandomRun(9, 60);
        JournalFiles.write(journal, run.mutations);
        byte[] bytes = Files.readAllBytes(journal);
        bytes[bytes.length - 100] ^= 1;
        Files.write(journal, bytes);
        assertThat(Replay.until(200, run.moments.get(0), journal).topologies())
                .isEqualTo(run.moments.get(42));
        assertThatThrownBy(() -> Replay.toEnd(run.moments.get(0), journal))
                .isInstanceOf(JournalException.class)
                .hasMessageContainingAll("journal.jsonl", "line 60: ");
    }

    @Test
    void aCutLastLineIsReported() throws IOException {
        RandomRun run = new RandomRun(10, 60);
        JournalFiles.write(journal, run.mutations);
        byte[] bytes = Files.readAllBytes(journal);
        Files.write(journal, Arrays.copyOf(bytes, bytes.length - 1));
        Replay.Outcome outcome = Replay.toEnd(run.moments.get(0), journal);
        assertThat(outcome.topologies()).isEqualTo(run.moments.get(59));
        assertThat(outcome.truncated()).isPresent();
        assertThat(outcome.truncated().get()).contains("line 60 is cut off");
    }

    @Test
    void connectionsGoBeforeOthersCome() {
        SparseTopology after = SparseTopology.of(4, 3, 0, 3, 9, 11);
        Replay replay = Replay.of(Map.of("0/W", SMALL));
        replay.apply(change(0, "0/W", ids(1, 3, 8), ids(0, 3, 11), SMALL, after));
        assertThat(replay.topologies()).containsExactly(Map.entry("0/W", after));
    }

    @Test
    void aWrongDigestIsRefused() {
        SparseTopology after = SparseTopology.of(4, 3, 3, 8, 9);
        SparseTopology other = SparseTopology.of(4, 3, 1, 3, 9);
        Replay replay = Replay.of(Map.of("0/W", SMALL));
        refuses(
                replay,
                change(0, "0/W", ids(1), ids(), other, after),
                "expected a topology of digest %s before it".formatted(other.digest()),
                "with digest " + SMALL.digest());
        refuses(
                replay,
                change(0, "0/W", ids(1), ids(), SMALL, other),
                "expected a topology of digest %s after it".formatted(other.digest()),
                "with digest " + after.digest());
        replay.apply(change(0, "0/W", ids(1), ids(), SMALL, after));
    }

    @Test
    void aChangeThatDoesNotFitIsRefused() {
        Replay replay = Replay.of(Map.of("0/W", SMALL));
        refuses(
                replay,
                change(4, "0/W", ids(1, 2), ids(5), SMALL, SMALL),
                "connection 2 can't be dropped: it is not active");
        refuses(
                replay,
                change(4, "0/W", ids(1), ids(5, 8), SMALL, SMALL),
                "connection 8 can't be grown: it is active");
        refuses(replay, change(4, "0/W", ids(1), ids(12), SMALL, SMALL), "[0, 12)", "got 12");
        refuses(
                replay,
                change(4, "0/W", ids(1, 3, 8, 9), ids(), SMALL, SMALL),
                "would leave 0",
                "at least 1");
    }

    @Test
    void unknownWeightsAreRefusedWithTheKnownOnes() {
        Replay replay = Replay.of(Map.of("0/W", SMALL));
        refuses(
                replay,
                change(0, "1/W", ids(1), ids(), SMALL, SMALL),
                "expected one of the weights [0/W], got '1/W'");
    }

    @Test
    void aGapInTheSequenceIsRefused() {
        SparseTopology after = SparseTopology.of(4, 3, 3, 8, 9);
        Replay replay = Replay.of(Map.of("0/W", SMALL));
        replay.apply(change(5, "0/W", ids(1), ids(), SMALL, after));
        refuses(
                replay,
                change(7, "0/W", ids(), ids(1), after, SMALL),
                "expected sequence number 6, got 7");
        refuses(
                replay,
                change(5, "0/W", ids(), ids(1), after, SMALL),
                "expected sequence number 6, got 5");
        replay.apply(change(6, "0/W", ids(), ids(1), after, SMALL));
        assertThat(replay.topologies()).containsEntry("0/W", SMALL);
    }
}
