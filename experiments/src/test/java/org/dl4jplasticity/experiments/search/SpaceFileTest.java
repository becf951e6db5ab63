package org.dl4jplasticity.experiments.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dl4jplasticity.experiments.search.Dimension.Choice;
import org.dl4jplasticity.experiments.search.Dimension.Range;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SpaceFileTest {
    @TempDir private Path folder;

    @Test
    void readsRangesAndListsAndSettings() throws IOException {
        Path file =
                new SearchFiles(folder)
                        .space(
                                "settings: {epochs: 3, method: set}",
                                "search:",
                                "  sparsity: {from: 0.5, to: 0.9}",
                                "  updateEvery: {from: 10, to: 1000, scale: log}",
                                "  width: {from: 5, to: 8}",
                                "  distribution: [erk, uniform]",
                                "  batch: 16");
        SearchSpace space = SpaceFile.read(file);
        assertThat(space.dimensions())
                .isEqualTo(
                        Map.of(
                                Parameter.SPARSITY, new Range(0.5, 0.9, false, false),
                                Parameter.UPDATE_EVERY, new Range(10, 1000, true, true),
                                Parameter.WIDTH, new Range(5, 8, false, true),
                                Parameter.DISTRIBUTION, new Choice(List.of("erk", "uniform")),
                                Parameter.BATCH, new Choice(List.of(16))));
        assertThat(space.fixed())
                .containsEntry(Parameter.EPOCHS, 3)
                .containsEntry(Parameter.METHOD, "set")
                .containsEntry(Parameter.MOMENTUM, 0.9); // as train has it
        assertThat(space.control().byName())
                .containsEntry("sparsity", 0.95)
                .containsEntry("distribution", "erk")
                .containsEntry("batch", 32)
                .doesNotContainKeys("updateEvery", "width", "growthUnits");
        assertThat(space.gridSize(3)).isEqualTo(3 * 3 * 3 * 2);
    }

    @Test
    void readsJsonToo() throws IOException {
        Path file = folder.resolve("space.json");
        Files.writeString(file, "{\"search\": {\"momentum\": [0.5, 0.9]}}\n");
        assertThat(SpaceFile.read(file).dimensions())
                .isEqualTo(Map.of(Parameter.MOMENTUM, new Choice(List.of(0.5, 0.9))));
    }

    @Test
    void theSampleSpaceIsOverSparsityIntervalAndLearningRate() {
        SearchSpace space = SpaceFile.read(Path.of("../docs/search/sparsity.yaml"));
        assertThat(space.dimensions())
                .containsOnlyKeys(
                        Parameter.SPARSITY, Parameter.UPDATE_EVERY, Parameter.LEARNING_RATE);
    }

    @Test
    void aRangeRoundsToFourDigitsWithinItsBounds() {
        Range range = new Range(0.01, 0.12345678, true, false);
        assertThat(range.value(0.0714285714)).isEqualTo(0.07143);
        assertThat(range.value(0.0099999999)).isEqualTo(0.01);
        assertThat(range.value(0.12346)).isEqualTo(0.12345678);
        assertThat(new Range(3, 90, true, true).value(44.6)).isEqualTo(45);
    }

    static Stream<Arguments> wrongFiles() {
        return Stream.of(
                Arguments.of("search: [", "line 2: expected the node content"),
                Arguments.of("just a text", "expected settings and search, got no names"),
                Arguments.of("serach: {sparsity: [0.5]}", "got 'serach'"),
                Arguments.of(
                        "search: {sparsty: [0.5]}", "search: there is no 'sparsty', only model"),
                Arguments.of("settings: {depth: 3}", "settings: there is no 'depth', only model"),
                Arguments.of("search: {batch: [8], batch: [9]}", "Duplicate field 'batch'"),
                Arguments.of("settings: {epochs: 3}", "so the space has no candidates"),
                Arguments.of("search: {}", "so the space has no candidates"),
                Arguments.of("", "expected settings and search, got no names"),
                Arguments.of(
                        "search: {sparsity: []}", "search.sparsity: a list needs at least one"),
                Arguments.of("search: {sparsity: [0.5, 0.5]}", "must be different, got [0.5, 0.5]"),
                Arguments.of("search: {sparsity: [low]}", "expected a number, got \"low\""),
                Arguments.of("search: {batch: [1.5]}", "expected a whole number, got 1.5"),
                Arguments.of("search: {method: {from: 1, to: 2}}", "expected a list of values"),
                Arguments.of("search: {sparsity: {from: 0.9}}", "a range needs from and to"),
                Arguments.of(
                        "search: {sparsity: {from: 0.9, to: 0.5}}", "from < to, got from 0.9 to"),
                Arguments.of("search: {momentum: {from: 0, to: 0.5, scale: log}}", "begin above 0"),
                Arguments.of("search: {momentum: {from: 0, to: 0.5, scale: cubic}}", "got 'cubic'"),
                Arguments.of("search: {momentum: {from: 0, to: 0.5, step: 1}}", "got 'step'"),
                Arguments.of("search: {validation: [0.1, 0.2]}", "validation can't be searched"),
                Arguments.of(
                        "settings: {batch: 3}\nsearch: {batch: [4, 5]}", "batch is both under"),
                Arguments.of(
                        "search: {sparsity: {from: 0.5, to: 1.5}}", "must be in [0, 1), got 1.5"),
                Arguments.of("search: {method: [rigl, riggl]}", "method must be one of dense,"),
                Arguments.of("search: {distribution: [erk, ekr]}", "ekr"),
                Arguments.of("search: {updateEvery: [0, 10]}", "at least 1 iteration, got 0"),
                Arguments.of("search: {dropFraction: [1.0]}", "in (0, 1), got 1.0"),
                Arguments.of("search: {channels: [8]}", "has no channels to choose"),
                Arguments.of("search: {width: [0]}", "width must be at least 1, got 0"),
                Arguments.of(
                        "search: {growth: [static-small]}", "growth must be one of none, dropin"),
                Arguments.of("search: {model: [resnet]}", "--model must be mlp:WIDTHS"),
                Arguments.of(
                        "settings: {validation: 0}\nsearch: {batch: [8]}",
                        "greater than 0, for candidates are chosen by it"));
    }

    @ParameterizedTest
    @MethodSource("wrongFiles")
    void aWrongFileIsToldInOneSentenceBeforeAnythingIsTrained(String text, String expected)
            throws IOException {
        SearchFiles files = new SearchFiles(folder);
        Path space = files.space(text);
        SearchFiles.Call call = files.search(space, folder.resolve("out"));
        assertThat(call.code()).isEqualTo(2);
        assertThat(call.errors())
                .startsWith("plasticity: --space " + space)
                .contains(expected)
                .hasLineCount(1);
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void aFileThatIsNotThereIsToldInOneSentence() throws IOException {
        Path space = folder.resolve("nowhere.yaml");
        SearchFiles.Call call = new SearchFiles(folder).search(space, folder.resolve("out"));
        assertThat(call.code()).isEqualTo(2);
        assertThat(call.errors())
                .isEqualTo("plasticity: --space: there is no file %s%n".formatted(space));
    }
}
