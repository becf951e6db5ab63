package org.dl4jplasticity.checkpoint;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.dl4jplasticity.kernel.KernelChoice;
import org.dl4jplasticity.kernel.RowParallel;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What the bits of a result depend on beside the numbers: how many threads share the work, and
 * whose code does it.
 */
final class Surroundings {
    private Surroundings() {}

    static Map<String, String> now() {
        Properties nd4j = Nd4j.getExecutioner().getEnvironmentInformation();
        Map<String, String> now = new LinkedHashMap<>();
        now.put(
                "OMP_NUM_THREADS",
                Objects.requireNonNullElse(System.getenv("OMP_NUM_THREADS"), ""));
        now.put("ND4J threads", Integer.toString(Nd4j.getEnvironment().maxThreads()));
        now.put(
                RowParallel.THREADS_PROPERTY,
                Integer.getInteger(
                                RowParallel.THREADS_PROPERTY,
                                Runtime.getRuntime().availableProcessors())
                        .toString());
        now.put(KernelChoice.PROPERTY, KernelChoice.selected().toString());
        now.put("backend", String.valueOf(nd4j.get("backend")));
        return now;
    }
}
