package org.dl4jplasticity.experiments.grow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dl4jplasticity.experiments.grow.GrowComparison.Difference;
import org.dl4jplasticity.experiments.run.Mode;
import org.dl4jplasticity.experiments.run.Outcome;
import org.dl4jplasticity.experiments.run.Sample;
import org.dl4jplasticity.experiments.train.Method;
import org.dl4jplasticity.experiments.train.Rewiring;
import org.dl4jplasticity.experiments.train.TrainSettings;
import org.dl4jplasticity.schedule.SparsityDistribution;
import org.junit.jupiter.api.Test;

class GrowComparisonTest {
    private final List<Outcome<GrowSettings, GrowReport>> outcomes = new ArrayList<>();

    private void add(GrowArm arm, long parameters, double... accuracies) {
        for (int i = 0; i < accuracies.length; i++) {
            outcomes.add(
                    new Outcome.Done<>(
                            settings(arm, i + 1L),
                            new GrowReport(
                                    accuracies[i],
                                    Map.of("0", 3),
                                    parameters,
                                    1,
                                    List.of(),
                                    List.of(),
                                    List.of(),
                                    i + 1L,
                                    Map.of())));
        }
    }

    private static GrowSettings settings(GrowArm arm, long seed) {
        TrainSettings training =
                new TrainSettings(
                        "numbers",
                        null,
                        "mlp:3",
                        Method.DENSE,
                        Mode.AUTO,
                        0,
                        SparsityDistribution.uniform(),
                        Rewiring.USUAL,
                        1,
                        4,
                        0.1,
                        0.9,
                        0,
                        0.25,
                        seed,
                        Path.of("nowhere"),
                        0,
                        false);
        GrowExperiment experiment =
                Stream.of(GrowExperiment.values())
                        .filter(each -> each.possibleArms().contains(arm))
                        .findFirst()
                        .orElseThrow();
        return new GrowSettings(
                experiment,
                TaskSwitch.PERMUTED,
                2,
                arm,
                new DropinSettings(GrowthSignal.PLATEAU, 0.1, 1, 1, 0.5, 0, 0, 0, 1),
                new RecyclingSettings(1e-4, 100, 1_000, 0.025),
                training);
    }

    private Difference only() {
        List<Difference> differences =
                new GrowComparison(outcomes, GrowFigure.ACCURACY).differences();
        assertThat(differences).hasSize(1);
        return differences.get(0);
    }

    /** Differences of -0.2 and 0 points: mean -0.1, deviation 0.1414, error 0.1. */
    @Test
    void saysPlainlyThatRelevanceDidNotBeatChance() {
        add(GrowArm.DROPIN, 1_000, 0.970, 0.972);
        add(GrowArm.RANDOM_LAYER, 1_234, 0.972, 0.972);
        assertThat(only().points()).isCloseTo(-0.1, within(1e-9));
        assertThat(only().standardError()).isCloseTo(0.1, within(1e-9));
        assertThat(only().sentence())
                .isEqualTo(
                        "Selection by relevance did not beat random selection (97.10 ± 0.14 against"
                                + " 97.20 ± 0.00; difference -0.10 points, standard error 0.10,"
                                + " 1,000 parameters against 1,234).");
    }

    /** Differences of 0.1 and 0.3: mean 0.2, which is 2 errors of 0.1 and no more. */
    @Test
    void takesAdvantagesOfUpToTwoStandardErrorsForChance() {
        add(GrowArm.DROPIN, 1_000, 0.9705, 0.973);
        add(GrowArm.RANDOM_LAYER, 1_000, 0.970, 0.970);
        assertThat(only().sentence()).startsWith("Selection by relevance did not beat random");
        outcomes.clear();
        add(GrowArm.DROPIN, 1_000, 0.9715, 0.973);
        add(GrowArm.RANDOM_LAYER, 1_000, 0.970, 0.970);
        assertThat(only().sentence()).startsWith("Selection by relevance beat random selection");
    }

    @Test
    void ofOneSeedNothingBeatsAnything() {
        add(GrowArm.DROPIN, 1_000, 0.99);
        add(GrowArm.RANDOM_LAYER, 1_000, 0.5);
        assertThat(only().standardError()).isNull();
        assertThat(only().sentence())
                .contains("did not beat", "difference +49.00 points, of a single seed");
    }

    @Test
    void seedsThatFailedAreLeftOutOfTheDifference() {
        add(GrowArm.DROPIN, 1_000, 0.95, 0.96, 0.97);
        add(GrowArm.STATIC_SMALL, 500, 0.94);
        assertThat(only().points()).isCloseTo(1, within(1e-9));
        assertThat(only().sentence()).startsWith("Dropin ended 1.00 points above the network it");
    }

    /** Differences of 0.2 and 0.4 points, and of -1 and -1.2. */
    @Test
    void saysWhetherPlainTrainingWasBeaten() {
        add(GrowArm.PLAIN, 1_000, 0.95, 0.952);
        add(GrowArm.REDO, 1_000, 0.952, 0.956);
        add(GrowArm.AID, 1_000, 0.94, 0.94);
        assertThat(new GrowComparison(outcomes, GrowFigure.ACCURACY).differences())
                .extracting(Difference::of, Difference::arm, Difference::sentence)
                .containsExactly(
                        tuple(
                                "redo",
                                "plain",
                                "Plain training was beaten by redo (95.40 ± 0.28 against 95.10 ±"
                                        + " 0.14; difference +0.30 points, standard error 0.10,"
                                        + " 1,000 parameters against 1,000)."),
                        tuple(
                                "aid",
                                "plain",
                                "Plain training was not beaten by aid (94.00 ± 0.00 against 95.10 ±"
                                        + " 0.14; difference -1.10 points, standard error 0.10,"
                                        + " 1,000 parameters against 1,000)."));
    }

    /** 1, 2, 3, 6: mean 3, squares 4 + 1 + 0 + 9 = 14, over 3 under the root. */
    @Test
    void aSampleHasMeanDeviationAndRange() {
        Sample sample = Sample.of(List.of(6.0, 1.0, 3.0, 2.0));
        assertThat(sample.mean()).isEqualTo(3);
        assertThat(sample.standardDeviation()).isCloseTo(Math.sqrt(14 / 3.0), within(1e-12));
        assertThat(sample.standardError()).isCloseTo(Math.sqrt(14 / 3.0) / 2, within(1e-12));
        assertThat(sample.min()).isEqualTo(1);
        assertThat(sample.max()).isEqualTo(6);
        assertThat(Sample.of(List.of(0.5)).inPercent()).isEqualTo("50.00");
        assertThat(Sample.of(List.of()).inPercent()).isEqualTo("failed");
    }
}
