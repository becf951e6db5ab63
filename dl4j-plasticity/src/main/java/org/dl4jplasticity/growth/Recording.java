package org.dl4jplasticity.growth;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.dl4jplasticity.pruning.DoubleCopy;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What goes through a layer, and the next, while the gradient of the loss on a batch is computed:
 * on a copy of the network in double precision, without dropout and weight noise. The copy's layers
 * get a dropout, an activation function and a loss that do as those they replace and keep what they
 * see.
 */
final class Recording {
    private final Model copy;
    private final Tap.Input input = new Tap.Input();
    private final Tap.Activation preActivation;
    private final Tap.Input nextInput = new Tap.Input();
    private final Tap.Errors error;

    private Recording(Model network, String id, String nextId, MultiDataSet batch) {
        copy = DoubleCopy.withoutNoise(network);
        BaseLayer layer = layer(id);
        preActivation = new Tap.Activation(layer.getActivationFn());
        layer.setIDropout(input);
        layer.setActivationFn(preActivation);
        error = nextId == null ? null : tap(layer(nextId));
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            Networks.computeGradient(copy, Networks.doubles(batch));
        }
    }

    /**
     * {@return what goes through a layer}
     *
     * @param id a layer with an activation function
     */
    static Recording of(Model network, String id, MultiDataSet batch) {
        return new Recording(network, id, null, batch);
    }

    /**
     * {@return what goes through a layer and the next}
     *
     * @param id a layer with an activation function
     * @param nextId another, or an output layer
     */
    static Recording of(Model network, String id, String nextId, MultiDataSet batch) {
        return new Recording(network, id, nextId, batch);
    }

    private BaseLayer layer(String id) {
        return (BaseLayer) Networks.layer(copy, id).conf().getLayer();
    }

    private Tap.Errors tap(BaseLayer next) {
        next.setIDropout(nextInput);
        if (next instanceof BaseOutputLayer output) {
            Tap.Loss tap = new Tap.Loss(output.getLossFn());
            output.setLossFn(tap);
            return tap;
        }
        Tap.Activation tap = new Tap.Activation(next.getActivationFn());
        next.setActivationFn(tap);
        return tap;
    }

    /** {@return the copy, with the gradient of the loss, summed over examples} */
    Model copy() {
        return copy;
    }

    /** {@return what the layer gets} */
    INDArray input() {
        return input.seen();
    }

    /** {@return the layer's weighted sums, before its activation function} */
    INDArray preActivation() {
        return preActivation.seen();
    }

    /** {@return what the next layer gets} */
    INDArray nextInput() {
        return nextInput.seen();
    }

    /**
     * {@return the derivative of the loss, summed over examples, by the next layer's weighted sums}
     */
    INDArray error() {
        return error.error();
    }
}
