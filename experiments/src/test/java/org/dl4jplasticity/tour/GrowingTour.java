package org.dl4jplasticity.tour;

import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.growth.DropIn;
import org.dl4jplasticity.growth.LayerChoice;
import org.dl4jplasticity.growth.Plateau;
import org.dl4jplasticity.growth.UnitCount;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** Dropin plugged into a model, as the README shows it. */
final class GrowingTour {
    private GrowingTour() {}

    // spotless:off
    static void plugIn(MultiLayerNetwork model, DataSet examples, DataSetIterator validation) {
        model.addListeners(DropIn.when(Plateau.ofTrainingLoss().patience(3))
                .where(LayerChoice.mostRelevant(examples))
                .units(UnitCount.fraction(0.1))
                .stopAfter(2, new DataSetLossCalculator(validation, true)).build());
    }
    // spotless:on
}
