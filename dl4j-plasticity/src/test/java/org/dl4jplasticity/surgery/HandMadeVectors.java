package org.dl4jplasticity.surgery;

import java.util.List;
import java.util.function.LongToIntFunction;
import java.util.stream.IntStream;

/** Units' weights over arrays of a test, as a matrix of inputs by outputs, outputs slower. */
public final class HandMadeVectors {
    private HandMadeVectors() {}

    /** {@return columns of a matrix in column order: the weights that lead to each unit} */
    public static UnitVectors incoming(double[] matrix, int units) {
        return incoming(matrix, units, whole -> (int) whole);
    }

    /** {@return columns of which some entries may be inactive} */
    public static UnitVectors incoming(double[] matrix, int units, LongToIntFunction place) {
        int[][] each = IntStream.range(0, units).mapToObj(i -> new int[] {i}).toArray(int[][]::new);
        return vectors(
                "0/W", new UnitPositions(matrix.length / units, each, units, 1, place), matrix);
    }

    /** {@return rows of a matrix in column order: the weights that lead from each unit} */
    public static UnitVectors outgoing(double[] matrix, int units) {
        int[][] each = IntStream.range(0, units).mapToObj(i -> new int[] {i}).toArray(int[][]::new);
        return vectors(
                "1/W",
                new UnitPositions(1, each, units, matrix.length / units, whole -> (int) whole),
                matrix);
    }

    private static UnitVectors vectors(String id, UnitPositions positions, double[] matrix) {
        return new UnitVectors(
                id,
                positions,
                numbers(matrix),
                List.of(),
                new UnitVectors.NextBias(null, "there are none"),
                place -> 0);
    }

    private static UnitVectors.Values numbers(double[] values) {
        return new UnitVectors.Values() {
            @Override
            public double get(int place) {
                return values[place];
            }

            @Override
            public void set(int place, double value) {
                values[place] = value;
            }

            @Override
            public double[] all() {
                return values;
            }
        };
    }
}
