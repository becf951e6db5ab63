package org.dl4jplasticity.sparse;

import java.nio.FloatBuffer;
import java.util.random.RandomGenerator;
import org.dl4jplasticity.layers.SparseLayer;
import org.dl4jplasticity.layers.runtime.SparseRuntime;
import org.dl4jplasticity.schedule.LayerShape;
import org.dl4jplasticity.surgery.NetworkParameter;
import org.dl4jplasticity.topology.SparseTopology;
import org.dl4jplasticity.topology.TopologyChange;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The weights of one of this project's sparse layers, where only the active ones exist. */
final class PackedWeights extends NetworkWeights {

    PackedWeights(NetworkParameter parameter, History history) {
        super(parameter, history);
    }

    private SparseRuntime runtime() {
        return (SparseRuntime) layer();
    }

    private SparseLayer conf() {
        return runtime().sparseConf();
    }

    @Override
    public SparseTopology topology() {
        return conf().getTopology();
    }

    @Override
    public LayerShape shape() {
        return conf().shape(name());
    }

    @Override
    public boolean rowsAreUnits() {
        return true;
    }

    @Override
    boolean isOutdated() {
        return false;
    }

    @Override
    int place(int position) {
        return position;
    }

    @Override
    void setTopology(SparseTopology topology) {
        conf().setTopology(topology);
    }

    @Override
    void drawInto(INDArray array) {
        conf().drawWeights(array);
    }

    @Override
    void maskGradient() {
        // There is no gradient but that of active weights.
    }

    @Override
    void stepDone() {
        // Inactive weights have no slots.
    }

    @Override
    boolean hasDenseGradient() {
        return false;
    }

    @Override
    double[] denseGradientRow(int row) {
        return runtime().gradientRow(row);
    }

    @Override
    long[] largestDenseGradients(SparseTopology occupied, int count) {
        return runtime().largestGradients(occupied, count);
    }

    @Override
    public long[] largestSampledGradients(
            SparseTopology occupied, int count, long draws, RandomGenerator random) {
        requireGradient();
        return runtime().largestSampledGradients(occupied, count, draws, random.nextLong());
    }

    @Override
    void apply(TopologyChange change, double[] grown) {
        carry(parameter().values(), change, grown);
        double[] zeros = new double[grown.length];
        parameter().slots().forEach(slot -> carry(slot, change, zeros));
        INDArray movement = history().movement();
        if (movement != null) {
            carry(movement, change, zeros);
        }
        setTopology(change.topology());
    }

    private static void carry(INDArray vector, TopologyChange change, double[] grown) {
        if (vector.dataType() == DataType.FLOAT && vector.rank() == 1 && vector.stride(0) == 1) {
            carryFloats(vector, change.sources(), grown);
        } else {
            vector.assign(like(vector, change.carry(vector.toDoubleVector(), grown)));
        }
    }

    /** The same in less memory: one copy of the numbers as they are. */
    private static void carryFloats(INDArray vector, int[] sources, double[] grown) {
        float[] old = new float[sources.length];
        FloatBuffer numbers = vector.data().asNioFloat();
        numbers.duplicate().get(old);
        int next = 0;
        for (int source : sources) {
            numbers.put(source >= 0 ? old[source] : (float) grown[next++]);
        }
    }
}
