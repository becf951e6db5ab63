package org.dl4jplasticity.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.dl4jplasticity.benchmarks.KernelTable.Measured;
import org.junit.jupiter.api.Test;

class KernelTableTest {
    /** 2 x 1024 x 1024 x 128 operations in 4194304 and 2097152 ns: 64 and 128 a nanosecond. */
    private static final Measured GEMM =
            new Measured("gemmOfTheKernelsShape", 1, 4_194_304, 2_097_152);

    @Test
    void tellsRatesAndSharesOfGemm() {
        // 104858 active x 128 examples x 2 = 26843648 operations; at 32 a nanosecond 838864 ns
        Measured forward = new Measured("forward", 0.1, 838_864, 838_864);
        assertThat(KernelTable.table(List.of(GEMM, forward)))
                .contains("| gemmOfTheKernelsShape | 1 | 64.0 (128.0) | 100 (100) |\n")
                .endsWith("| forward | 0.1 | 32.0 (32.0) | 50 (25) |\n");
    }

    @Test
    void takesTheHigherOfTheDenseRates() {
        // 2 x 2048^3 = 17179869184 operations at 32 and 256 a nanosecond
        Measured large = new Measured("gemmLarge", 1, 536_870_912, 67_108_864);
        assertThat(KernelTable.table(List.of(GEMM, large)))
                .contains("| gemmLarge | 1 | 32.0 (256.0) | 50 (100) |\n")
                .contains("| gemmOfTheKernelsShape | 1 | 64.0 (128.0) | 100 (50) |\n");
    }

    @Test
    void countsTheBytesThatTheTriadMoves() {
        // 2^24 values x 3 arrays x 4 bytes = 201326592 bytes in as many nanoseconds and in half
        Measured triad = new Measured("triad", 1, 201_326_592, 100_663_296);
        assertThat(KernelTable.table(List.of(GEMM, triad)))
                .endsWith("| triad | | 1.0 (2.0) GB/s | |\n");
    }

    @Test
    void needsARoof() {
        assertThatThrownBy(() -> KernelTable.table(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("kernels: no gemm was measured");
    }
}
