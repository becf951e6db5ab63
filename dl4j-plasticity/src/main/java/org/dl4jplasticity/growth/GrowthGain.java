package org.dl4jplasticity.growth;

import org.deeplearning4j.nn.api.Model;
import org.dl4jplasticity.surgery.NetworkSurgery;
import org.dl4jplasticity.surgery.UnitInitialization.Site;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * What new units of a layer would be worth to the loss, to first order: a measure to choose the
 * layer that grows by. Layers of one network can be compared.
 */
@FunctionalInterface
public interface GrowthGain {

    /**
     * {@return the gain, at least 0}
     *
     * @param model an initialized MultiLayerNetwork or ComputationGraph, which stays as it is
     * @param layerId the layer
     * @param batch some examples with labels
     * @param units the number of new units, at least 1
     * @throws IllegalArgumentException if {@link GrowthStatistics} doesn't serve the layer
     */
    double of(Model model, String layerId, MultiDataSet batch, int units);

    /**
     * {@return the gain of {@link NewUnits#gradMax}: the sum of the squares of the largest singular
     * values of the gradient by an auxiliary linear map, which is the squared gradient of the new
     * units' incoming weights for outgoing weights of length 1 and a slope of 1} Evci et al., ICLR
     * 2022.
     */
    static GrowthGain gradMax() {
        return (model, layerId, batch, units) ->
                gradMax(GrowthStatistics.of(site(model, layerId), batch), units);
    }

    /**
     * {@return the gain of {@link NewUnits#tiny}: the sum of the squares of the largest singular
     * values} Verbockhaven et al., TMLR 2024.
     */
    static GrowthGain tiny() {
        return (model, layerId, batch, units) ->
                tiny(GrowthStatistics.of(site(model, layerId), batch), units);
    }

    private static double gradMax(GrowthStatistics statistics, int units) {
        return GradMax.gradient(statistics).first(units).energy();
    }

    private static double tiny(GrowthStatistics statistics, int units) {
        return TinyDirections.of(statistics, 0, units).gain();
    }

    private static Site site(Model model, String layerId) {
        return new Site(model, layerId, NetworkSurgery.of(model).units(layerId));
    }
}
