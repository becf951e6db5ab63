package org.dl4jplasticity.kernel;

import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which implementation computes the sparse layers. The system property {@value #PROPERTY} forces
 * one: {@code scalar}, {@code vector} or {@code nd4j}; {@code auto}, the default, takes the vector
 * kernels where the module {@code jdk.incubator.vector} is present and the scalar ones elsewhere.
 * The choice is made, and logged, once.
 */
public enum KernelChoice {
    /** Plain Java loops. */
    SCALAR,
    /** The JDK's Vector API. */
    VECTOR,
    /**
     * ND4J operations alone: scatter to dense, gemm, gather. Slow, but for any backend and type.
     */
    ND4J;

    /** The system property that forces a choice. */
    public static final String PROPERTY = "dl4j.plasticity.kernels";

    private static final Logger log = LoggerFactory.getLogger(KernelChoice.class);

    private static final class Selected {
        static final KernelChoice CHOICE = choose(System.getProperty(PROPERTY, "auto"));
    }

    /**
     * {@return the choice of this run}
     *
     * @throws IllegalArgumentException if the property names no choice
     * @throws IllegalStateException if the vector kernels are forced and the module is not there
     */
    public static KernelChoice selected() {
        return Selected.CHOICE;
    }

    /**
     * {@return the choice that a value of the property makes}
     *
     * @param wanted the value, in any case
     * @throws IllegalArgumentException if it names no choice
     * @throws IllegalStateException if the vector kernels are forced and the module is not there
     */
    static KernelChoice choose(String wanted) {
        boolean vectorModule = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        KernelChoice choice =
                switch (wanted.toLowerCase(Locale.ROOT)) {
                    case "auto" -> vectorModule ? VECTOR : SCALAR;
                    case "scalar" -> SCALAR;
                    case "vector" -> VECTOR;
                    case "nd4j" -> ND4J;
                    default ->
                            throw new IllegalArgumentException(
                                    ("system property %s must be auto, scalar, vector or nd4j, got"
                                                    + " '%s'")
                                            .formatted(PROPERTY, wanted));
                };
        if (choice == VECTOR && !vectorModule) {
            throw new IllegalStateException(
                    ("%s=vector needs the module jdk.incubator.vector: start Java with"
                                    + " --add-modules jdk.incubator.vector")
                            .formatted(PROPERTY));
        }
        if (choice == SCALAR && !vectorModule) {
            log.info(
                    "Sparse kernels: scalar. Start Java with --add-modules jdk.incubator.vector for"
                            + " the faster vector kernels.");
        } else {
            log.info("Sparse kernels: {}.", choice.name().toLowerCase(Locale.ROOT));
        }
        return choice;
    }
}
