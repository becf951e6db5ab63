package org.dl4jplasticity.sparse;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.nn.updater.UpdaterBlock.ParamState;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.AdaBelief;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Where an updater keeps its state. DL4J joins neighbouring parameters of equal updaters into a
 * block, and a block's state holds one component after the other (Adam: all first moments, then all
 * second moments), each with one slot per parameter of the block.
 */
final class OptimizerSlots {
    private OptimizerSlots() {}

    /** {@return the layer a parameter belongs to; a ComputationGraph's updater names its vertex} */
    static Layer layer(ParamState parameter) {
        return parameter.getLayer() instanceof GraphVertex vertex
                ? vertex.getLayer()
                : (Layer) parameter.getLayer();
    }

    /** {@return the slots of one parameter, a view for each component of the updater's state} */
    static List<INDArray> of(UpdaterBlock block, ParamState parameter) {
        List<INDArray> slots = new ArrayList<>();
        INDArray state = block.getUpdaterView();
        if (state == null) {
            return slots;
        }
        int length = block.getParamOffsetEnd() - block.getParamOffsetStart();
        int from = parameter.getParamOffsetStart() - block.getParamOffsetStart();
        int to = parameter.getParamOffsetEnd() - block.getParamOffsetStart();
        INDArray flat = state.reshape(state.length());
        for (long component = 0; component < flat.length(); component += length) {
            slots.add(flat.get(NDArrayIndex.interval(component + from, component + to)));
        }
        return slots;
    }

    /**
     * Refuses updaters that DL4J can't even create.
     *
     * @throws IllegalArgumentException if one of the layer's parameters has such an updater
     */
    static void requireWorkingUpdaters(Layer layer) {
        for (String parameter : layer.paramTable().keySet()) {
            if (layer.getConfig().getUpdaterByParam(parameter) instanceof AdaBelief) {
                throw new IllegalArgumentException(
                        "%s: AdaBelief does not work in DL4J 1.0.0-M2.1 (it fails at its first step);"
                                        .formatted(PackedWeights.name(layer))
                                + " use another updater");
            }
        }
    }

    /**
     * Refuses state that is not a number of components, each with a slot per parameter.
     *
     * @throws IllegalArgumentException if the block's is not
     */
    static void requireComponents(UpdaterBlock block) {
        int length = block.getParamOffsetEnd() - block.getParamOffsetStart();
        INDArray state = block.getUpdaterView();
        if (state != null && state.length() % length != 0) {
            ParamState first = block.getLayersAndVariablesInBlock().get(0);
            IUpdater updater = first.getLayer().getConfig().getUpdaterByParam(first.getParamName());
            throw new IllegalArgumentException(
                    "%s: the state of updater %s has %d values for %d parameters, expected a multiple"
                            .formatted(
                                    PackedWeights.name(layer(first)),
                                    updater.getClass().getSimpleName(),
                                    state.length(),
                                    length));
        }
    }
}
