package org.dl4jplasticity.surgery;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Sets the gradients of everything that belongs to units from some number on to zero. */
final class FreezeUnits extends BaseTrainingListener {
    private final String layerId;
    private final int first;

    FreezeUnits(String layerId, int first) {
        this.layerId = layerId;
        this.first = first;
    }

    /** Swaps gradient and values, so that the view of units writes to gradients. */
    @Override
    public void onGradientCalculation(Model model) {
        PlasticNetwork network = PlasticNetwork.of(model);
        INDArray parameters = network.parameters();
        INDArray values = parameters.dup();
        parameters.assign(network.gradients().reshape(parameters.shape()));
        Units units = NetworkSurgery.of(model).units(layerId);
        for (int unit = first; unit < units.count(); unit++) {
            for (var group :
                    java.util.List.of(
                            units.incoming(), units.biases(), units.passing(), units.outgoing())) {
                for (UnitVectors vectors : group) {
                    vectors.set(unit, new double[vectors.length()]);
                }
            }
        }
        network.gradients().assign(parameters.reshape(network.gradients().shape()));
        parameters.assign(values);
    }
}
