package org.dl4jplasticity.experiments.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.dl4jplasticity.experiments.search.Dimension.Choice;
import org.dl4jplasticity.experiments.search.Dimension.Range;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Proposals without any training: trials here know how good a candidate is. */
class ArbiterExplorerTest {
    private static final SearchSpace SPACE =
            new SearchSpace(
                    Map.of(),
                    Map.of(
                            Parameter.SPARSITY, new Range(0.5, 0.9, false, false),
                            Parameter.LEARNING_RATE, new Range(0.01, 1, true, false),
                            Parameter.WIDTH, new Range(10, 20, false, true),
                            Parameter.DISTRIBUTION, new Choice(List.of("erk", "uniform"))));

    private static SearchSettings settings(Generator generator, int candidates, long seed) {
        return new SearchSettings(
                "mnist-sample",
                null,
                Path.of("space.yaml"),
                generator,
                3,
                candidates,
                Double.POSITIVE_INFINITY,
                seed,
                Path.of("out"));
    }

    private static List<Proposal> explore(
            SearchSpace space, SearchSettings settings, ToDoubleFunction<Values> score) {
        List<Proposal> proposals = new ArrayList<>();
        new ArbiterExplorer()
                .explore(
                        space,
                        settings,
                        proposal -> {
                            proposals.add(proposal);
                            double value = score.applyAsDouble(proposal.values());
                            return Double.isNaN(value)
                                    ? OptionalDouble.empty()
                                    : OptionalDouble.of(value);
                        });
        return proposals;
    }

    private static List<Values> values(List<Proposal> proposals) {
        return proposals.stream().map(Proposal::values).toList();
    }

    private static double sparsity(Values values) {
        return values.number(Parameter.SPARSITY);
    }

    @ParameterizedTest
    @EnumSource
    void theSameSeedProposesTheSameDifferentCandidates(Generator generator) {
        List<Proposal> first =
                explore(SPACE, settings(generator, 12, 5), ArbiterExplorerTest::sparsity);
        assertThat(first.stream().map(Proposal::index))
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        assertThat(values(first)).doesNotHaveDuplicates();
        assertThat(values(first))
                .allSatisfy(
                        each -> {
                            assertThat(each.number(Parameter.SPARSITY)).isBetween(0.5, 0.9);
                            assertThat(each.number(Parameter.LEARNING_RATE)).isBetween(0.01, 1.0);
                            assertThat(each.integer(Parameter.WIDTH)).isBetween(10, 20);
                            assertThat(each.text(Parameter.DISTRIBUTION)).isIn("erk", "uniform");
                        });
        assertThat(values(first).stream().map(each -> each.text(Parameter.DISTRIBUTION)).distinct())
                .hasSize(2);
        List<Proposal> again =
                explore(SPACE, settings(generator, 20, 5), ArbiterExplorerTest::sparsity);
        assertThat(values(again).subList(0, 12)).isEqualTo(values(first));
        List<Proposal> other =
                explore(SPACE, settings(generator, 12, 6), ArbiterExplorerTest::sparsity);
        assertThat(values(other)).isNotEqualTo(values(first));
    }

    @Test
    void aGridHasEveryCombinationOnce() {
        List<Values> all = values(explore(SPACE, settings(Generator.GRID, 1_000, 1), it -> 1));
        assertThat(all).hasSize(3 * 3 * 3 * 2);
        assertThat(all.stream().map(ArbiterExplorerTest::sparsity).distinct())
                .containsExactlyInAnyOrder(0.5, 0.7, 0.9);
        assertThat(all.stream().map(it -> it.number(Parameter.LEARNING_RATE)).distinct())
                .containsExactlyInAnyOrder(0.01, 0.1, 1.0);
        assertThat(all.stream().map(it -> it.integer(Parameter.WIDTH)).distinct())
                .containsExactlyInAnyOrder(10, 15, 20);
    }

    @Test
    void geneticSearchEndsUpBetterThanItBegan() {
        List<Values> all =
                values(
                        explore(
                                SPACE,
                                settings(Generator.GENETIC, 60, 3),
                                ArbiterExplorerTest::sparsity));
        double early =
                all.subList(0, 8).stream().mapToDouble(it -> sparsity(it)).average().orElse(1);
        double late =
                all.subList(40, 60).stream().mapToDouble(it -> sparsity(it)).average().orElse(0);
        assertThat(late).isGreaterThan(early + 0.05);
    }

    @ParameterizedTest
    @EnumSource
    void aSpaceThatIsUsedUpEndsTheSearch(Generator generator) {
        SearchSpace four =
                new SearchSpace(
                        Map.of(),
                        Map.of(
                                Parameter.BATCH, new Choice(List.of(8, 16)),
                                Parameter.EPOCHS, new Choice(List.of(1, 2)),
                                Parameter.MOMENTUM, new Choice(List.of(0.5))));
        List<Proposal> all = explore(four, settings(generator, 20, 1), it -> 0.5);
        assertThat(values(all)).hasSize(4).doesNotHaveDuplicates();
    }

    @Test
    void whatHasNoEffectMakesNoNewCandidate() {
        SearchSpace space =
                new SearchSpace(
                        Map.of(),
                        Map.of(
                                Parameter.METHOD, new Choice(List.of("dense", "static")),
                                Parameter.DROP_FRACTION, new Choice(List.of(0.1, 0.2)),
                                Parameter.SPARSITY, new Choice(List.of(0.6, 0.7))));
        List<Values> all = values(explore(space, settings(Generator.GRID, 20, 1), it -> 0.5));
        // Dense heeds neither, static the sparsity alone.
        assertThat(all).hasSize(3);
        assertThat(all).noneMatch(each -> each.has(Parameter.DROP_FRACTION));
    }

    @ParameterizedTest
    @EnumSource
    void candidatesThatFailDoNotStopTheSearch(Generator generator) {
        assertThat(explore(SPACE, settings(generator, 9, 1), it -> Double.NaN)).hasSize(9);
    }

    @Test
    void noCandidateBeginsWhenTheTimeIsOver() {
        SearchSettings short_ =
                new SearchSettings(
                        "mnist-sample",
                        null,
                        Path.of("space.yaml"),
                        Generator.RANDOM,
                        3,
                        1_000,
                        1e-9,
                        1,
                        Path.of("out"));
        List<Proposal> tried =
                explore(
                        SPACE,
                        short_,
                        it -> {
                            long end = System.nanoTime() + 1_100_000_000L;
                            while (System.nanoTime() < end) {
                                Thread.onSpinWait();
                            }
                            return 1;
                        });
        assertThat(tried.size()).isLessThanOrEqualTo(1);
    }

    @Test
    void aFaultThatNoCandidateIsToBlameForEndsTheSearch() {
        IllegalStateException fault = new IllegalStateException("the disk is full");
        assertThatThrownBy(
                        () ->
                                explore(
                                        SPACE,
                                        settings(Generator.RANDOM, 5, 1),
                                        it -> {
                                            throw fault;
                                        }))
                .isSameAs(fault);
    }

    @Test
    void aGridThatIsTooLargeIsRefused() {
        SearchSettings fine =
                new SearchSettings(
                        "mnist-sample",
                        null,
                        Path.of("space.yaml"),
                        Generator.GRID,
                        1_000,
                        5,
                        1,
                        1,
                        Path.of("out"));
        assertThatThrownBy(() -> explore(SPACE, fine, it -> 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the grid has 22000000 points, expected at most 100000");
    }
}
