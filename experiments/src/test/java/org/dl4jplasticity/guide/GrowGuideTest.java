package org.dl4jplasticity.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.growth.DormantUnits;
import org.dl4jplasticity.growth.DropIn;
import org.dl4jplasticity.growth.LayerChoice;
import org.dl4jplasticity.growth.LeastRelevant;
import org.dl4jplasticity.growth.Neuroplasticity;
import org.dl4jplasticity.growth.NewUnits;
import org.dl4jplasticity.growth.Plateau;
import org.dl4jplasticity.growth.UnitCount;
import org.dl4jplasticity.journal.MutationJournal;
import org.dl4jplasticity.surgery.NetworkSurgery;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** The code of {@code docs/grow.md}. */
class GrowGuideTest {

    // spotless:off
    static DropIn whenItStalls(MultiLayerNetwork model, DataSet examples, DataSetIterator validation) {
        DropIn dropIn = DropIn.when(Plateau.ofTrainingLoss().patience(3))
                .where(LayerChoice.mostRelevant(examples))
                .units(UnitCount.fraction(0.1))
                .startingWith(NewUnits.paired())
                .stopAfter(2, new DataSetLossCalculator(validation, true))
                .build();
        model.addListeners(dropIn);
        return dropIn;
    }

    static void whenIWantIt(DropIn dropIn, MultiLayerNetwork model, Path file) throws IOException {
        try (MutationJournal journal = MutationJournal.create(file)) {
            dropIn.recordTo(journal);
            dropIn.growNow(model);
        }
    }

    static void byHand(MultiLayerNetwork model, long seed) {
        NetworkSurgery surgery = NetworkSurgery.of(model);
        surgery.widen("1", 16, NewUnits.zeroOutgoing(), seed);   // 16 neurons more, the outputs as before
        surgery.narrow("0", 3, 5);                               // without neurons 3 and 5
    }

    static void upAndDown(MultiLayerNetwork model, DataSet examples, DataSetIterator validation) {
        DropIn dropIn = DropIn.when(Plateau.ofTrainingLoss().patience(2)).where(LayerChoice.roundRobin()).build();
        model.addListeners(Neuroplasticity.of(
                dropIn, LeastRelevant.neurons(examples, 0.05), new DataSetLossCalculator(validation, true)));
    }

    static void sameWidth(MultiLayerNetwork model) {
        model.addListeners(DormantUnits.every(1_000).threshold(0.025).build());
    }
    // spotless:on

    private final DataSet examples = GuideModels.digits().iterator(100).next();
    private final DataSetIterator digits = GuideModels.digits().iterator(250, 1);

    @Test
    void aNetworkThatStallsGrows() {
        MultiLayerNetwork model = GuideModels.dense(1e-7);
        DropIn dropIn = whenItStalls(model, examples, GuideModels.digits().iterator(500));
        model.fit(digits, 4);
        assertThat(dropIn.growths()).hasSize(1);
        assertThat(model.layerSize(0) + model.layerSize(1)).isBetween(30 + 20 + 2, 30 + 20 + 4);
    }

    @Test
    void aNetworkGrowsOnDemandAndTheJournalTellsIt(@TempDir Path folder) throws IOException {
        MultiLayerNetwork model = GuideModels.dense(0.001);
        DropIn dropIn = DropIn.when().where(LayerChoice.always("1")).build();
        Path file = folder.resolve("journal.jsonl");
        whenIWantIt(dropIn, model, file);
        assertThat(model.layerSize(1)).isEqualTo(22);
        assertThat(MutationJournal.read(file).mutations()).hasSize(1);
    }

    @Test
    void surgeryKeepsTheOutputs() {
        MultiLayerNetwork model = GuideModels.trained();
        INDArray before = model.output(examples.getFeatures());
        NetworkSurgery.of(model).widen("1", 16, NewUnits.zeroOutgoing(), 7);
        assertThat(model.output(examples.getFeatures()).equalsWithEps(before, 1e-5)).isTrue();
        byHand(model, 8);
        assertThat(model.layerSize(0)).isEqualTo(28);
        assertThat(model.layerSize(1)).isEqualTo(20 + 16 + 16);
        model.fit(digits, 1);
    }

    @Test
    void whatCarriesLeastGoesWhileTheLossFalls() {
        MultiLayerNetwork model = GuideModels.dense(0.003);
        upAndDown(model, examples, GuideModels.digits().iterator(500));
        model.fit(digits, 4);
        assertThat(model.layerSize(0)).isLessThan(30);
        assertThat(model.layerSize(1)).isLessThan(20);
    }

    @Test
    void recyclingKeepsTheWidths() {
        MultiLayerNetwork model = GuideModels.dense(0.003);
        sameWidth(model);
        model.fit(digits, 2);
        assertThat(model.layerSize(0)).isEqualTo(30);
    }
}
