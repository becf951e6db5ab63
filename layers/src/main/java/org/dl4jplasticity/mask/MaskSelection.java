package org.dl4jplasticity.mask;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.dl4jplasticity.topology.Ranking;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Which weights of a dense layer become the active ones when a mask is laid over it. */
@FunctionalInterface
public interface MaskSelection {

    /**
     * {@return the active weights}
     *
     * @param weights what the mask is for
     * @param index the place of these weights among all of the network's {@link MaskableWeights},
     *     from 0: the same whichever of them a filter chooses
     * @param active how many are to be active, in [1, all]
     */
    SparseTopology select(MaskableWeights weights, int index, long active);

    /**
     * {@return random weights, every set of that size equally likely}
     *
     * @param seed any number; distinct weights draw from distinct streams
     */
    static MaskSelection random(long seed) {
        return (weights, index, active) ->
                SparseTopology.random(
                        weights.rowLength(), weights.rows(), active, stream(seed, index));
    }

    /**
     * {@return the weights of largest magnitude: for a trained network} Of equal magnitudes the one
     * of lower id; what is not a number counts as smallest.
     */
    static MaskSelection largestMagnitude() {
        return (weights, index, active) -> {
            double[] magnitudes =
                    new double[Math.multiplyExact(weights.rowLength(), weights.rows())];
            INDArray array = weights.array();
            double[] values =
                    array.reshape(array.ordering(), new long[] {array.length()}).toDoubleVector();
            Arrays.setAll(magnitudes, i -> Math.abs(values[i]));
            int[] chosen = Ranking.highest(magnitudes, Math.toIntExact(active));
            return SparseTopology.of(
                    weights.rowLength(),
                    weights.rows(),
                    Arrays.stream(chosen).asLongStream().toArray());
        };
    }

    private static SplittableRandom stream(long seed, int index) {
        return new SplittableRandom(seed + 0x632BE59BD9B4E019L * index);
    }
}
