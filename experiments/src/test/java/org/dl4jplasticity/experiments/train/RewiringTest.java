package org.dl4jplasticity.experiments.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.dl4jplasticity.experiments.run.Mode;
import org.dl4jplasticity.schedule.SparsityDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RewiringTest {
    private static String listener(Method method, Rewiring rewiring) {
        TrainSettings settings =
                new TrainSettings(
                        "rings",
                        null,
                        "mlp:5",
                        method,
                        Mode.AUTO,
                        0.9,
                        SparsityDistribution.uniform(),
                        rewiring,
                        10,
                        32,
                        0.1,
                        0.9,
                        0,
                        0,
                        1,
                        null,
                        0,
                        false);
        return method.listener(settings, 1_000).toString();
    }

    @Test
    void anIntervalAndAFractionReplaceThoseOfRigl() {
        assertThat(listener(Method.RIGL, Rewiring.USUAL))
                .contains("EveryIterations[every=33", "Cosine[fraction=0.3, to=0.0]");
        assertThat(listener(Method.RIGL, new Rewiring(7, 0.2)))
                .contains("EveryIterations[every=7", "end=750", "Cosine[fraction=0.2, to=0.0]");
    }

    @Test
    void setCountsIterationsWhenItHasAnInterval() {
        assertThat(listener(Method.SET, new Rewiring(7, null)))
                .contains("EveryIterations[every=7", "end=999", "Constant[fraction=0.3]");
        assertThat(listener(Method.SET, new Rewiring(null, 0.5))).contains("EachEpoch", "=0.5]");
    }

    @ParameterizedTest
    @EnumSource
    void whatAMethodHasNotIsLeftAlone(Method method) {
        String usual = listener(method, Rewiring.USUAL);
        assertThat(listener(method, new Rewiring(11, null)).equals(usual))
                .isEqualTo(!method.hasInterval());
        assertThat(listener(method, new Rewiring(null, 0.123)).equals(usual))
                .isEqualTo(!method.hasDropFraction());
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new Rewiring(0, null))
                .hasMessage("--update-every must be at least 1 iteration, got 0");
        assertThatThrownBy(() -> new Rewiring(null, 1.0))
                .hasMessage("--drop-fraction must be in (0, 1), got 1.0");
    }

    @Test
    void whatAMethodHasNotIsRefusedForASingleRun() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Rewiring(5, null).requireHeeded(Method.STATIC))
                .withMessage("--update-every: method static has no interval that can be chosen");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Rewiring(5, 0.2).requireHeeded(Method.MEST))
                .withMessage("--drop-fraction: method mest has no share that can be chosen");
        new Rewiring(5, 0.2).requireHeeded(Method.RIGL);
        Rewiring.USUAL.requireHeeded(Method.STATIC);
    }
}
