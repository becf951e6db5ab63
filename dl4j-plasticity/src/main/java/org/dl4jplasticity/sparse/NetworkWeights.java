package org.dl4jplasticity.sparse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.random.RandomGenerator;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.dl4jplasticity.kernel.LargestEntries;
import org.dl4jplasticity.layers.runtime.SparseRuntime;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.surgery.NetworkParameter;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.dl4jplasticity.topology.TopologyChange;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.factory.Nd4j;

/** The weights of an initialized network, packed or masked. */
abstract class NetworkWeights implements PlasticWeights {
    private final String id;
    private final NetworkParameter parameter;
    private final INDArray gradientView;
    private final History history;

    /** By place in the parameter; loaded when an update asks for them and forgotten after it. */
    private IntToDoubleFunction values;

    private double[] gradients;
    private double[] movements;
    private double[] momenta;
    private int minibatch;

    NetworkWeights(NetworkParameter parameter, History history) {
        this.id = parameter.id();
        this.parameter = parameter;
        this.gradientView = parameter.gradient();
        this.history = history;
    }

    /**
     * {@return the sparse weights of a network, in the order of its parameters}
     *
     * @param network the network
     * @param histories what is known of them by id; histories of new weights are added
     */
    static List<NetworkWeights> of(PlasticNetwork network, Map<String, History> histories) {
        Map<String, MaskableWeights> masked = new HashMap<>();
        for (MaskableWeights maskable : MaskableWeights.of(network.model())) {
            if (maskable.mask().isPresent()) {
                masked.put(maskable.id(), maskable);
            }
        }
        List<NetworkWeights> all = new ArrayList<>();
        for (NetworkParameter parameter : network.table()) {
            String id = parameter.id();
            MaskableWeights maskable = masked.get(id);
            if (maskable != null) {
                SparseTopology mask = maskable.mask().orElseThrow();
                History history = history(histories, id, mask);
                all.add(new MaskedWeights(parameter, maskable, history));
            } else if (parameter.layer() instanceof SparseRuntime runtime
                    && parameter.name().equals(DefaultParamInitializer.WEIGHT_KEY)) {
                SparseTopology topology = runtime.sparseConf().getTopology();
                History history = history(histories, id, topology);
                all.add(new PackedWeights(parameter, history));
            }
        }
        return all;
    }

    /** {@return what is known of weights; nothing yet if they have another shape than they had} */
    private static History history(
            Map<String, History> histories, String id, SparseTopology topology) {
        return histories.compute(
                id,
                (key, known) ->
                        known != null && known.isOfShape(topology) ? known : new History(topology));
    }

    /** {@return whether somebody else has laid another mask, or taken it away} */
    abstract boolean isOutdated();

    /** {@return the place in the parameter of a connection at a position} */
    abstract int place(int position);

    abstract void setTopology(SparseTopology topology);

    /** Draws initial values into an array. */
    abstract void drawInto(INDArray array);

    /** Multiplies the gradient by the mask, so that inactive weights stay where they are. */
    abstract void maskGradient();

    /** Sets to 0 what an optimizer step may have left in slots of inactive weights. */
    abstract void stepDone();

    /** {@return whether the dense gradient exists, or only its entries at active connections} */
    abstract boolean hasDenseGradient();

    /**
     * Carries the values and optimizer slots through a change that keeps the parameter's length.
     */
    abstract void apply(TopologyChange change, double[] grown);

    String id() {
        return id;
    }

    NetworkParameter parameter() {
        return parameter;
    }

    Layer layer() {
        return parameter.layer();
    }

    History history() {
        return history;
    }

    /** {@return the gradient of the minibatch, in place} */
    INDArray gradientView() {
        return gradientView;
    }

    /**
     * Begins an update, which looks at the numbers of this moment.
     *
     * @param minibatch the number of examples the gradient is a sum over; 0 if it is not there
     */
    void begin(int minibatch) {
        forget();
        this.minibatch = minibatch;
    }

    /** Lets the memory of the numbers go; they are loaded again if they are asked for. */
    void forget() {
        values = null;
        gradients = null;
        movements = null;
        momenta = null;
    }

    /** {@return the gradient by place in the parameter} */
    final double[] gradients() {
        requireGradient();
        if (gradients == null) {
            gradients = gradientView.toDoubleVector();
        }
        return gradients;
    }

    @Override
    public String name() {
        return PlasticNetwork.name(layer());
    }

    @Override
    public boolean isOutput() {
        return layer() instanceof IOutputLayer;
    }

    @Override
    public int target() {
        return history.target();
    }

    @Override
    public SparseTopology explored() {
        return history.explored().topology();
    }

    @Override
    public int minibatch() {
        return Math.max(1, minibatch);
    }

    @Override
    public double value(int position) {
        if (values == null) {
            values = numbers(parameter.values());
        }
        return values.applyAsDouble(place(position));
    }

    /** A copy in the precision that the numbers have. */
    private static IntToDoubleFunction numbers(INDArray vector) {
        if (vector.dataType() == DataType.FLOAT) {
            float[] floats = vector.toFloatVector();
            return place -> floats[place];
        }
        double[] doubles = vector.toDoubleVector();
        return place -> doubles[place];
    }

    @Override
    public double gradient(int position) {
        return gradients()[place(position)];
    }

    @Override
    public double[] gradientRow(int row) {
        requireGradient();
        return denseGradientRow(row);
    }

    /** {@return a row of the dense gradient, from the parameter's gradient or from the layer} */
    abstract double[] denseGradientRow(int row);

    @Override
    public long[] largestGradients(SparseTopology occupied, int count) {
        requireGradient();
        return largestDenseGradients(occupied, count);
    }

    abstract long[] largestDenseGradients(SparseTopology occupied, int count);

    void requireGradient() {
        if (minibatch == 0) {
            throw new IllegalStateException(
                    name()
                            + ": the gradient is known only where updates take the place of an"
                            + " optimizer step; build with insteadOfStep(true) and a schedule of"
                            + " iterations");
        }
    }

    @Override
    public double momentum(int position) {
        return momenta()[place(position)];
    }

    @Override
    public long[] largestMomenta(SparseTopology occupied, int count) {
        return largest(momenta(), occupied, count);
    }

    @Override
    public double movement(int position) {
        if (movements == null) {
            movements = tracked(history.movement(), Signal.MOVEMENT);
        }
        return movements[place(position)];
    }

    private double[] momenta() {
        if (momenta == null) {
            momenta = tracked(history.momentum(), Signal.MOMENTUM);
        }
        return momenta;
    }

    private double[] tracked(INDArray numbers, Signal signal) {
        if (numbers == null) {
            throw new IllegalStateException(
                    "%s: no %s is kept; a criterion that looks at it must say so in needs()"
                            .formatted(name(), signal));
        }
        return numbers.toDoubleVector();
    }

    /** {@return the largest of dense numbers outside a topology} */
    static long[] largest(double[] dense, SparseTopology occupied, int count) {
        LargestEntries largest = LargestEntries.outside(occupied, count);
        for (int row = 0; row < occupied.nOut(); row++) {
            int start = row * occupied.nIn();
            largest.offerInactive(row, column -> dense[start + column]);
        }
        return largest.ids();
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
            INDArray drawn = Nd4j.create(parameter.values().dataType(), count);
            drawInto(drawn);
            return drawn.toDoubleVector();
        } finally {
            global.setSeed(seed);
            global.setStates(root, node);
        }
    }

    static INDArray like(INDArray array, double[] values) {
        return Nd4j.createFromArray(values).castTo(array.dataType());
    }
}
