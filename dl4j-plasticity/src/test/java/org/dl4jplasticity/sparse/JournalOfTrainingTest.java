package org.dl4jplasticity.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dl4jplasticity.journal.Mutation;
import org.dl4jplasticity.journal.MutationJournal;
import org.dl4jplasticity.journal.Replay;
import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.MaskedNetworks;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.learning.config.Adam;

/** What a journal says of a training leads from its first topologies to its last. */
class JournalOfTrainingTest {

    static Stream<Arguments> methodsOnAllClasses() {
        return Arrays.stream(NetworkClass.values())
                .flatMap(
                        type ->
                                Arrays.stream(Method.values())
                                        .filter(each -> type.isMasked() || each.knowsPacked())
                                        .map(method -> Arguments.of(type, method)));
    }

    private static Map<String, SparseTopology> named(
            List<SparseTopology> topologies, List<String> names) {
        Map<String, SparseTopology> named = new LinkedHashMap<>();
        for (int i = 0; i < topologies.size(); i++) {
            named.put(names.get(i), topologies.get(i));
        }
        return named;
    }

    @ParameterizedTest
    @MethodSource("methodsOnAllClasses")
    void replayLeadsToTheTopologiesOfTheTraining(
            NetworkClass type, Method method, @TempDir Path folder) throws IOException {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        String prefix = type.name().endsWith("GRAPH") ? "layer" : "";
        List<String> names = List.of(prefix + "0/W", prefix + "1/W", prefix + "2/W");
        Map<String, SparseTopology> first = named(network.topologies(), names);
        Path file = folder.resolve("journal.jsonl");
        DynamicSparseTraining listener = method.builder().build();
        network.listen(listener);
        try (MutationJournal journal = MutationJournal.create(file)) {
            listener.recordTo(journal);
            network.fit(Examples.batches(8), 5);
        }
        Replay.Outcome outcome = Replay.toEnd(first, file);
        assertThat(outcome.topologies()).isEqualTo(named(network.topologies(), names));
        assertThat(outcome.truncated()).isEmpty();
        List<Mutation> mutations = MutationJournal.read(file).mutations();
        assertThat(outcome.mutations()).isEqualTo(mutations.size());
        for (Mutation each : mutations) {
            assertThat(each.iteration()).isBetween(0, 40);
            assertThat(each.dropped().length + each.grown().length).isPositive();
        }
        Set<String> kinds = mutations.stream().map(Mutation::kind).collect(Collectors.toSet());
        switch (method) {
            case STATIC -> assertThat(kinds).isEmpty();
            case GMP -> assertThat(kinds).containsExactly("drop");
            case ACDC -> assertThat(kinds).contains("drop", "grow");
            case MEST_SOFT -> assertThat(kinds).contains("grow", "rewire", "drop");
            default -> assertThat(kinds).contains("rewire");
        }
    }

    @ParameterizedTest
    @EnumSource
    void namesTheWeightsOfAnyLayer(MaskedNetworks kind, @TempDir Path folder) throws IOException {
        for (boolean graph : new boolean[] {false, true}) {
            TinyNetwork network = kind.half(new Adam(0.03), graph);
            DynamicSparseTraining set = DynamicSparseTraining.set().build();
            set.recordTo(MutationJournal.create(folder.resolve("before" + graph)));
            network.listen(set);
            network.fit(kind.batches(1).get(0));
            List<String> names =
                    set.report().layers().stream().map(SparsityReport.LayerReport::id).toList();
            Map<String, SparseTopology> first = named(network.topologies(), names);
            Path file = folder.resolve("journal" + graph);
            try (MutationJournal journal = MutationJournal.create(file)) {
                set.recordTo(journal);
                network.fit(kind.batches(3), 4);
            }
            assertThat(Replay.toEnd(first, file).topologies())
                    .isEqualTo(named(network.topologies(), names));
            assertThat(MutationJournal.read(file).mutations()).hasSize(4 * 3);
        }
    }
}
