package org.dl4jplasticity.growth;

import java.util.List;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A function of one number: activation functions one after another.
 *
 * @param activations the first to be applied first
 */
record UnitFunction(List<IActivation> activations) {

    UnitFunction {
        activations = List.copyOf(activations);
    }

    /** {@return whether it is no function of one unit alone} */
    boolean mixesUnits() {
        return activations.stream().anyMatch(ActivationSoftmax.class::isInstance);
    }

    /** {@return its value at a number} */
    double value(double at) {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            return applied(number(at)).getDouble(0);
        }
    }

    /** {@return its slope at a number, as backpropagation has it} */
    double slope(double at) {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            INDArray input = number(at);
            double slope = 1;
            for (IActivation activation : activations) {
                slope *= activation.backprop(input.dup(), number(1)).getFirst().getDouble(0);
                input = activation.getActivation(input, false);
            }
            return slope;
        }
    }

    /** {@return its values at some numbers} */
    double[] values(double[] at) {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            return applied(Nd4j.createFromArray(new double[][] {at})).data().asDouble();
        }
    }

    /** {@return its values, in a new array of doubles} */
    INDArray applied(INDArray input) {
        INDArray output = input.dup('c');
        for (IActivation activation : activations) {
            output = activation.getActivation(output, false);
        }
        return output;
    }

    private static INDArray number(double value) {
        return Nd4j.createFromArray(new double[][] {{value}});
    }
}
