package org.dl4jplasticity.growth;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.dl4jplasticity.surgery.UnitInitialization.Site;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * What a batch tells about new units of a layer. New units take rows {@code a} of the layer's
 * inputs (of a convolution one per output position, a patch) and give to the next layer, whose
 * errors {@code d} they see in the order of their outgoing weights. Everything is the mean over
 * examples of sums over positions, computed on a copy of the network in double precision, without
 * dropout and weight noise; regularization has no part in it.
 *
 * <p>Served are dense, sparse and convolution layers (of any stride, padding and dilation, channels
 * first) that lead to one dense, sparse, output or convolution layer, perhaps through a flattening,
 * with activation functions and dropout alone in between. Sparse layers are taken as if all their
 * connections were active.
 */
public final class GrowthStatistics {
    private final LayerRows rows;
    private final LayerRows nextRows;
    private final ErrorRows errorRows;
    private final double[] errors;
    private final int outputs;
    private final int count;
    private final double examples;
    private final boolean bias;
    private final boolean nextBias;

    /**
     * {@return what a batch tells about a layer that is to grow}
     *
     * @param site the layer
     * @param batch some examples with labels
     * @throws IllegalArgumentException if the layer is none of those served, or the batch gives
     *     numbers that aren't finite
     */
    public static GrowthStatistics of(Site site, MultiDataSet batch) {
        return of(GrowthSite.of(site, "a statistic of new units"), batch);
    }

    static GrowthStatistics of(GrowthSite site, MultiDataSet batch) {
        Recording recording = Recording.of(site.model(), site.id(), site.nextId(), batch);
        requireSame(site, recording);
        return new GrowthStatistics(site, recording, batch.getFeatures(0).size(0));
    }

    private GrowthStatistics(GrowthSite site, Recording recording, double examples) {
        this.examples = examples;
        Layer layer = Networks.layer(recording.copy(), site.id()).conf().getLayer();
        Layer next = Networks.layer(recording.copy(), site.nextId()).conf().getLayer();
        long[] between = recording.preActivation().shape();
        long[] after = recording.error().shape();
        count = (int) recording.input().size(0);
        rows = LayerRows.of(layer, recording.input(), between);
        nextRows = LayerRows.of(next, recording.nextInput(), after);
        errorRows = ErrorRows.of(next, between, after);
        errors = recording.error().data().asDouble();
        outputs = (int) after[1];
        bias = site.hasBias();
        nextBias = site.nextHasBias();
        if (!Arrays.stream(errors).allMatch(Double::isFinite)) {
            throw new IllegalArgumentException(
                    "Layer %s: expected a batch with finite errors, got some that are not"
                            .formatted(site.id()));
        }
    }

    /** A graph's vertices and preprocessors in between are seen by what they do. */
    private static void requireSame(GrowthSite site, Recording recording) {
        INDArray expected = site.function().applied(recording.preActivation());
        INDArray got = recording.nextInput();
        boolean same =
                expected.rank() % 2 == 0
                        && expected.length() == got.length()
                        && expected.size(0) == got.size(0)
                        && isNear(expected.data().asDouble(), got.data().asDouble());
        if (!same) {
            throw new IllegalArgumentException(
                    "Layer %s: expected that layer %s gets this layer's units and nothing else, got an input of shape %s that is not the units' output of shape %s"
                            .formatted(
                                    site.id(),
                                    site.nextId(),
                                    Arrays.toString(got.shape()),
                                    Arrays.toString(expected.shape())));
        }
    }

    private static boolean isNear(double[] expected, double[] got) {
        for (int i = 0; i < got.length; i++) {
            if (Math.abs(expected[i] - got[i]) > 1e-9 * (1 + Math.abs(expected[i]))) {
                return false;
            }
        }
        return true;
    }

    /** {@return the number of incoming weights of a unit, without its bias} */
    public int incomingLength() {
        return rows.length();
    }

    /** {@return the number of outgoing weights of a unit} */
    public int outgoingLength() {
        return errorRows.length();
    }

    /** {@return the number of inputs of {@link #covariance()}: one more where there are biases} */
    int inputs() {
        return rows.length() + (bias ? 1 : 0);
    }

    boolean hasBias() {
        return bias;
    }

    /**
     * {@return {@code M}, the mean of {@code a^T d}: the gradient of the loss by a linear map from
     * the layer's inputs to the next layer's weighted sums; {@link #incomingLength()} rows of
     * {@link #outgoingLength()} numbers, one row behind the other}
     */
    public double[] gradient() {
        double[] sum = new double[incomingLength() * outgoingLength()];
        for (int example = 0; example < count; example++) {
            errorRows.addProduct(rows.of(example, false), incomingLength(), error(example), sum);
        }
        return mean(sum);
    }

    /**
     * {@return the mean of {@code a^T a}, with a 1 behind each row {@code a} for the bias, if the
     * layer has biases; as many rows as columns, one row behind the other}
     */
    public double[] covariance() {
        return covariance(rows, count, bias, examples);
    }

    static double[] covariance(LayerRows rows, int count, boolean ones, double examples) {
        int length = rows.length() + (ones ? 1 : 0);
        double[] sum = new double[length * length];
        for (int example = 0; example < count; example++) {
            double[] some = rows.of(example, ones);
            Products.addTransposed(some, rows.perExample(), length, some, length, sum);
        }
        Arrays.setAll(sum, i -> sum[i] / examples);
        return sum;
    }

    /**
     * {@return the mean of {@code a^T r}, with a 1 behind each row {@code a} for the bias, if the
     * layer has biases; r is what the next layer wants, the negative of its errors, less what the
     * best change of its own weights would give, the least squares one; one row behind the other}
     *
     * @param eigenvalue directions of the next layer's inputs are left out whose share of the
     *     largest eigenvalue is not above this; at least 0
     */
    public double[] residual(double eigenvalue) {
        int length = nextRows.length() + (nextBias ? 1 : 0);
        double[] best = bestUpdate(length, eigenvalue);
        double[] sum = new double[inputs() * outgoingLength()];
        for (int example = 0; example < count; example++) {
            double[] given =
                    Products.product(
                            nextRows.of(example, nextBias),
                            nextRows.perExample(),
                            length,
                            best,
                            outputs);
            double[] residual = error(example);
            for (int i = 0; i < residual.length; i++) {
                int position = i % nextRows.perExample();
                int output = i / nextRows.perExample();
                residual[i] = -residual[i] - given[position * outputs + output];
            }
            errorRows.addProduct(rows.of(example, bias), inputs(), residual, sum);
        }
        return mean(sum);
    }

    /**
     * {@return how the loss would fall with the outgoing weights of units, from 0 on: for every
     * unit the negative gradient, {@link #outgoingLength()} numbers; one unit behind the other}
     *
     * @param incoming for every unit its incoming weights, and its bias if the layer has biases
     * @param function what is applied to its weighted sums, less what that gives for 0
     */
    double[] descent(double[][] incoming, UnitFunction function) {
        double zero = function.value(0);
        double[] sum = new double[incoming.length * outgoingLength()];
        for (int example = 0; example < count; example++) {
            double[] some = rows.of(example, bias);
            double[] sums = new double[rows.perExample() * incoming.length];
            for (int i = 0; i < sums.length; i++) {
                double[] weights = incoming[i % incoming.length];
                int start = i / incoming.length * inputs();
                for (int input = 0; input < inputs(); input++) {
                    sums[i] += weights[input] * some[start + input];
                }
            }
            double[] outputs = function.values(sums);
            Arrays.setAll(outputs, i -> zero - outputs[i]);
            errorRows.addProduct(outputs, incoming.length, error(example), sum);
        }
        return mean(sum);
    }

    /** The change of the next layer's weights that comes nearest to what it wants. */
    private double[] bestUpdate(int length, double eigenvalue) {
        double[] wanted = new double[length * outputs];
        for (int example = 0; example < count; example++) {
            double[] error = error(example);
            double[] transposed = new double[error.length];
            for (int i = 0; i < error.length; i++) {
                int position = i % nextRows.perExample();
                transposed[position * outputs + i / nextRows.perExample()] = -error[i];
            }
            Products.addTransposed(
                    nextRows.of(example, nextBias),
                    nextRows.perExample(),
                    length,
                    transposed,
                    outputs,
                    wanted);
        }
        InverseRoot root =
                InverseRoot.of(covariance(nextRows, count, nextBias, examples), eigenvalue);
        return root.solve(mean(wanted), outputs);
    }

    /** A copy of an example's errors, by output unit, then by position. */
    private double[] error(int example) {
        int length = outputs * nextRows.perExample();
        return Arrays.copyOfRange(errors, example * length, (example + 1) * length);
    }

    private double[] mean(double[] sum) {
        return Arrays.stream(sum).map(it -> it / examples).toArray();
    }
}
