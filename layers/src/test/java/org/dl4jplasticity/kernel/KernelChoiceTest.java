package org.dl4jplasticity.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The build runs every test with and without the vector module and says what it expects. */
class KernelChoiceTest {
    private static final String EXPECTED = System.getProperty("expected.kernels");

    private static boolean vectorModule() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    @Test
    void theChoiceOfThisRunIsTheOneTheBuildExpects() {
        assumeTrue(EXPECTED != null, "not started by the build");
        assertThat(KernelChoice.selected())
                .isEqualTo(KernelChoice.valueOf(EXPECTED.toUpperCase(Locale.ROOT)));
    }

    @ParameterizedTest
    @CsvSource({"scalar, SCALAR", "SCALAR, SCALAR", "nd4j, ND4J", "Nd4J, ND4J"})
    void aNamedChoiceIsMadeInAnyCase(String wanted, KernelChoice choice) {
        assertThat(KernelChoice.choose(wanted)).isEqualTo(choice);
    }

    @Test
    void autoTakesTheVectorKernelsWhereTheModuleIs() {
        assertThat(KernelChoice.choose("auto"))
                .isEqualTo(vectorModule() ? KernelChoice.VECTOR : KernelChoice.SCALAR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "fast", "vektor", " vector"})
    void anUnknownChoiceIsRefused(String wanted) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KernelChoice.choose(wanted))
                .withMessage(
                        "system property dl4j.plasticity.kernels must be auto, scalar, vector or"
                                + " nd4j, got '%s'",
                        wanted);
    }

    @Test
    void vectorKernelsWithoutTheModuleAreRefusedWithTheRemedy() {
        assumeFalse(vectorModule());
        assertThatIllegalStateException()
                .isThrownBy(() -> KernelChoice.choose("vector"))
                .withMessage(
                        "dl4j.plasticity.kernels=vector needs the module jdk.incubator.vector:"
                                + " start Java with --add-modules jdk.incubator.vector");
        assertThatIllegalStateException()
                .isThrownBy(() -> FloatSparseOperations.of(KernelChoice.VECTOR))
                .withMessage(
                        "the vector kernels can't be loaded: start Java with --add-modules"
                                + " jdk.incubator.vector");
    }

    @Test
    void vectorKernelsAreLoadedWhereTheModuleIs() {
        assumeTrue(vectorModule());
        assertThat(KernelChoice.choose("vector")).isEqualTo(KernelChoice.VECTOR);
        FloatKernels floats = FloatSparseOperations.of(KernelChoice.VECTOR).kernels();
        DoubleKernels doubles = DoubleSparseOperations.of(KernelChoice.VECTOR).kernels();
        assertThat(floats.name()).isEqualTo("vector");
        assertThat(doubles.name()).isEqualTo("vector");
        assertThat(floats.lanes()).isEqualTo(2 * doubles.lanes()).isGreaterThanOrEqualTo(4);
    }

    @Test
    void scalarKernelsAreAlwaysThereAndNeedNoPadding() {
        FloatSparseOperations operations = FloatSparseOperations.of(KernelChoice.SCALAR);
        assertThat(operations).hasToString("FloatSparseOperations[scalar]");
        assertThat(operations.stride(13)).isEqualTo(13);
    }

    @Test
    void aStrideIsTheNextMultipleOfTheLanesButOneForOneExample() {
        Operations.vector()
                .forEach(
                        operations -> {
                            int lanes = operations.stride(2);
                            assertThat(operations.stride(1)).isEqualTo(1);
                            assertThat(operations.stride(lanes)).isEqualTo(lanes);
                            assertThat(operations.stride(lanes + 1)).isEqualTo(2 * lanes);
                            assertThat(operations.stride(5 * lanes - 1)).isEqualTo(5 * lanes);
                        });
    }

    @Test
    void nd4jHasNoKernelsOnHeapArrays() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FloatSparseOperations.of(KernelChoice.ND4J))
                .withMessage("ND4J has no kernels on heap arrays");
    }
}
