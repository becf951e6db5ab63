package org.dl4jplasticity.sparse;

import java.util.random.RandomGenerator;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.nn.updater.UpdaterBlock.ParamState;
import org.dl4jplasticity.layers.SparseLayer;
import org.dl4jplasticity.layers.runtime.SparseRuntime;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.dl4jplasticity.topology.TopologyChange;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The weights of one of this project's sparse layers, where only the active ones exist. */
final class PackedWeights implements PlasticWeights {
    private static final String WEIGHTS = DefaultParamInitializer.WEIGHT_KEY;

    private final Layer layer;
    private final SparseRuntime runtime;
    private final double[] values;

    /** Null where the gradient is not known. */
    private final double[] gradients;

    private PackedWeights(Layer layer, boolean gradientKnown) {
        this.layer = layer;
        this.runtime = (SparseRuntime) layer;
        this.values = layer.getParam(WEIGHTS).toDoubleVector();
        this.gradients = gradientKnown ? gradientView().toDoubleVector() : null;
    }

    /** {@return the weights of a layer before a step, with the raw gradient of the minibatch} */
    static PackedWeights withGradient(Layer layer) {
        return new PackedWeights(layer, true);
    }

    /** {@return the weights of a layer at rest, without gradient} */
    static PackedWeights atRest(Layer layer) {
        return new PackedWeights(layer, false);
    }

    private INDArray gradientView() {
        INDArray flat = layer.getGradientsViewArray();
        return flat.reshape(flat.length()).get(NDArrayIndex.interval(0, topology().activeCount()));
    }

    Layer layer() {
        return layer;
    }

    private SparseLayer conf() {
        return runtime.sparseConf();
    }

    @Override
    public String name() {
        return name(layer);
    }

    /** {@return what messages call a layer} */
    static String name(Layer layer) {
        String name = layer.conf().getLayer().getLayerName();
        return name == null
                ? "layer " + layer.getIndex()
                : "layer " + layer.getIndex() + " (" + name + ")";
    }

    @Override
    public SparseTopology topology() {
        return conf().getTopology();
    }

    @Override
    public double value(int position) {
        return values[position];
    }

    @Override
    public double gradient(int position) {
        requireGradient();
        return gradients[position];
    }

    @Override
    public long[] largestGradients(SparseTopology occupied, int count) {
        requireGradient();
        return runtime.largestGradients(occupied, count);
    }

    private void requireGradient() {
        if (gradients == null) {
            throw new IllegalStateException(
                    name()
                            + ": the gradient is known only where updates take the place of an"
                            + " optimizer step; build with insteadOfStep(true) and a schedule of"
                            + " iterations");
        }
    }

    /**
     * Draws with ND4J's generator, for DL4J's initializations know no other, but seeded from the
     * given one and put back into its state.
     */
    @Override
    public double[] drawInitial(int count, RandomGenerator random) {
        if (count == 0) {
            return new double[0]; // DL4J's initializations refuse an empty array
        }
        Random global = Nd4j.getRandom();
        long root = global.rootState();
        long node = global.nodeState();
        long seed = global.getSeed();
        try {
            global.setSeed(random.nextLong());
            INDArray drawn = Nd4j.create(layer.getParam(WEIGHTS).dataType(), count);
            conf().drawWeights(drawn);
            return drawn.toDoubleVector();
        } finally {
            global.setSeed(seed);
            global.setStates(root, node);
        }
    }

    /**
     * Applies a change that keeps the number of active connections: survivors keep their value and
     * optimizer slots, grown connections get the given values and slots of 0.
     */
    void apply(TopologyChange change, double[] grown, PlasticNetwork network) {
        INDArray parameter = layer.getParam(WEIGHTS);
        parameter.assign(
                Nd4j.createFromArray(change.carry(values, grown)).castTo(parameter.dataType()));
        double[] zeros = new double[grown.length];
        for (UpdaterBlock block : network.updater().getUpdaterBlocks()) {
            for (ParamState state : block.getLayersAndVariablesInBlock()) {
                if (OptimizerSlots.layer(state) == layer && state.getParamName().equals(WEIGHTS)) {
                    for (INDArray slot : OptimizerSlots.of(block, state)) {
                        double[] carried = change.carry(slot.toDoubleVector(), zeros);
                        slot.assign(Nd4j.createFromArray(carried).castTo(slot.dataType()));
                    }
                }
            }
        }
        conf().setTopology(change.topology());
    }
}
