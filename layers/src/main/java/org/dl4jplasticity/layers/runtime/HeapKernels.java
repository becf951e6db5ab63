package org.dl4jplasticity.layers.runtime;

import java.util.Properties;
import org.dl4jplasticity.kernel.KernelChoice;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Which kernels can work on arrays of ND4J in this process. */
public final class HeapKernels {
    private HeapKernels() {}

    /**
     * {@return the kernels for arrays of a type; {@link KernelChoice#ND4J} where none of ours can}
     *
     * @param dataType the type of parameters and activations
     */
    public static KernelChoice of(DataType dataType) {
        KernelChoice choice = KernelChoice.selected();
        boolean ofKernels = dataType == DataType.FLOAT || dataType == DataType.DOUBLE;
        return ofKernels && heapAddressable() ? choice : KernelChoice.ND4J;
    }

    /** {@return whether the CPU can address the backend's memory} */
    private static boolean heapAddressable() {
        Properties environment = Nd4j.getExecutioner().getEnvironmentInformation();
        return "CPU".equalsIgnoreCase(environment.getProperty("backend"));
    }
}
