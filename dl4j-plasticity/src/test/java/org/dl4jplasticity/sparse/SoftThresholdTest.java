package org.dl4jplasticity.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;
import static org.dl4jplasticity.sparse.LatentNetworks.ids;
import static org.dl4jplasticity.sparse.LatentNetworks.mask;
import static org.dl4jplasticity.sparse.LatentNetworks.settings;
import static org.dl4jplasticity.sparse.LatentNetworks.support;
import static org.dl4jplasticity.sparse.LatentNetworks.twice;
import static org.dl4jplasticity.sparse.LatentNetworks.unit;
import static org.dl4jplasticity.sparse.LatentNetworks.weights;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.dl4jplasticity.surgery.NetworkParameter;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

/** STR learns a threshold with the weights that it cuts. */
class SoftThresholdTest {
    private static final double ROUNDING = 1e-12;

    /** sigmoid(-ln 3) = 1/4, and the sigmoid's derivative there is 3/16. */
    private static final double QUARTER = -Math.log(3);

    private static double sigmoid(double s) {
        return 1 / (1 + Math.exp(-s));
    }

    private static double soft(double weight, double threshold) {
        return Math.signum(weight) * Math.max(Math.abs(weight) - threshold, 0);
    }

    private static TinyNetwork prepared(
            NetworkClass type, IUpdater updater, SoftThreshold listener, double... weights) {
        TinyNetwork network = unit(type, settings(updater), weights);
        network.listen(listener);
        listener.prepare(network.model());
        return network;
    }

    private static String first(NetworkClass type) {
        return type == NetworkClass.SEQUENTIAL ? "0/W" : "layer0/W";
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void cutsTheWeightsBeforeTheFirstStep(NetworkClass type) {
        SoftThreshold listener = SoftThreshold.builder(QUARTER, 0).build();
        TinyNetwork network = prepared(type, new Sgd(0.1), listener, 0.5, -0.4, 0.1, -0.1);
        double[] effective = weights(network, first(type));
        assertThat(effective).containsExactly(new double[] {0.25, -0.15, 0, 0}, within(ROUNDING));
        assertThat(LatentNetworks.zerosArePlain(effective)).isTrue();
        assertThat(listener.threshold(first(type))).isEqualTo(0.25, within(ROUNDING));
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void takesTheStepWorkedOutByHand(NetworkClass type) {
        SoftThreshold listener = SoftThreshold.builder(QUARTER, 0.1).build();
        TinyNetwork network = prepared(type, new Sgd(0.1), listener, 0.5, -0.4, 0.1);
        network.fit(twice(1, 1, 2, 3));
        // y = 0.25 - 0.3 = -0.05, dL/dy = -2.1, gradients -2.1 and -4.2 where active;
        // dL/ds = -3/16 (-2.1 + 4.2) = -0.39375, and 0.1 s for the decay
        assertThat(listener.latentWeights(first(type)))
                .containsExactly(new double[] {0.71, 0.02, 0.1}, within(ROUNDING));
        double s = QUARTER + 0.1 * (0.39375 - 0.1 * QUARTER);
        assertThat(listener.thresholdParameter(first(type))).isEqualTo(s, within(ROUNDING));
        assertThat(weights(network, first(type)))
                .containsExactly(new double[] {0.71 - sigmoid(s), 0, 0}, within(ROUNDING));
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void momentumMovesWeightsAndThresholdAsComputedOneByOne(NetworkClass type) {
        double[] w = {0.5, -0.4, 0.3, 0.1};
        double[] x = {1, -0.5, 0.25, 2};
        SoftThreshold listener = SoftThreshold.builder(QUARTER, 0.05).build();
        TinyNetwork network = prepared(type, new Nesterovs(0.1, 0.9), listener, w);
        double s = QUARTER;
        double[] v = new double[5];
        for (int step = 0; step < 8; step++) {
            double y = 0;
            for (int i = 0; i < 4; i++) {
                y += soft(w[i], sigmoid(s)) * x[i];
            }
            double[] gradient = new double[5];
            gradient[4] = 0.05 * s;
            for (int i = 0; i < 4; i++) {
                if (Math.abs(w[i]) > sigmoid(s)) {
                    gradient[i] = 2 * (y - 1.5) * x[i];
                    gradient[4] -= sigmoid(s) * (1 - sigmoid(s)) * gradient[i] * Math.signum(w[i]);
                }
            }
            for (int i = 0; i < 5; i++) {
                double next = 0.9 * v[i] - 0.1 * gradient[i];
                double move = 1.9 * next - 0.9 * v[i];
                v[i] = next;
                if (i < 4) {
                    w[i] += move;
                } else {
                    s += move;
                }
            }
            network.fit(twice(1.5, x));
            assertThat(listener.latentWeights(first(type)))
                    .containsExactly(w.clone(), within(ROUNDING));
            assertThat(listener.thresholdParameter(first(type))).isEqualTo(s, within(ROUNDING));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void gradientsAreThoseOfTheLoss(NetworkClass type) {
        TinyNetwork network = LatentNetworks.dense(type, settings(new Sgd(1)));
        SoftThreshold listener = SoftThreshold.builder(-1.5, 0).build();
        network.listen(listener);
        listener.prepare(network.model());
        DataSet batch = Examples.batches(1).get(0);
        TinyNetwork probe = LatentNetworks.copy(network);
        List<String> ids = ids(listener);
        double[][] latent = ids.stream().map(listener::latentWeights).toArray(double[][]::new);
        double s = -1.5;
        network.fit(batch);
        double step = 1e-6;
        for (int layer = 0; layer < ids.size(); layer++) {
            String id = ids.get(layer);
            double bySlope =
                    (loss(probe, id, latent[layer], s + step, batch)
                                    - loss(probe, id, latent[layer], s - step, batch))
                            / (2 * step);
            assertThat(s - listener.thresholdParameter(id))
                    .as("dL/ds of " + id)
                    .isEqualTo(bySlope, within(1e-7))
                    .isNotZero();
            double[] after = listener.latentWeights(id);
            for (int i = 0; i < after.length; i++) {
                double[] more = latent[layer].clone();
                more[i] += step;
                double[] less = latent[layer].clone();
                less[i] -= step;
                double byWeight =
                        (loss(probe, id, more, s, batch) - loss(probe, id, less, s, batch))
                                / (2 * step);
                assertThat(latent[layer][i] - after[i]).isEqualTo(byWeight, within(1e-7));
            }
            loss(probe, id, latent[layer], s, batch);
        }
    }

    /** Puts effective weights into a network and tells its loss. */
    private static double loss(
            TinyNetwork network, String id, double[] latent, double s, DataSet batch) {
        PlasticNetwork view = PlasticNetwork.of(network.model());
        for (NetworkParameter parameter : view.table()) {
            if (parameter.id().equals(id)) {
                double[] effective = Arrays.stream(latent).map(w -> soft(w, sigmoid(s))).toArray();
                parameter.values().assign(Nd4j.createFromArray(effective));
            }
        }
        return network.loss(batch);
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void weightsComeBackWhenTheThresholdFallsWhateverTheMaskWas(NetworkClass type) {
        // no gradient: s = 1, 0.9, 0.81, 0.729; thresholds 0.731, 0.711, 0.692, 0.675
        SoftThreshold listener = SoftThreshold.builder(1, 0.5).build();
        TinyNetwork network = prepared(type, new Sgd(0.2), listener, 0.9, 0.72, 0.70, 0.68);
        List<DataSet> nothing = List.of(twice(0, 0, 0, 0, 0));
        assertThat(support(weights(network, first(type)))).containsExactly(0);
        for (int epoch = 1; epoch <= 3; epoch++) {
            network.fit(nothing, 1);
            long[] active = support(weights(network, first(type)));
            assertThat(active).hasSize(epoch + 1);
            assertThat(mask(network, first(type)).ids()).isEqualTo(active);
            assertThat(weights(network, first(type))[epoch])
                    .isEqualTo(
                            new double[] {0.9, 0.72, 0.70, 0.68}[epoch]
                                    - sigmoid(Math.pow(0.9, epoch)),
                            within(ROUNDING));
        }
        network.fit(nothing.get(0));
        assertThat(mask(network, first(type))).as("mask within an epoch").isNull();
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void aLayerThatLosesAllItsWeightsIsReported(NetworkClass type) {
        SoftThreshold listener = SoftThreshold.builder(-2, 5).build(); // 0.119, then 0.269
        TinyNetwork network = prepared(type, new Sgd(0.1), listener, 0.2, 0.15);
        assertThatIllegalStateException()
                .isThrownBy(() -> network.fit(twice(0, 0, 0)))
                .withMessageContaining("leaves no weight active")
                .withMessageContaining("0.269")
                .withMessageNotContaining("\n");
    }

    static Stream<IUpdater> updaters() {
        return Stream.of(
                new AdaDelta(),
                new AdaGrad(0.05),
                new AdaMax(0.05),
                new Adam(0.05),
                new AMSGrad(0.05),
                new Nadam(0.05),
                new Nesterovs(0.05, 0.9),
                new NoOp(),
                new RmsProp(0.05),
                new Sgd(0.05));
    }

    @ParameterizedTest
    @MethodSource("updaters")
    void everyUpdaterMovesAThresholdAsItMovesAWeight(IUpdater updater) {
        // With decay 1 and no gradient the threshold's parameter is a weight under L2 alone.
        SoftThreshold listener = SoftThreshold.builder(-0.8, 1).build();
        TinyNetwork network = prepared(NetworkClass.SEQUENTIAL, updater, listener, 0.9, -0.95);
        TinyNetwork weight = unit(NetworkClass.SEQUENTIAL, settings(updater).l2(1), -0.8);
        for (int step = 0; step < 5; step++) {
            network.fit(twice(0, 0, 0));
            weight.fit(twice(0, 0));
            assertThat(listener.thresholdParameter("0/W"))
                    .isEqualTo(weights(weight, "0/W")[0], within(1e-9));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void aStrongerDecayOfTheThresholdMakesASparserNetwork(NetworkClass type) {
        double[] sparsity = new double[2];
        for (int i = 0; i < 2; i++) {
            TinyNetwork network = LatentNetworks.dense(type, settings(new Sgd(0.1)).l2(1e-3));
            SoftThreshold listener = SoftThreshold.builder(-6, i == 0 ? 0.02 : 0.2).build();
            network.listen(listener);
            network.fit(Examples.batches(10), 5);
            SparsityReport report = listener.report();
            sparsity[i] = report.sparsity();
            assertThat(report.updates()).isEqualTo(5);
            for (String id : ids(listener)) {
                double threshold = listener.threshold(id);
                double[] expected =
                        Arrays.stream(listener.latentWeights(id))
                                .map(w -> soft(w, threshold))
                                .toArray();
                assertThat(weights(network, id)).containsExactly(expected, within(ROUNDING));
                assertThat(mask(network, id).ids()).isEqualTo(support(weights(network, id)));
            }
        }
        assertThat(sparsity[0]).isBetween(0.0, 0.5);
        assertThat(sparsity[1]).isGreaterThan(sparsity[0] + 0.05);
    }
}
