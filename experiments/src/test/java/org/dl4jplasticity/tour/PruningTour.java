package org.dl4jplasticity.tour;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.pruning.ConnectionScore;
import org.dl4jplasticity.pruning.IterativePruning;
import org.dl4jplasticity.pruning.Narrowing;
import org.dl4jplasticity.pruning.Pruning;
import org.dl4jplasticity.pruning.RewindPoint;
import org.dl4jplasticity.pruning.UnitScore;
import org.dl4jplasticity.sparse.DynamicSparseTraining;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** A trained model made smaller, and a lottery ticket, as the README shows them. */
final class PruningTour {
    private PruningTour() {}

    // spotless:off
    static void shrink(MultiLayerNetwork model, DataSet examples, DataSetIterator data) {
        Narrowing.by(UnitScore.taylor(examples)).fraction(0.5).applyTo(model);  // half of the neurons and channels go
        Pruning.by(ConnectionScore.lamp()).applyTo(model, 0.9);                 // of what is left, 90 % of the weights
        model.addListeners(DynamicSparseTraining.fixed().build());              // and they stay away
        model.fit(data, 3);
    }

    static void lottery(MultiLayerNetwork network, DataSetIterator data, int epochs) {
        RewindPoint start = RewindPoint.of(network);
        for (int level = 0; level < 12; level++) {
            network.fit(data, epochs);                            // with DynamicSparseTraining.fixed() among its listeners
            IterativePruning.eachLayer(0.2).ticketOf(network).rewind(network, start);
        }
    }
    // spotless:on
}
