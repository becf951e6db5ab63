package org.dl4jplasticity.sparse;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.params.LSTMParamInitializer;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.schedule.LayerShape;
import org.dl4jplasticity.surgery.NetworkParameter;
import org.dl4jplasticity.topology.SparseTopology;
import org.dl4jplasticity.topology.TopologyChange;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.comparison.CompareAndSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.conditions.Conditions;
import org.nd4j.linalg.learning.config.AdaMax;

/** The weights of one of DL4J's own layers under a mask: a connection's id is its place. */
final class MaskedWeights extends NetworkWeights {
    private final MaskableWeights maskable;

    private SparseTopology topology;

    /** The active connections by position. */
    private long[] ids;

    MaskedWeights(NetworkParameter parameter, MaskableWeights maskable, History history) {
        super(parameter, history);
        this.maskable = maskable;
        remember(maskable.mask().orElseThrow());
    }

    private void remember(SparseTopology topology) {
        this.topology = topology;
        this.ids = topology.ids();
    }

    @Override
    public String name() {
        String parameter = maskable.parameter();
        return parameter.equals(DefaultParamInitializer.WEIGHT_KEY)
                ? super.name()
                : super.name() + " " + parameter;
    }

    @Override
    public SparseTopology topology() {
        return topology;
    }

    @Override
    public LayerShape shape() {
        return maskable.shape();
    }

    @Override
    public boolean rowsAreUnits() {
        return maskable.rowsAreUnits();
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // asked at every step: another mask is another object
    boolean isOutdated() {
        return maskable.mask().orElse(null) != topology;
    }

    @Override
    int place(int position) {
        return (int) ids[position];
    }

    @Override
    void setTopology(SparseTopology topology) {
        maskable.setMask(topology);
        remember(topology);
    }

    @Override
    void drawInto(INDArray array) {
        double active = topology.activeCount();
        initialization()
                .init(
                        active / shape().outputs(),
                        active / shape().inputs(),
                        new long[] {array.length()},
                        'f',
                        array);
    }

    private IWeightInit initialization() {
        Layer conf = maskable.configuration();
        boolean recurrent = maskable.key().startsWith(LSTMParamInitializer.RECURRENT_WEIGHT_KEY);
        if (recurrent
                && conf instanceof BaseRecurrentLayer layer
                && layer.getWeightInitFnRecurrent() != null) {
            return layer.getWeightInitFnRecurrent();
        } else if (conf instanceof BaseLayer layer && layer.getWeightInitFn() != null) {
            return layer.getWeightInitFn();
        }
        throw new IllegalStateException(
                "%s: a %s tells no weight initialization; choose another growth initialization"
                        .formatted(name(), conf.getClass().getSimpleName()));
    }

    @Override
    void maskGradient() {
        if (topology.activeCount() < topology.possibleCount()) {
            gradientView().muli(maskable.maskArray());
        }
    }

    @Override
    void stepDone() {
        if (parameter().updater() instanceof AdaMax) { // it adds 1e-32 to every slot
            parameter().slots().forEach(slot -> slot.muli(maskable.maskArray()));
        }
    }

    @Override
    boolean hasDenseGradient() {
        return true;
    }

    @Override
    double[] denseGradientRow(int row) {
        int length = topology.nIn();
        return Arrays.copyOfRange(gradients(), row * length, (row + 1) * length);
    }

    @Override
    long[] largestDenseGradients(SparseTopology occupied, int count) {
        return largest(gradients(), occupied, count);
    }

    @Override
    void apply(TopologyChange change, double[] grown) {
        boolean[] kept = new boolean[ids.length];
        for (int source : change.sources()) {
            if (source >= 0) {
                kept[source] = true;
            }
        }
        long[] after = change.topology().ids();
        set(parameter().values(), kept, change, after, grown);
        double[] zeros = new double[grown.length];
        parameter().slots().forEach(slot -> set(slot, kept, change, after, zeros));
        INDArray movement = history().movement();
        if (movement != null) {
            set(movement, kept, change, after, zeros);
        }
        setTopology(change.topology());
    }

    /** Sets what was dropped to 0 and what was grown to its value; the rest stays. */
    private void set(
            INDArray vector, boolean[] kept, TopologyChange change, long[] after, double[] grown) {
        double[] values = vector.toDoubleVector();
        for (int position = 0; position < ids.length; position++) {
            if (!kept[position]) {
                values[(int) ids[position]] = 0;
            }
        }
        int nextGrown = 0;
        for (int position = 0; position < after.length; position++) {
            if (change.sources()[position] < 0) {
                values[(int) after[position]] = grown[nextGrown++];
            }
        }
        vector.assign(like(vector, values));
    }

    /** Sets inactive weights and their slots to 0, which training without a listener may leave. */
    void clearInactive() {
        maskable.clearInactive();
        INDArray mask = maskable.maskArray();
        parameter()
                .slots()
                .forEach(slot -> Nd4j.exec(new CompareAndSet(slot, mask, Conditions.equals(0))));
    }
}
