package org.dl4jplasticity.growth;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What the units of a layer put out over a batch: neurons one number per example, channels one per
 * example and position.
 *
 * @param values by example, then by unit, then by position. The array is not copied: do not write
 *     to it.
 * @param units the number of units, at least 1
 * @param positions the numbers of each unit per example, at least 1
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, compared by nobody
record UnitOutputs(double[] values, int units, int positions) {

    UnitOutputs {
        if (units < 1 || positions < 1 || values.length % ((long) units * positions) != 0) {
            throw new IllegalArgumentException(
                    "expected a whole number of examples with %d units of %d positions, got %d numbers"
                            .formatted(units, positions, values.length));
        }
    }

    /**
     * {@return the outputs of neurons}
     *
     * @param activations a row per example, a column per unit
     */
    static UnitOutputs of(double[][] activations) {
        int units = activations.length == 0 ? 0 : activations[0].length;
        double[] values = new double[activations.length * units];
        for (int example = 0; example < activations.length; example++) {
            if (activations[example].length != units) {
                throw new IllegalArgumentException(
                        "activations: every row must have %d columns, got %d in row %d"
                                .formatted(units, activations[example].length, example));
            }
            System.arraycopy(activations[example], 0, values, example * units, units);
        }
        return new UnitOutputs(values, units, 1);
    }

    /**
     * {@return a copy of the outputs of a layer, which may be an array of a workspace}
     *
     * @param activations examples first, units next or last
     * @param areUnitsLast which of both
     */
    static UnitOutputs of(INDArray activations, boolean areUnitsLast) {
        try (MemoryWorkspace none = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            INDArray ordered = areUnitsLast ? unitsNext(activations) : activations;
            int units = (int) ordered.size(1);
            int positions = (int) (ordered.length() / (ordered.size(0) * units));
            double[] values = ordered.castTo(DataType.DOUBLE).dup('c').data().asDouble();
            return new UnitOutputs(values, units, positions);
        }
    }

    private static INDArray unitsNext(INDArray activations) {
        int[] axes = new int[activations.rank()];
        axes[1] = axes.length - 1;
        for (int axis = 2; axis < axes.length; axis++) {
            axes[axis] = axis - 1;
        }
        return activations.permute(axes);
    }

    /** {@return the number of numbers that each unit put out} */
    int count() {
        return values.length / units;
    }

    /** {@return for each unit the mean of what it put out} */
    double[] means() {
        return meansOf((unit, value) -> value);
    }

    /** {@return for each unit the mean magnitude of what it put out} */
    double[] meanMagnitudes() {
        return meansOf((unit, value) -> Math.abs(value));
    }

    /**
     * {@return for each unit the mean distance of what it put out from a number}
     *
     * @param centers one number per unit
     */
    double[] meanDistances(double[] centers) {
        return meansOf((unit, value) -> Math.abs(value - centers[unit]));
    }

    private interface Term {
        double of(int unit, double value);
    }

    private double[] meansOf(Term term) {
        double[] means = new double[units];
        for (int start = 0, unit = 0; start < values.length; start += positions) {
            double sum = 0;
            for (int i = start; i < start + positions; i++) {
                sum += term.of(unit, values[i]);
            }
            means[unit] += sum;
            unit = unit + 1 == units ? 0 : unit + 1;
        }
        for (int unit = 0; unit < units; unit++) {
            means[unit] /= count();
        }
        return means;
    }

    /** {@return a row for each example and position, a column per unit} */
    double[][] rows() {
        double[][] rows = new double[count()][units];
        for (int i = 0; i < values.length; i++) {
            int example = i / (units * positions);
            rows[example * positions + i % positions][i / positions % units] = values[i];
        }
        return rows;
    }
}
