package org.dl4jplasticity.growth;

import java.util.function.Supplier;
import org.dl4jplasticity.surgery.UnitInitialization;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * What new units start with. {@code V} are a new unit's incoming weights, {@code Z} its outgoing
 * ones. Unless said otherwise biases, and what batch normalization has for a unit, start with what
 * the layers' configurations say, and weights are drawn from a normal distribution around 0 with
 * the standard deviation of the existing weights of the same parameter (where that is 0, the square
 * root of 2 over the number of inputs: He et al., ICCV 2015).
 */
public final class NewUnits {
    private static final double SCALE = 0.5;
    private static final double THRESHOLD = 1e-3;

    private NewUnits() {}

    /**
     * {@return V and Z random} What the network computes changes. "Sample a number of new neurons"
     * in Algorithm 1 of Li, Milling, Schuller, Neuroplasticity in Artificial Intelligence (2025),
     * taken literally.
     */
    public static UnitInitialization random() {
        return new RandomUnits();
    }

    /**
     * {@return V random, Z zero} What the network computes stays. At first the loss has a gradient
     * by Z alone; V moves from the second step on.
     */
    public static UnitInitialization zeroOutgoing() {
        return new ZeroOutgoing();
    }

    /**
     * {@return pairs of units with the same random V, and random Z and -Z} What the network
     * computes stays, and the loss has a gradient by V and Z at once. Units are added by even
     * numbers. Yuan, Savarese, Maire, NeurIPS 2023, section 3, without scaling.
     */
    public static UnitInitialization paired() {
        return new PairedUnits();
    }

    /** {@return exact copies of units chosen at random} See {@link #net2Wider(double)}. */
    public static UnitInitialization net2Wider() {
        return new Net2Wider(0);
    }

    /**
     * {@return copies of units chosen at random, one perhaps several times: V, biases and what
     * batch normalization has are the source's, and source and copies share its Z in equal parts}
     * Without noise what the network computes stays, but copies have the gradient of their source:
     * they part only where something parts them, as dropout does. Net2WiderNet: Chen, Goodfellow,
     * Shlens, ICLR 2016.
     *
     * @param noise of normally distributed numbers that are added to the copies' V, the standard
     *     deviation as a share of that of the existing weights; at least 0
     * @throws IllegalArgumentException if it is out of range
     */
    public static UnitInitialization net2Wider(double noise) {
        return new Net2Wider(noise);
    }

    /**
     * {@return GradMax with half of the existing units' length of Z}
     *
     * @param batch some examples with labels
     * @see #gradMax(Supplier, double)
     */
    public static UnitInitialization gradMax(DataSet batch) {
        return gradMax(batch::toMultiDataSet, SCALE);
    }

    /**
     * {@return V zero and the Z that give V the largest gradient} Z are the right singular vectors
     * of the gradient by an auxiliary linear map around the layer ({@link
     * GrowthStatistics#gradient()}), those of the largest singular values, so that the norm of the
     * gradient by V is the root of the sum of their squares, times the length of Z and the slope of
     * the activation function. Where there are fewer than new units, the others get random mixtures
     * of them. What the network computes stays. An activation function without a slope at 0, as
     * ReLU, gets a bias of 0.1; what new units then give to the next layer, or do anyway as the
     * logistic function does, is taken out of the next layer's biases. Evci, van Merriënboer,
     * Unterthiner, Vladymyrov, Pedregosa, ICLR 2022.
     *
     * <p>Planning it throws an IllegalArgumentException where {@link GrowthStatistics} doesn't
     * serve the layer, where that constant can't be taken out exactly, and on a batch without
     * gradient.
     *
     * @param batch gives some examples with labels, anew at each growth
     * @param scale the length of each Z, as a share of the mean length of the existing units';
     *     greater than 0; published with 0.5
     * @throws IllegalArgumentException if it is out of range
     */
    public static UnitInitialization gradMax(Supplier<? extends MultiDataSet> batch, double scale) {
        return new GradMax(batch, scale);
    }

    /**
     * {@return TINY with singular values from 0.001 on}
     *
     * @param batch some examples with labels
     * @see #tiny(Supplier, double)
     */
    public static UnitInitialization tiny(DataSet batch) {
        return tiny(batch::toMultiDataSet, THRESHOLD);
    }

    /**
     * {@return V and Z that lower the loss the most to first order, and nothing that the next
     * layer's own weights could do} See {@link GrowthStatistics#residual}; of a unit and its
     * negative, the same were units linear, that is taken which lowers the loss more. Both are
     * scaled by the amplitude at which the loss on the batch is least, found by a line search on a
     * copy of the network. What the network computes changes for the better. Where there are fewer
     * directions than new units, or none that lowers the loss, the others start with random V and
     * zero Z. In sparse layers new units have the connections of old ones, chosen at random.
     * Verbockhaven, Rudkiewicz, Chevallier, Charpiat, TMLR 2024.
     *
     * <p>Planning it throws an IllegalArgumentException where {@link GrowthStatistics} doesn't
     * serve the layer, and where the activation function is not 0 at 0 and that constant can't be
     * taken out of the next layer's biases.
     *
     * @param batch gives some examples with labels, anew at each growth
     * @param threshold the smallest singular value, in units of the derivative of the loss by the
     *     next layer's weighted sums, that is taken for a direction and not for noise; at least 0
     * @throws IllegalArgumentException if it is out of range
     */
    public static UnitInitialization tiny(
            Supplier<? extends MultiDataSet> batch, double threshold) {
        return new Tiny(batch, threshold);
    }

    /**
     * {@return V whose pre-activations on a batch are orthogonal to those of the existing units and
     * of one another, Z zero}
     *
     * @param batch some examples with labels
     * @see #orthogonal(Supplier)
     */
    public static UnitInitialization orthogonal(DataSet batch) {
        return orthogonal(batch::toMultiDataSet);
    }

    /**
     * {@return V whose pre-activations on a batch are orthogonal to those of the existing units and
     * of one another, Z zero} Their length is the mean of the existing units', and their biases
     * belong to them. What the network computes stays. Served are dense and convolution layers;
     * that need more inputs than units, and a batch that shows them. NORTH-Pre: Maile, Rachelson,
     * Luga, Wilson, AutoML 2022.
     *
     * <p>Planning it throws an IllegalArgumentException for another layer, or without room.
     *
     * @param batch gives some examples with labels, anew at each growth
     */
    public static UnitInitialization orthogonal(Supplier<? extends MultiDataSet> batch) {
        return new Orthogonal(batch);
    }
}
