package org.dl4jplasticity.surgery;

import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.AdaBelief;

/** What a network must be like for its structure to be changed while it trains. */
final class Servable {
    private Servable() {}

    /**
     * Refuses networks that can't be served.
     *
     * @throws IllegalArgumentException with the reason, if the network is one
     */
    static void require(PlasticNetwork network) {
        network.layers().forEach(Servable::requireGradientDescent);
        network.layers().forEach(Servable::requireWorkingUpdaters);
        network.table().forEach(Servable::requireComponents);
    }

    /** Other algorithms keep a search state of their own that no change of structure reaches. */
    private static void requireGradientDescent(Layer layer) {
        OptimizationAlgorithm algorithm = layer.conf().getOptimizationAlgo();
        if (algorithm != OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT) {
            throw new IllegalArgumentException(
                    "a change of structure needs STOCHASTIC_GRADIENT_DESCENT, which all updaters work"
                            + " with, got optimization algorithm "
                            + algorithm);
        }
    }

    /** DL4J can't even create the state of some. */
    private static void requireWorkingUpdaters(Layer layer) {
        for (String parameter : layer.paramTable().keySet()) {
            if (layer.getConfig().getUpdaterByParam(parameter) instanceof AdaBelief) {
                throw new IllegalArgumentException(
                        "%s: AdaBelief does not work in DL4J 1.0.0-M2.1 (it fails at its first step);"
                                        .formatted(PlasticNetwork.name(layer))
                                + " use another updater");
            }
        }
    }

    /** State must be a number of components, each with a slot per parameter. */
    private static void requireComponents(NetworkParameter parameter) {
        List<INDArray> slots = parameter.slots();
        if (slots.stream().anyMatch(slot -> slot.length() != parameter.length())) {
            throw new IllegalArgumentException(
                    "%s: the state of updater %s is no whole number of values for each of the %d"
                                    .formatted(
                                            PlasticNetwork.name(parameter.layer()),
                                            parameter.updater().getClass().getSimpleName(),
                                            parameter.length())
                            + " parameters");
        }
    }
}
