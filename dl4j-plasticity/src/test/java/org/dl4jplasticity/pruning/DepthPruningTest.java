package org.dl4jplasticity.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.dl4jplasticity.pruning.DeepNetworks.id;

import java.util.List;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.dl4jplasticity.pruning.Shortened.Removed;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;

/** Layers without which a network represents examples as it did are removed. */
class DepthPruningTest {
    private static final double CLOSE = 1e-12;

    private static DataSet examples() {
        return new DataSet(
                Networks.gaussian(1, 40, 6).castTo(DataType.DOUBLE), Networks.classes(40));
    }

    private static List<String> ids(Shortened shortened) {
        return shortened.removed().stream().map(removed -> removed.part().id()).toList();
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void findsTheIdentityLayersAndRemovesExactlyThose(NetworkClass type) {
        TinyNetwork network = DeepNetworks.chain(type);
        INDArray before = network.output(examples().getFeatures());

        Shortened shortened =
                DepthPruning.byCka(examples()).atLeastSimilar(0.999).applyTo(network.model());

        assertThat(ids(shortened)).containsExactlyInAnyOrder(id(type, 1), id(type, 3));
        assertThat(shortened.removed())
                .allSatisfy(each -> assertThat(each.similarity()).isCloseTo(1, within(CLOSE)));
        assertThat(shortened.network()).hasSameClassAs(network.model());
        TinyNetwork after = new TinyNetwork((NeuralNetwork) shortened.network());
        assertThat(after.layers()).hasSize(3);
        assertThat(largestDifference(after.output(examples().getFeatures()), before))
                .isLessThan(CLOSE);
        assertThat(network.layers()).hasSize(5);
        assertThat(largestDifference(network.output(examples().getFeatures()), before)).isZero();
    }

    @Test
    void findsTheBranchesThatAddNothingAndRemovesExactlyThose() {
        TinyNetwork network = DeepNetworks.residual();
        INDArray before = network.output(examples().getFeatures());

        Shortened shortened =
                DepthPruning.byCka(examples()).atLeastSimilar(0.999).applyTo(network.model());

        assertThat(shortened.removed().stream().map(Removed::part))
                .containsExactlyInAnyOrder(
                        new Removable("add-a/a", List.of("a")),
                        new Removable("add-c/c2", List.of("c1", "c2")));
        ComputationGraph after = (ComputationGraph) shortened.network();
        assertThat(after.getConfiguration().getVertices().keySet())
                .containsExactly("stem", "relu-a", "b1", "b2", "add-b", "relu-b", "out");
        assertThat(largestDifference(after.outputSingle(examples().getFeatures()), before))
                .isLessThan(CLOSE);
    }

    /** The last two layers are compared with the whole network, not with what was left. */
    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void removesTheMostSimilarOneByOne(NetworkClass type) {
        TinyNetwork network = DeepNetworks.chain(type);
        DepthPruning.Stop byCka = DepthPruning.byCka(examples());

        Shortened one = byCka.atMost(1).applyTo(network.model());
        Shortened all = byCka.atMost(9).applyTo(network.model());

        assertThat(one.removed()).hasSize(1);
        assertThat(all.removed()).hasSize(3);
        assertThat(all.removed().get(0)).isEqualTo(one.removed().get(0));
        Removed last = all.removed().get(2);
        assertThat(last.part().id()).isEqualTo(id(type, 2));
        double[][] withIt =
                Representation.of(
                                network.model(), List.of(id(type, 3)), examples().toMultiDataSet())
                        .get(0);
        double[][] withoutIt =
                Representation.of(
                                network.model(), List.of(id(type, 0)), examples().toMultiDataSet())
                        .get(0);
        assertThat(last.similarity()).isCloseTo(LinearCka.of(withIt, withoutIt), within(CLOSE));
        assertThat(last.similarity()).isLessThan(0.999);
    }

    @Test
    void looksOnlyAtWhatItIsToldTo() {
        TinyNetwork network = DeepNetworks.chain(NetworkClass.SEQUENTIAL);

        Shortened shortened =
                DepthPruning.byCka(examples()).atMost(3).only("2", "3").applyTo(network.model());

        assertThat(ids(shortened)).containsExactly("3", "2");
    }

    @Test
    void leavesANetworkWithoutSuchLayersAsItIs() {
        TinyNetwork network = DeepNetworks.shortChain(NetworkClass.SEQUENTIAL);

        Shortened shortened =
                DepthPruning.byCka(examples()).atLeastSimilar(0.9999).applyTo(network.model());

        assertThat(shortened.removed()).isEmpty();
        assertThat(new TinyNetwork((NeuralNetwork) shortened.network()).snapshot())
                .isEqualTo(network.snapshot());
        assertThat(shortened.network()).isNotSameAs(network.model());
    }

    /** The middle layer of the graph is seen by both outputs. */
    @Test
    void countsTheLeastSimilarOfSeveralOutputs() {
        ComputationGraph graph = twoOutputs();
        DataSet examples = new DataSet(Networks.gaussian(1, 30, 4), Networks.classes(30));

        Shortened shortened =
                DepthPruning.byCka(examples.toMultiDataSet()).atMost(1).applyTo(graph);

        MultiDataSet features =
                new MultiDataSet(new INDArray[] {examples.getFeatures()}, new INDArray[0]);
        double seen =
                LinearCka.of(graph, "middle", "first", features); // of the output that sees it
        assertThat(shortened.removed().get(0).similarity()).isCloseTo(seen, within(1e-9));
        assertThat(seen).isLessThan(0.9999);
    }

    private static ComputationGraph twoOutputs() {
        ComputationGraph graph =
                new ComputationGraph(
                        Networks.settings(DataType.FLOAT)
                                .graphBuilder()
                                .addInputs("in")
                                .addLayer(
                                        "first",
                                        Networks.dense(4, 5, Activation.TANH).build(),
                                        "in")
                                .addLayer(
                                        "middle",
                                        Networks.dense(5, 5, Activation.RELU).build(),
                                        "first")
                                .addLayer("deep", Networks.softmax(5, 3), "middle")
                                .addLayer("flat", Networks.softmax(5, 3), "first")
                                .setOutputs("deep", "flat")
                                .build());
        graph.init();
        return graph;
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatThrownBy(
                        () ->
                                DepthPruning.byCka(
                                        new DataSet(
                                                Networks.gaussian(1, 2, 6), Networks.classes(2))))
                .hasMessageContaining("at least 3 examples")
                .hasMessageEndingWith("got 2");
        DepthPruning.Stop byCka = DepthPruning.byCka(examples());
        assertThatThrownBy(() -> byCka.atMost(0)).hasMessageEndingWith("got 0");
        assertThatThrownBy(() -> byCka.atLeastSimilar(1.5)).hasMessageEndingWith("got 1.5");
        assertThatThrownBy(() -> byCka.atLeastSimilar(Double.NaN)).hasMessageEndingWith("got NaN");
        TinyNetwork network = DeepNetworks.chain(NetworkClass.SEQUENTIAL);
        assertThatThrownBy(() -> byCka.atMost(1).only("4").applyTo(network.model()))
                .hasMessage("expected some of [1, 2, 3], which can be removed, got '4'");
    }

    private static double largestDifference(INDArray a, INDArray b) {
        return a.sub(b).amaxNumber().doubleValue();
    }
}
