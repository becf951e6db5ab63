package org.dl4jplasticity.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.dl4jplasticity.sparse.LatentNetworks.mask;
import static org.dl4jplasticity.sparse.LatentNetworks.settings;
import static org.dl4jplasticity.sparse.LatentNetworks.slots;
import static org.dl4jplasticity.sparse.LatentNetworks.twice;
import static org.dl4jplasticity.sparse.LatentNetworks.unit;
import static org.dl4jplasticity.sparse.LatentNetworks.weights;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.mask.WeightFilter;
import org.dl4jplasticity.schedule.LayerShape;
import org.dl4jplasticity.schedule.SparsityDistribution;
import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

/** Top-KAST computes with its forward set and trains its backward set. */
class TopKastTest {
    private static final double ROUNDING = 1e-12;

    /** Of four weights one is in the forward set and two are in the backward set. */
    private static TopKast.Builder oneOfTwo() {
        return TopKast.builder(0.75, 0.5).refreshEvery(1).penalty(ExplorationPenalty.none());
    }

    /** The id of the first layer's weights. */
    private static String first(NetworkClass type) {
        return id(type, 0);
    }

    private static String id(NetworkClass type, int layer) {
        return type == NetworkClass.SEQUENTIAL ? layer + "/W" : "layer" + layer + "/W";
    }

    private static TinyNetwork trained(
            NetworkClass type,
            NeuralNetConfiguration.Builder settings,
            TopKast listener,
            int steps) {
        TinyNetwork network = unit(type, settings, 0.5, -0.4, 0.3, 0.1);
        network.listen(listener);
        listener.prepare(network.model());
        for (int step = 0; step < steps; step++) {
            network.fit(twice(1, 1, 2, 3, 4));
        }
        return network;
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void becomesSparseBeforeTheFirstStep(NetworkClass type) {
        TopKast listener = oneOfTwo().build();
        TinyNetwork network = trained(type, settings(new Sgd(0.1)), listener, 0);
        assertThat(weights(network, first(type))).containsExactly(0.5, 0, 0, 0);
        assertThat(listener.latentWeights(first(type))).containsExactly(0.5, -0.4, 0.3, 0.1);
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void takesTheStepsWorkedOutByHand(NetworkClass type) {
        // y = 0.5, dL/dy = -1, gradient -x, applied to {0, 1}
        TopKast listener = oneOfTwo().build();
        TinyNetwork network = trained(type, settings(new Sgd(0.1)), listener, 1);
        assertThat(listener.latentWeights(first(type)))
                .containsExactly(new double[] {0.6, -0.2, 0.3, 0.1}, within(ROUNDING));
        assertThat(listener.forwardSet(first(type)).ids()).containsExactly(0);
        assertThat(listener.backwardSet(first(type)).ids()).containsExactly(0, 2);
        // y = 0.6, dL/dy = -0.8, applied to {0, 2}
        network.fit(twice(1, 1, 2, 3, 4));
        assertThat(listener.latentWeights(first(type)))
                .containsExactly(new double[] {0.68, -0.2, 0.54, 0.1}, within(ROUNDING));
        assertThat(weights(network, first(type)))
                .containsExactly(new double[] {0.68, 0, 0, 0}, within(ROUNDING));
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void anOutsiderThatOutgrowsTheForwardSetTakesItsPlace(NetworkClass type) {
        TopKast listener = oneOfTwo().build();
        TinyNetwork network = unit(type, settings(new Sgd(0.1)), 0.5, -0.4, 0.3, 0.1);
        network.listen(listener);
        listener.prepare(network.model());
        network.fit(twice(1, 1, 20, 3, 4)); // gradients -1 and -20: 0.6 and 1.6
        assertThat(weights(network, first(type)))
                .containsExactly(new double[] {0, 1.6, 0, 0}, within(ROUNDING));
        assertThat(mask(network, first(type)).ids()).containsExactly(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void penalizesSquaresMoreOutsideTheForwardSet(NetworkClass type) {
        // D = 1/4: gradients -1 + 0.2 * 0.5 and -2 + 0.2 * 4 * -0.4
        TopKast listener = oneOfTwo().penalty(ExplorationPenalty.l2(0.2)).build();
        trained(type, settings(new Sgd(0.1)), listener, 1);
        assertThat(listener.latentWeights(first(type)))
                .containsExactly(new double[] {0.59, -0.168, 0.3, 0.1}, within(ROUNDING));
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void penalizesMagnitudesMoreOutsideTheForwardSet(NetworkClass type) {
        // D = 1/4: gradients -1 + 0.2 and -2 - 0.2 * 4
        TopKast listener = oneOfTwo().penalty(ExplorationPenalty.l1(0.2)).build();
        trained(type, settings(new Sgd(0.1)), listener, 1);
        assertThat(listener.latentWeights(first(type)))
                .containsExactly(new double[] {0.58, -0.12, 0.3, 0.1}, within(ROUNDING));
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void regularizationActsOnLatentWeightsOfTheBackwardSet(NetworkClass type) {
        // gradients -1 + 0.5 * 0.5 and -2 + 0.5 * -0.4
        TopKast listener = oneOfTwo().build();
        trained(type, settings(new Sgd(0.1)).l2(0.5), listener, 1);
        assertThat(listener.latentWeights(first(type)))
                .containsExactly(new double[] {0.575, -0.18, 0.3, 0.1}, within(ROUNDING));
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void aGradientThatIsNoMeanIsPenalizedAsMuch(NetworkClass type) {
        // the sum over two examples: -2 + 0.2 * 0.5 and -4 + 0.2 * 4 * -0.4
        TopKast listener = oneOfTwo().penalty(ExplorationPenalty.l2(0.2)).build();
        trained(type, settings(new Sgd(0.1)).miniBatch(false), listener, 1);
        assertThat(listener.latentWeights(first(type)))
                .containsExactly(new double[] {0.69, 0.032, 0.3, 0.1}, within(ROUNDING));
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void momentumIsThatOfTheBackwardSet(NetworkClass type) {
        // v = -0.1 g; w += 1.9 v, then v' = 0.9 v - 0.1 g', w += 1.9 v' - 0.9 v
        TopKast listener = oneOfTwo().refreshEvery(2).build();
        TinyNetwork network = trained(type, settings(new Nesterovs(0.1, 0.9)), listener, 1);
        assertThat(listener.latentWeights(first(type)))
                .containsExactly(new double[] {0.69, -0.02, 0.3, 0.1}, within(ROUNDING));
        network.fit(twice(1, 1, 2, 3, 4)); // y = 0.69, gradient -0.62 x
        assertThat(listener.latentWeights(first(type)))
                .containsExactly(new double[] {0.8888, 0.3776, 0.3, 0.1}, within(ROUNDING));
        assertThat(slots(network, first(type)).get(0))
                .containsExactly(new double[] {0.152, 0.304, 0, 0}, within(ROUNDING));
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void whoLeavesTheBackwardSetLosesItsMomentum(NetworkClass type) {
        TopKast listener = oneOfTwo().build();
        TinyNetwork network = trained(type, settings(new Nesterovs(0.1, 0.9)), listener, 1);
        assertThat(listener.backwardSet(first(type)).ids()).containsExactly(0, 2);
        assertThat(slots(network, first(type)).get(0))
                .containsExactly(new double[] {0.1, 0, 0, 0}, within(ROUNDING));
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void tellsWhatItIsAndCosts(NetworkClass type) {
        TopKast listener = oneOfTwo().build();
        trained(type, settings(new Sgd(0.1)), listener, 3);
        SparsityReport report = listener.report();
        assertThat(report.updates()).isEqualTo(3);
        assertThat(report.layers()).hasSize(1);
        SparsityReport.LayerReport layer = report.layers().get(0);
        assertThat(layer.id()).isEqualTo(first(type));
        assertThat(layer.possible()).isEqualTo(4);
        assertThat(layer.active()).isEqualTo(1);
        assertThat(layer.target()).isEqualTo(1);
        assertThat(layer.unusedInputs()).isEqualTo(3);
        assertThat(layer.deadUnits()).isZero();
        assertThat(report.inferenceFlops()).isEqualTo(2);
        assertThat(report.denseInferenceFlops()).isEqualTo(8);
        // an example: 1 weight forward, 1 back to the inputs, 2 gradients; 2 examples, 3 steps
        assertThat(report.trainingFlops()).isEqualTo(2 * (1 + 1 + 2) * 2 * 3);
    }

    static Stream<Arguments> updaters() {
        return Stream.of(NetworkClass.SEQUENTIAL, NetworkClass.GRAPH)
                .flatMap(
                        type ->
                                Stream.of(
                                                new Sgd(0.2),
                                                new Nesterovs(0.1, 0.9),
                                                new Adam(0.05),
                                                new AMSGrad(0.05),
                                                new AdaGrad(0.1),
                                                new RmsProp(0.02))
                                        .map(updater -> Arguments.of(type, updater)));
    }

    @ParameterizedTest
    @MethodSource("updaters")
    void keepsItsPromisesAfterEveryStep(NetworkClass type, IUpdater updater) {
        TinyNetwork network =
                LatentNetworks.dense(type, settings(updater).l1(0.001).weightDecay(0.01));
        assertPromises(type, network, Examples.batches(12), new int[] {0, 1, 2});
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void keepsItsPromisesForKernels(NetworkClass type) {
        TinyNetwork network = LatentNetworks.convolutional(type, settings(new Adam(0.05)).l2(0.01));
        assertPromises(
                type, network, LatentNetworks.images(Examples.batches(12)), new int[] {0, 2});
    }

    private static void assertPromises(
            NetworkClass type, TinyNetwork network, List<DataSet> batches, int[] layers) {
        TopKast listener =
                TopKast.builder(0.7, 0.5)
                        .by(SparsityDistribution.erdosRenyiKernel())
                        .refreshEvery(3)
                        .penalty(ExplorationPenalty.l2(0.05))
                        .build();
        List<LayerShape> shapes =
                MaskableWeights.of(network.model()).stream().map(MaskableWeights::shape).toList();
        SparsityDistribution erk = SparsityDistribution.erdosRenyiKernel();
        long[] forward = erk.activeCounts(shapes, 0.7);
        long[] backward = erk.activeCounts(shapes, 0.5);
        network.listen(listener);
        listener.prepare(network.model());
        long changes = 0;
        for (DataSet batch : batches) {
            Map<String, double[]> before = new HashMap<>();
            Map<String, SparseTopology> trained = new HashMap<>();
            Map<String, SparseTopology> computed = new HashMap<>();
            for (int layer : layers) {
                String id = id(type, layer);
                before.put(id, listener.latentWeights(id));
                trained.put(id, listener.backwardSet(id));
                computed.put(id, listener.forwardSet(id));
            }
            network.fit(batch);
            for (int i = 0; i < layers.length; i++) {
                String id = id(type, layers[i]);
                SparseTopology a = listener.forwardSet(id);
                SparseTopology b = listener.backwardSet(id);
                changes += a.equals(computed.get(id)) ? 0 : 1;
                assertThat((long) a.activeCount()).isEqualTo(forward[i]);
                assertThat((long) b.activeCount()).isEqualTo(backward[i]);
                assertThat(backward[i]).isGreaterThan(forward[i]);
                assertThat(b.union(a)).isEqualTo(b);
                assertThat(mask(network, id)).isEqualTo(a);
                double[] latent = listener.latentWeights(id);
                double[] effective = weights(network, id);
                assertThat(LatentNetworks.zerosArePlain(effective)).isTrue();
                for (int w = 0; w < latent.length; w++) {
                    assertThat(effective[w]).isEqualTo(a.contains(w) ? latent[w] : 0.0);
                    if (!trained.get(id).contains(w)) {
                        assertThat(latent[w]).isEqualTo(before.get(id)[w]);
                    }
                    for (double[] slot : slots(network, id)) {
                        assertThat(slot[w] == 0 || b.contains(w)).isTrue();
                    }
                }
            }
        }
        assertThat(changes).as("refreshes that changed a forward set").isPositive();
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void leavesOtherWeightsAlone(NetworkClass type) {
        TinyNetwork network = LatentNetworks.dense(type, settings(new Sgd(0.1)));
        String chosen = type == NetworkClass.SEQUENTIAL ? "1" : "layer1";
        TopKast listener =
                TopKast.builder(0.9, 0.5)
                        .only(WeightFilter.all().and(weights -> weights.layerId().equals(chosen)))
                        .build();
        network.listen(listener);
        network.fit(Examples.batches(3), 1);
        assertThat(LatentNetworks.ids(listener)).containsExactly(id(type, 1));
        assertThat(LatentNetworks.support(weights(network, id(type, 0)))).hasSize(54);
        assertThat(LatentNetworks.support(weights(network, id(type, 1)))).hasSize(6);
        assertThat(mask(network, id(type, 0))).isNull();
    }
}
