package org.dl4jplasticity.pruning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The polarization regularizer (Zhuang et al. 2020, <i>Neuron-level Structured Pruning using
 * Polarization Regularizer</i>, NeurIPS): drives the scales of batch normalization, gamma, to 0 or
 * away from it, so that channels of scale 0 can go. To the loss is added
 *
 * <pre>{@code lambda (t sum_i |gamma_i| - sum_i |gamma_i - mean|)}</pre>
 *
 * <p>with the mean over the gammas of all batch normalizations of the network. As a listener it
 * adds lambda times the subgradient to each gradient and keeps every gamma in [0, a] after each
 * step. The loss that DL4J reports doesn't have the penalty. Published settings: lambda 5e-5, t 1.4
 * for ResNet-56 on CIFAR-10; 3e-5, 1.5 for VGG-16; a 1.
 *
 * <pre>{@code
 * network.addListeners(new Polarization(5e-5, 1.4, 1));
 * network.fit(data, 100);
 * Polarization.threshold(network).ifPresent(t ->
 *         Narrowing.by(UnitScore.scale()).threshold(t).applyTo(network));
 * }</pre>
 */
public final class Polarization extends BaseTrainingListener {
    private static final int BINS = 100;

    private final double lambda;
    private final double t;
    private final double largest;

    /**
     * Sets what the regularizer does.
     *
     * @param lambda its strength, at least 0
     * @param t how much small scales are favoured, finite
     * @param largest the largest scale, a, above 0
     * @throws IllegalArgumentException if one is out of its range
     */
    public Polarization(double lambda, double t, double largest) {
        if (!(lambda >= 0 && Double.isFinite(lambda))) {
            throw new IllegalArgumentException(
                    "polarization: lambda must be at least 0 and finite, got " + lambda);
        }
        if (!Double.isFinite(t)) {
            throw new IllegalArgumentException("polarization: t must be finite, got " + t);
        }
        if (!(largest > 0)) {
            throw new IllegalArgumentException(
                    "polarization: the largest scale must be above 0, got " + largest);
        }
        this.lambda = lambda;
        this.t = t;
        this.largest = largest;
    }

    /**
     * {@return the penalty {@code t sum_i |gamma_i| - sum_i |gamma_i - mean|}, without lambda}
     *
     * @param t how much small scales are favoured
     * @param gammas the scales
     */
    public static double penalty(double t, double... gammas) {
        double mean = Arrays.stream(gammas).average().orElse(0);
        return Arrays.stream(gammas)
                .map(gamma -> t * Math.abs(gamma) - Math.abs(gamma - mean))
                .sum();
    }

    /**
     * {@return a subgradient of {@link #penalty} by each of the scales: {@code t sign(gamma_i) -
     * sign(gamma_i - mean) + mean_j sign(gamma_j - mean)}}
     *
     * @param t how much small scales are favoured
     * @param gammas the scales
     */
    public static double[] subgradient(double t, double... gammas) {
        double mean = Arrays.stream(gammas).average().orElse(0);
        double side =
                Arrays.stream(gammas).map(gamma -> Math.signum(gamma - mean)).average().orElse(0);
        return Arrays.stream(gammas)
                .map(gamma -> t * Math.signum(gamma) - Math.signum(gamma - mean) + side)
                .toArray();
    }

    /**
     * {@return where scales that stay part from those that go: the lower edge of the first local
     * minimum of a histogram of 100 bins over [0, 1], the first bin after which there are more and
     * before which there aren't fewer; empty if there is none} Scales outside are left out.
     *
     * @param gammas the scales
     */
    public static OptionalDouble threshold(double... gammas) {
        int[] bins = new int[BINS];
        for (double gamma : gammas) {
            if (gamma >= 0 && gamma <= 1) {
                int bin = (int) (gamma * BINS);
                boolean isNext = gamma >= (bin + 1) / (double) BINS; // 0.29 * 100 is below 29
                bins[Math.min(BINS - 1, isNext ? bin + 1 : bin)]++;
            }
        }
        for (int bin = 1; bin < BINS - 1; bin++) {
            if (bins[bin] <= bins[bin - 1] && bins[bin + 1] > bins[bin]) {
                return OptionalDouble.of(bin / (double) BINS);
            }
        }
        return OptionalDouble.empty();
    }

    /**
     * {@return the {@linkplain #threshold(double...) threshold} of all a network's scales}
     *
     * @param network an initialized {@code MultiLayerNetwork} or {@code ComputationGraph}
     */
    public static OptionalDouble threshold(Model network) {
        return threshold(
                scales(network).stream()
                        .flatMapToDouble(gamma -> Arrays.stream(gamma.dup().data().asDouble()))
                        .toArray());
    }

    /** {@return the scales of every batch normalization that learns them} */
    private static List<INDArray> scales(Model network) {
        return layers(network).stream()
                .map(layer -> layer.getParam(BatchNormalizationParamInitializer.GAMMA))
                .toList();
    }

    private static List<Layer> layers(Model network) {
        return PlasticNetwork.of(network).layers().stream()
                .filter(
                        layer ->
                                layer.conf().getLayer() instanceof BatchNormalization normalization
                                        && !normalization.isLockGammaBeta())
                .toList();
    }

    /**
     * Adds to the gradients of the scales.
     *
     * @param model the network
     */
    @Override
    public void onGradientCalculation(Model model) {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            List<Layer> layers = layers(model);
            List<double[]> parts = new ArrayList<>();
            for (INDArray gamma : scales(model)) {
                parts.add(gamma.dup().data().asDouble());
            }
            double[] all = parts.stream().flatMapToDouble(Arrays::stream).toArray();
            double[] subgradient = subgradient(t, all);
            // Gradients are sums over the batch here, to be divided by its size.
            PlasticNetwork network = PlasticNetwork.of(model);
            int next = 0;
            for (int i = 0; i < layers.size(); i++) {
                int from = next;
                next += parts.get(i).length;
                String key =
                        network.layerId(layers.get(i))
                                + "_"
                                + BatchNormalizationParamInitializer.GAMMA;
                INDArray gradient = model.gradient().gradientForVariable().get(key);
                double factor =
                        lambda * (layers.get(i).conf().isMiniBatch() ? model.batchSize() : 1);
                double[] added =
                        Arrays.stream(subgradient, from, next).map(each -> factor * each).toArray();
                gradient.addi(
                        Nd4j.createFromArray(added)
                                .castTo(gradient.dataType())
                                .reshape(gradient.shape()));
            }
        }
    }

    /**
     * Keeps the scales in [0, a].
     *
     * @param model the network
     * @param iteration not looked at
     * @param epoch not looked at
     */
    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            for (INDArray gamma : scales(model)) {
                for (long i = 0; i < gamma.length(); i++) {
                    double value = gamma.getDouble(i);
                    if (value < 0 || value > largest) {
                        gamma.putScalar(i, value < 0 ? 0 : largest);
                    }
                }
            }
        }
    }
}
