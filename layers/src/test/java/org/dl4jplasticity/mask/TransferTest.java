package org.dl4jplasticity.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.EarlyStoppingModelSaver;
import org.deeplearning4j.earlystopping.EarlyStoppingResult;
import org.deeplearning4j.earlystopping.EarlyStoppingResult.TerminationReason;
import org.deeplearning4j.earlystopping.saver.InMemoryModelSaver;
import org.deeplearning4j.earlystopping.saver.LocalFileGraphSaver;
import org.deeplearning4j.earlystopping.saver.LocalFileModelSaver;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingGraphTrainer;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingTrainer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jplasticity.layers.Sparsity;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Masks go through DL4J's transfer learning and early stopping. */
class TransferTest {
    private static final FineTuneConfiguration FINE_TUNE =
            new FineTuneConfiguration.Builder().updater(new Sgd(0.1)).seed(5).build();

    private static OutputLayer output(int inputs) {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nIn(inputs)
                .nOut(3)
                .activation(Activation.SOFTMAX)
                .weightInit(WeightInit.XAVIER)
                .build();
    }

    private static List<SparseTopology> first(List<SparseTopology> masks) {
        return masks.subList(0, masks.size() - 1);
    }

    @ParameterizedTest
    @EnumSource(Design.class)
    void fineTuningKeepsTheMasks(Design design) {
        MultiLayerNetwork network = design.maskedMultiLayer();
        MultiLayerNetwork tuned =
                new TransferLearning.Builder(network).fineTuneConfiguration(FINE_TUNE).build();
        assertThat(Masked.masks(tuned)).isEqualTo(Masked.masks(network));
        tuned.fit(design.minibatch(1));
        Masked.assertInactiveAreZero(tuned);

        ComputationGraph graph = design.maskedGraph();
        ComputationGraph tunedGraph =
                new TransferLearning.GraphBuilder(graph).fineTuneConfiguration(FINE_TUNE).build();
        assertThat(Masked.masks(tunedGraph)).isEqualTo(Masked.masks(graph));
        tunedGraph.fit(design.minibatch(1));
        Masked.assertInactiveAreZero(tunedGraph);
    }

    @Test
    void aNewOutputLayerHasNoMaskAndTheOthersKeepTheirs() {
        MultiLayerNetwork network = Design.DENSE.maskedMultiLayer();
        MultiLayerNetwork changed =
                new TransferLearning.Builder(network)
                        .fineTuneConfiguration(FINE_TUNE)
                        .removeOutputLayer()
                        .addLayer(output(4))
                        .build();
        assertNewOutputOnly(network, changed);

        ComputationGraph graph = Design.DENSE.maskedGraph();
        ComputationGraph changedGraph =
                new TransferLearning.GraphBuilder(graph)
                        .fineTuneConfiguration(FINE_TUNE)
                        .removeVertexAndConnections("2")
                        .addLayer("out", output(4), "1")
                        .setOutputs("out")
                        .build();
        assertNewOutputOnly(graph, changedGraph);
    }

    private static void assertNewOutputOnly(Model network, Model changed) {
        List<MaskableWeights> weights = MaskableWeights.of(changed);
        assertThat(weights).hasSize(3);
        assertThat(weights.get(2).mask()).isEmpty();
        assertThat(weights.subList(0, 2))
                .extracting(it -> it.mask().orElseThrow())
                .isEqualTo(first(Masked.masks(network)));
        Design.fit(changed, Design.DENSE.minibatch(1));
        for (MaskableWeights masked : weights.subList(0, 2)) {
            assertThat(masked.array().neq(0).castTo(masked.array().dataType()).sumNumber())
                    .extracting(Number::intValue)
                    .isEqualTo(masked.mask().orElseThrow().activeCount());
        }
        assertThat(Design.flat(weights.get(2).array())).doesNotContain(0.0, -0.0);
    }

    /** Frozen weights don't move, so their zeros stay without a mask being applied. */
    @ParameterizedTest
    @EnumSource(Design.class)
    void frozenLayersStayAsSparseAsTheyWere(Design design) {
        MultiLayerNetwork network = design.maskedMultiLayer();
        MultiLayerNetwork frozen =
                new TransferLearning.Builder(network)
                        .fineTuneConfiguration(FINE_TUNE)
                        .setFeatureExtractor(0)
                        .build();
        assertFirstIsFrozen(design, network, frozen);
        assertFirstIsFrozen(design, network, frozen.clone());
        ComputationGraph graph = design.maskedGraph();
        ComputationGraph frozenGraph =
                new TransferLearning.GraphBuilder(graph)
                        .fineTuneConfiguration(FINE_TUNE)
                        .setFeatureExtractor("0")
                        .build();
        assertFirstIsFrozen(design, graph, frozenGraph);
    }

    private static void assertFirstIsFrozen(Design design, Model network, Model frozen) {
        assertThat(MaskableWeights.of(frozen))
                .extracting(MaskableWeights::layerId)
                .isNotEmpty()
                .doesNotContain("0");
        Design.fit(frozen, design.minibatch(1));
        Masked.assertInactiveAreZero(frozen);
        for (MaskableWeights weights : MaskableWeights.of(network)) {
            if (weights.layerId().equals("0")) {
                assertThat(frozen.getParam("0_" + weights.parameter())).isEqualTo(weights.array());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 8})
    void masksOfAnotherSizeAreRefusedAtTheNextStep(int units) {
        MultiLayerNetwork network = Design.DENSE.maskedMultiLayer();
        assertRefusedUntilMaskedAgain(
                network,
                new TransferLearning.Builder(network)
                        .fineTuneConfiguration(FINE_TUNE)
                        .nOutReplace(1, units, WeightInit.XAVIER)
                        .build(),
                "Layer layer1: the mask of parameter W is for 6 x 4 weights, but the layer has 6 x "
                        + units
                        + "; lay a new mask after a change of the layer's size");
        ComputationGraph graph = Design.DENSE.maskedGraph();
        assertRefusedUntilMaskedAgain(
                graph,
                new TransferLearning.GraphBuilder(graph)
                        .fineTuneConfiguration(FINE_TUNE)
                        .nOutReplace("1", units, WeightInit.XAVIER)
                        .build(),
                "Layer 1: the mask of parameter W is for 6 x 4 weights, but the layer has 6 x "
                        + units
                        + "; lay a new mask after a change of the layer's size");
    }

    private static void assertRefusedUntilMaskedAgain(
            Model network, Model resized, String message) {
        assertThatIllegalStateException()
                .isThrownBy(() -> Design.fit(resized, Design.DENSE.minibatch(1)))
                .withMessage(message);
        for (MaskableWeights weights : MaskableWeights.of(resized).subList(1, 3)) {
            assertThatIllegalStateException().isThrownBy(weights::maskArray);
            assertThatIllegalStateException().isThrownBy(weights::clearInactive);
        }
        Design.fit(network, Design.DENSE.minibatch(1)); // which shares the masks
        Masked.assertInactiveAreZero(network);

        Sparsity.of(0.5).applyTo(resized);
        Design.fit(resized, Design.DENSE.minibatch(1));
        Masked.assertInactiveAreZero(resized);
    }

    @Test
    void aLayerWithoutTheMaskedParameterIsRefused() {
        MultiLayerNetwork network = Design.DENSE.multiLayer(new Sgd(0.1));
        network.getLayer(0)
                .conf()
                .getLayer()
                .setConstraints(List.of(new WeightMask(Map.of("RW", SparseTopology.dense(2, 2)))));
        assertThatIllegalStateException()
                .isThrownBy(() -> network.fit(Design.DENSE.minibatch(1)))
                .withMessageStartingWith(
                        "Layer layer0: the mask of parameter RW is for 2 x 2 weights, but the"
                                + " layer has none;");
    }

    private static DataSetIterator minibatches(Design design) {
        return new ExistingDataSetIterator(List.of(design.minibatch(1), design.minibatch(2)));
    }

    private static <M extends Model> EarlyStoppingConfiguration<M> threeEpochs(
            Design design, EarlyStoppingModelSaver<M> saver) {
        return new EarlyStoppingConfiguration.Builder<M>()
                .epochTerminationConditions(new MaxEpochsTerminationCondition(3))
                .scoreCalculator(new DataSetLossCalculator(minibatches(design), true))
                .modelSaver(saver)
                .build();
    }

    private static <M extends Model> void assertBestKeepsTheMask(
            Design design, M network, EarlyStoppingResult<M> result) {
        assertThat(result.getTerminationReason())
                .isEqualTo(TerminationReason.EpochTerminationCondition);
        List<SparseTopology> masks = Masked.masks(network);
        Sparsity.of(0.3).seed(9).applyTo(network);
        M best = result.getBestModel();
        assertThat(Masked.masks(best)).isEqualTo(masks);
        Masked.assertInactiveAreZero(best);
        Design.fit(best, design.minibatch(3));
        Masked.assertInactiveAreZero(best);
    }

    @ParameterizedTest
    @EnumSource(Design.class)
    void theBestModelInMemoryKeepsTheMask(Design design) {
        MultiLayerNetwork network = design.maskedMultiLayer();
        assertBestKeepsTheMask(
                design,
                network,
                new EarlyStoppingTrainer(
                                threeEpochs(design, new InMemoryModelSaver<>()),
                                network,
                                minibatches(design))
                        .fit());
        ComputationGraph graph = design.maskedGraph();
        assertBestKeepsTheMask(
                design,
                graph,
                new EarlyStoppingGraphTrainer(
                                threeEpochs(design, new InMemoryModelSaver<>()),
                                graph,
                                minibatches(design))
                        .fit());
    }

    @ParameterizedTest
    @EnumSource(Design.class)
    void theBestModelInAFileKeepsTheMask(Design design, @TempDir Path folder) throws IOException {
        MultiLayerNetwork network = design.maskedMultiLayer();
        assertBestKeepsTheMask(
                design,
                network,
                new EarlyStoppingTrainer(
                                threeEpochs(design, new LocalFileModelSaver(folder.toString())),
                                network,
                                minibatches(design))
                        .fit());
        ComputationGraph graph = design.maskedGraph();
        assertBestKeepsTheMask(
                design,
                graph,
                new EarlyStoppingGraphTrainer(
                                threeEpochs(design, new LocalFileGraphSaver(folder.toString())),
                                graph,
                                minibatches(design))
                        .fit());
    }
}
