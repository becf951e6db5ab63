package org.dl4jplasticity.dropout;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The units that all examples of a minibatch keep.
 *
 * @param all how many units there are
 * @param kept the numbers of those that are kept, ascending
 * @param factor what they are multiplied by
 */
@SuppressWarnings("ArrayRecordComponent") // shared, and never written
record KeptUnits(int all, int[] kept, double factor) {

    /** {@return all units, as they are} */
    static KeptUnits all(long units) {
        int all = Math.toIntExact(units);
        return new KeptUnits(all, IntStream.range(0, all).toArray(), 1);
    }

    /** {@return the units whose factor isn't 0, which all have the same} */
    static KeptUnits of(double[] factors) {
        int[] kept = IntStream.range(0, factors.length).filter(i -> factors[i] != 0).toArray();
        return new KeptUnits(factors.length, kept, kept.length == 0 ? 0 : factors[kept[0]]);
    }

    int count() {
        return kept.length;
    }

    boolean areAll() {
        return kept.length == all;
    }

    /** {@return for each unit its factor, or 0 if it is dropped} */
    INDArray factors(DataType type) {
        double[] factors = new double[all];
        Arrays.stream(kept).forEach(unit -> factors[unit] = factor);
        return Nd4j.createFromArray(factors).castTo(type);
    }
}
