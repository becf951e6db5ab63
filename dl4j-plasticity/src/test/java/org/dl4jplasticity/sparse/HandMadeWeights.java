package org.dl4jplasticity.sparse;

import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.dl4jplasticity.schedule.LayerShape;
import org.dl4jplasticity.topology.SparseTopology;

/** Weights of a row of connections, every other of which is active, without gradient. */
final class HandMadeWeights implements PlasticWeights {
    private final double[] values;

    private HandMadeWeights(double[] values) {
        this.values = values;
    }

    static HandMadeWeights of(double... values) {
        return new HandMadeWeights(values);
    }

    @Override
    public String name() {
        return "by hand";
    }

    @Override
    public SparseTopology topology() {
        long[] ids = IntStream.range(0, values.length).mapToLong(i -> 2L * i).toArray();
        return SparseTopology.of(2 * values.length, 1, ids);
    }

    @Override
    public LayerShape shape() {
        return LayerShape.dense(name(), 2L * values.length, 1);
    }

    @Override
    public boolean rowsAreUnits() {
        return true;
    }

    @Override
    public boolean isOutput() {
        return false;
    }

    @Override
    public int target() {
        return values.length;
    }

    @Override
    public int minibatch() {
        return 1;
    }

    @Override
    public double[] gradientRow(int row) {
        throw new IllegalStateException("not known");
    }

    @Override
    public double momentum(int position) {
        throw new IllegalStateException("not known");
    }

    @Override
    public long[] largestMomenta(SparseTopology occupied, int count) {
        throw new IllegalStateException("not known");
    }

    @Override
    public double movement(int position) {
        throw new IllegalStateException("not known");
    }

    @Override
    public SparseTopology explored() {
        return topology();
    }

    @Override
    public double value(int position) {
        return values[position];
    }

    @Override
    public double gradient(int position) {
        throw new IllegalStateException("not known");
    }

    @Override
    public long[] largestGradients(SparseTopology occupied, int count) {
        throw new IllegalStateException("not known");
    }

    @Override
    public double[] drawInitial(int count, RandomGenerator random) {
        return IntStream.range(0, count).mapToDouble(i -> random.nextDouble()).toArray();
    }
}
