package org.dl4jplasticity.sparse;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.nn.updater.UpdaterBlock.ParamState;
import org.dl4jplasticity.layers.runtime.SparseRuntime;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.topology.TopologyChange;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Changes the number of active connections of packed layers: their parameters get another length.
 */
final class PackedResize {
    private PackedResize() {}

    /**
     * Applies changes that only drop; everything that is left keeps its value and slots.
     *
     * @param changes by layer, as identity: a layer's hash reads arrays whose workspace is closed
     */
    static void apply(PlasticNetwork network, IdentityHashMap<Layer, TopologyChange> changes) {
        INDArray parameters = network.parameters();
        INDArray flat = parameters.reshape(parameters.length());
        List<INDArray> values = new ArrayList<>();
        List<INDArray> state = new ArrayList<>();
        for (UpdaterBlock block : network.updater().getUpdaterBlocks()) {
            List<List<INDArray>> components = new ArrayList<>();
            for (ParamState parameter : block.getLayersAndVariablesInBlock()) {
                TopologyChange change =
                        parameter.getParamName().equals(DefaultParamInitializer.WEIGHT_KEY)
                                ? changes.get(OptimizerSlots.layer(parameter))
                                : null;
                values.add(
                        carry(
                                change,
                                flat.get(
                                        NDArrayIndex.interval(
                                                parameter.getParamOffsetStart(),
                                                parameter.getParamOffsetEnd()))));
                List<INDArray> slots = OptimizerSlots.of(block, parameter);
                for (int component = 0; component < slots.size(); component++) {
                    if (component == components.size()) {
                        components.add(new ArrayList<>());
                    }
                    components.get(component).add(carry(change, slots.get(component)));
                }
            }
            components.forEach(state::addAll);
        }
        changes.forEach(
                (layer, change) ->
                        ((SparseRuntime) layer).sparseConf().setTopology(change.topology()));
        network.rebuild(concatenate(values), state.isEmpty() ? null : concatenate(state));
    }

    private static INDArray carry(TopologyChange change, INDArray vector) {
        if (change == null) {
            return vector;
        }
        double[] carried = change.carry(vector.toDoubleVector(), new double[0]);
        return Nd4j.createFromArray(carried).castTo(vector.dataType());
    }

    private static INDArray concatenate(List<INDArray> vectors) {
        return Nd4j.concat(0, vectors.toArray(new INDArray[0]));
    }
}
