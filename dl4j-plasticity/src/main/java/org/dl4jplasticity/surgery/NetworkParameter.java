package org.dl4jplasticity.surgery;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.nn.updater.UpdaterBlock.ParamState;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * One parameter of a network with its gradient and its optimizer's state, each a vector in the
 * order of DL4J's flat parameter vector and a view of the network's own arrays.
 *
 * <p>DL4J joins neighbouring parameters of equal updaters into a block, and a block's state holds
 * one component after the other (Adam: all first moments, then all second moments), each with one
 * slot per parameter of the block.
 */
public final class NetworkParameter {
    private final PlasticNetwork network;
    private final UpdaterBlock block;
    private final ParamState state;

    NetworkParameter(PlasticNetwork network, UpdaterBlock block, ParamState state) {
        this.network = network;
        this.block = block;
        this.state = state;
    }

    /** {@return the layer the parameter belongs to} */
    public Layer layer() {
        // A ComputationGraph's updater names the vertex around the layer.
        return state.getLayer() instanceof GraphVertex vertex
                ? vertex.getLayer()
                : (Layer) state.getLayer();
    }

    /** {@return what journals and checkpoints call the parameter, such as "0/W"} */
    public String id() {
        return network.layerId(layer()) + "/" + name();
    }

    /** {@return the parameter's name in its layer, such as "W"} */
    public String name() {
        return state.getParamName();
    }

    /** {@return the number of values} */
    public int length() {
        return state.getParamOffsetEnd() - state.getParamOffsetStart();
    }

    /** {@return the values} */
    public INDArray values() {
        return slice(network.parameters());
    }

    /** {@return the gradient; null before the first backward pass} */
    public INDArray gradient() {
        INDArray gradients = network.gradients();
        return gradients == null ? null : slice(gradients);
    }

    /** {@return the updater's state, one vector per component; none if it has no state} */
    public List<INDArray> slots() {
        List<INDArray> slots = new ArrayList<>();
        INDArray view = block.getUpdaterView();
        if (view == null) {
            return slots;
        }
        int blockLength = block.getParamOffsetEnd() - block.getParamOffsetStart();
        int from = state.getParamOffsetStart() - block.getParamOffsetStart();
        INDArray flat = view.reshape(view.length());
        for (long component = 0; component < flat.length(); component += blockLength) {
            slots.add(
                    flat.get(NDArrayIndex.interval(component + from, component + from + length())));
        }
        return slots;
    }

    /** {@return the configuration of the parameter's updater} */
    public IUpdater updater() {
        return state.getLayer().getConfig().getUpdaterByParam(state.getParamName());
    }

    private INDArray slice(INDArray vector) {
        return vector.reshape(vector.length())
                .get(NDArrayIndex.interval(state.getParamOffsetStart(), state.getParamOffsetEnd()));
    }
}
