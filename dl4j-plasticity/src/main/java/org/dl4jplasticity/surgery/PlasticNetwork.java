package org.dl4jplasticity.surgery;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.MultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.nn.updater.UpdaterBlock.ParamState;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.dl4jplasticity.layers.runtime.SparseRuntime;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.topology.SparseTopology;
import org.dl4jplasticity.updater.FusedUpdater;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** One view of DL4J's two network classes: what a rule needs of either. */
public abstract sealed class PlasticNetwork {

    private PlasticNetwork() {}

    /**
     * {@return the view of a network}
     *
     * @param model a {@link MultiLayerNetwork} or {@link ComputationGraph}
     * @throws IllegalArgumentException if it is anything else
     */
    public static PlasticNetwork of(Model model) {
        if (model instanceof MultiLayerNetwork network) {
            return new Sequential(network);
        } else if (model instanceof ComputationGraph graph) {
            return new Graph(graph);
        }
        throw new IllegalArgumentException(
                "expected a MultiLayerNetwork or a ComputationGraph, got "
                        + model.getClass().getName());
    }

    /** {@return the network itself} */
    public abstract Model model();

    /** {@return the layers, in the order of their parameters} */
    public abstract List<Layer> layers();

    /** {@return what the network's inputs are called, in their order} */
    public abstract List<String> inputs();

    /** {@return the flat parameter vector itself, not a copy} */
    public abstract INDArray parameters();

    /** {@return the flat gradient vector itself; null before the first backward pass} */
    public abstract INDArray gradients();

    /** {@return every parameter, in the order of the flat vectors, as they are now} */
    public List<NetworkParameter> table() {
        List<NetworkParameter> table = new ArrayList<>();
        for (UpdaterBlock block : updater().getUpdaterBlocks()) {
            for (ParamState state : block.getLayersAndVariablesInBlock()) {
                table.add(new NetworkParameter(this, block, state));
            }
        }
        return table;
    }

    /**
     * {@return the topologies of all sparse weights, packed or masked, by the id that journals and
     * checkpoints have for them, such as "0/W"; in the order of the parameters}
     */
    public Map<String, SparseTopology> topologies() {
        Map<String, SparseTopology> masks = new HashMap<>();
        for (MaskableWeights weights : MaskableWeights.of(model())) {
            weights.mask().ifPresent(mask -> masks.put(weights.id(), mask));
        }
        Map<String, SparseTopology> topologies = new LinkedHashMap<>();
        for (NetworkParameter parameter : table()) {
            String id = parameter.id();
            if (masks.containsKey(id)) {
                topologies.put(id, masks.get(id));
            } else if (parameter.layer() instanceof SparseRuntime runtime
                    && parameter.name().equals(DefaultParamInitializer.WEIGHT_KEY)) {
                topologies.put(id, runtime.sparseConf().getTopology());
            }
        }
        return topologies;
    }

    /**
     * {@return what messages call a layer, such as "layer 2 (hidden)"}
     *
     * @param layer any layer
     */
    public static String name(Layer layer) {
        String name = layer.conf().getLayer().getLayerName();
        return name == null
                ? "layer " + layer.getIndex()
                : "layer " + layer.getIndex() + " (" + name + ")";
    }

    /**
     * Refuses a network whose structure can't be changed while it trains.
     *
     * @throws IllegalArgumentException with the reason, if the network is one: another optimization
     *     algorithm than stochastic gradient descent, or an updater that doesn't work in DL4J
     */
    public void requireServable() {
        Servable.require(this);
    }

    /** {@return the updater, which holds the optimizer's state} */
    public abstract BaseMultiLayerUpdater<?> updater();

    /**
     * {@return the layer's index in a MultiLayerNetwork, its vertex' name in a ComputationGraph}
     *
     * @param layer a layer of the network
     */
    public abstract String layerId(Layer layer);

    /** Replaces what the input of a layer or preprocessor vertex goes through first. */
    abstract void setPreProcessor(String id, InputPreProcessor preProcessor);

    /**
     * {@return whether it is trained by truncated backpropagation through time, which carries state
     * of the layers' widths from one iteration to the next}
     */
    public boolean isTruncated() {
        return backpropType() == BackpropType.TruncatedBPTT;
    }

    abstract BackpropType backpropType();

    /** {@return the number of iterations done} */
    public abstract int iteration();

    /** {@return the number of epochs done} */
    public abstract int epoch();

    /**
     * Builds the network's layers anew from their configurations, after some of them changed, with
     * given parameters and optimizer state. Counters and listeners stay. Only for use at rest, in
     * {@code iterationDone} and in {@code onEpochEnd}.
     *
     * @param parameters the new flat vector, used itself
     * @param updaterState the new optimizer state, used itself; or null if the updaters have none
     */
    void rebuild(INDArray parameters, INDArray updaterState) {
        keepingItsUpdater(() -> initializeAnew(parameters, updaterState));
    }

    /** Does so with DL4J's own updater. */
    abstract void initializeAnew(INDArray parameters, INDArray updaterState);

    /**
     * Begins training anew with the parameters as they are: another array of gradients, by which
     * listeners see that something changed, optimizer state as it is initialized, and counters at
     * 0. Only for use at rest.
     */
    public void startOver() {
        keepingItsUpdater(this::resetTraining);
    }

    /** Does so with DL4J's own updater. */
    abstract void resetTraining();

    /** Gives the network that updates its parameters in one pass an updater that does so again. */
    private void keepingItsUpdater(Runnable replacement) {
        boolean fused = FusedUpdater.isInstalled(model());
        replacement.run();
        if (fused) {
            FusedUpdater.install(model());
        }
    }

    /** Gives a vector of a parameter its new content, perhaps of another length. */
    @FunctionalInterface
    public interface Carrier {

        /**
         * {@return the new vector; the given one itself if nothing changes}
         *
         * @param parameter whose vector it is
         * @param vector its values, or its slots in one component of the optimizer's state
         */
        INDArray carry(NetworkParameter parameter, INDArray vector);
    }

    /**
     * Builds the network's layers anew with parameters that may change their length. Counters and
     * listeners stay. Only for use at rest, in {@code iterationDone} and in {@code onEpochEnd}.
     *
     * @param values gives the values of each parameter
     * @param slots gives each component of each parameter's optimizer state
     * @param reconfigure changes the layers' configurations; called once, in between
     */
    public void rebuild(Carrier values, Carrier slots, Runnable reconfigure) {
        List<INDArray> parameters = new ArrayList<>();
        List<INDArray> state = new ArrayList<>();
        for (UpdaterBlock block : updater().getUpdaterBlocks()) {
            List<List<INDArray>> components = new ArrayList<>();
            for (ParamState paramState : block.getLayersAndVariablesInBlock()) {
                NetworkParameter parameter = new NetworkParameter(this, block, paramState);
                parameters.add(values.carry(parameter, parameter.values()));
                List<INDArray> old = parameter.slots();
                for (int component = 0; component < old.size(); component++) {
                    if (component == components.size()) {
                        components.add(new ArrayList<>());
                    }
                    components.get(component).add(slots.carry(parameter, old.get(component)));
                }
            }
            components.forEach(state::addAll);
        }
        INDArray newParameters = concatenate(parameters);
        INDArray newState = state.isEmpty() ? null : concatenate(state);
        reconfigure.run();
        rebuild(newParameters, newState);
    }

    private static INDArray concatenate(List<INDArray> vectors) {
        return Nd4j.concat(0, vectors.toArray(new INDArray[0]));
    }

    /** DL4J initializes a network once; this makes it possible again. No public way leads there. */
    private static void allowInit(Class<?> type, Model network) {
        try {
            Field initCalled = type.getDeclaredField("initCalled");
            initCalled.setAccessible(true);
            initCalled.setBoolean(network, false);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "this version of DL4J can't be resized in place: %s has no field initCalled"
                            .formatted(type.getName()),
                    e);
        }
    }

    private static final class Sequential extends PlasticNetwork {
        private final MultiLayerNetwork network;

        Sequential(MultiLayerNetwork network) {
            this.network = network;
        }

        @Override
        public Model model() {
            return network;
        }

        @Override
        public List<Layer> layers() {
            return List.of(network.getLayers());
        }

        @Override
        public List<String> inputs() {
            return List.of(NetworkNode.INPUT);
        }

        @Override
        public INDArray parameters() {
            return network.params();
        }

        @Override
        public INDArray gradients() {
            return network.getGradientsViewArray();
        }

        @Override
        public BaseMultiLayerUpdater<?> updater() {
            return (BaseMultiLayerUpdater<?>) network.getUpdater();
        }

        @Override
        public String layerId(Layer layer) {
            return Integer.toString(layer.getIndex());
        }

        @Override
        void setPreProcessor(String id, InputPreProcessor preProcessor) {
            network.getLayerWiseConfigurations()
                    .getInputPreProcessors()
                    .put(Integer.valueOf(id), preProcessor);
        }

        @Override
        BackpropType backpropType() {
            return network.getLayerWiseConfigurations().getBackpropType();
        }

        @Override
        public int iteration() {
            return network.getIterationCount();
        }

        @Override
        public int epoch() {
            return network.getEpochCount();
        }

        @Override
        void initializeAnew(INDArray parameters, INDArray updaterState) {
            allowInit(MultiLayerNetwork.class, network);
            network.setLayers(null);
            network.init(parameters, false);
            network.initGradientsView();
            network.setUpdater(new MultiLayerUpdater(network, updaterState));
        }

        @Override
        void resetTraining() {
            network.initGradientsView();
            network.setUpdater(new MultiLayerUpdater(network));
            network.setIterationCount(0);
            network.setEpochCount(0);
        }
    }

    private static final class Graph extends PlasticNetwork {
        private final ComputationGraph network;

        Graph(ComputationGraph network) {
            this.network = network;
        }

        @Override
        public Model model() {
            return network;
        }

        @Override
        public List<Layer> layers() {
            List<Layer> layers = new ArrayList<>();
            for (int index : network.topologicalSortOrder()) {
                GraphVertex vertex = network.getVertices()[index];
                if (vertex.hasLayer()) {
                    layers.add(vertex.getLayer());
                }
            }
            return layers;
        }

        @Override
        public List<String> inputs() {
            return List.copyOf(network.getConfiguration().getNetworkInputs());
        }

        @Override
        public INDArray parameters() {
            return network.params();
        }

        @Override
        public INDArray gradients() {
            return network.getGradientsViewArray();
        }

        @Override
        public BaseMultiLayerUpdater<?> updater() {
            return network.getUpdater();
        }

        @Override
        public String layerId(Layer layer) {
            for (GraphVertex vertex : network.getVertices()) {
                if (vertex.hasLayer() && vertex.getLayer() == layer) {
                    return vertex.getVertexName();
                }
            }
            throw new IllegalArgumentException("the layer belongs to no vertex of the graph");
        }

        @Override
        void setPreProcessor(String id, InputPreProcessor preProcessor) {
            var vertex = network.getConfiguration().getVertices().get(id);
            if (vertex instanceof LayerVertex layer) {
                layer.setPreProcessor(preProcessor);
            } else {
                network.getConfiguration()
                        .getVertices()
                        .put(id, new PreprocessorVertex(preProcessor));
            }
        }

        @Override
        BackpropType backpropType() {
            return network.getConfiguration().getBackpropType();
        }

        @Override
        public int iteration() {
            return network.getIterationCount();
        }

        @Override
        public int epoch() {
            return network.getEpochCount();
        }

        @Override
        void initializeAnew(INDArray parameters, INDArray updaterState) {
            allowInit(ComputationGraph.class, network);
            network.init(parameters, false);
            network.initGradientsView();
            network.setUpdater(new ComputationGraphUpdater(network, updaterState));
        }

        @Override
        void resetTraining() {
            network.initGradientsView();
            network.setUpdater(new ComputationGraphUpdater(network));
            network.getConfiguration().setIterationCount(0);
            network.getConfiguration().setEpochCount(0);
        }
    }
}
