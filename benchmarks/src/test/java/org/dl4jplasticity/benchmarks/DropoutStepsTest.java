package org.dl4jplasticity.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DropoutStepsTest {

    @Test
    void eachContestantIsTimed() {
        List<DropoutSteps.Measured> all = DropoutSteps.measure(new int[] {6, 20, 30, 3}, 4, 7);
        assertThat(all)
                .extracting(DropoutSteps.Measured::contestant)
                .containsExactly("dropout", "controlled", "none");
        assertThat(all)
                .allSatisfy(
                        one -> {
                            assertThat(one.minMs()).isPositive();
                            assertThat(one.medianMs()).isGreaterThanOrEqualTo(one.minMs());
                        });
    }
}
