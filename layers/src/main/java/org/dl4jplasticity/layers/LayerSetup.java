package org.dl4jplasticity.layers;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What DL4J asks of every layer's configuration before the layer can work. */
public final class LayerSetup {
    private LayerSetup() {}

    /**
     * {@return a layer that has been given its parameters and everything else it needs to work, as
     * DL4J's own {@code instantiate} does}
     *
     * @param layer without parameters
     * @param conf its configuration
     * @param listeners of the network
     * @param layerIndex its place in the network
     * @param paramsView its part of the network's parameters
     * @param initialize whether the parameters get new values
     */
    public static Layer ready(
            Layer layer,
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int layerIndex,
            INDArray paramsView,
            boolean initialize) {
        layer.setListeners(listeners);
        layer.setIndex(layerIndex);
        layer.setParamsViewArray(paramsView);
        layer.setParamTable(conf.getLayer().initializer().init(conf, paramsView, initialize));
        layer.setConf(conf);
        return layer;
    }

    /**
     * {@return the memory of a layer: parameters, optimizer state, and working memory for each
     * example}
     *
     * @param layer the configuration
     * @param inputType of the layer
     * @param outputType of the layer
     * @param learning how many parameters have optimizer state
     * @param working numbers for each example
     */
    public static LayerMemoryReport memory(
            BaseLayer layer,
            InputType inputType,
            InputType outputType,
            long learning,
            long working) {
        return new LayerMemoryReport.Builder(
                        layer.getLayerName(), layer.getClass(), inputType, outputType)
                .standardMemory(
                        layer.initializer().numParams(layer),
                        layer.getIUpdater().stateSize(learning))
                .workingMemory(0, 0, 0, working)
                .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
                .build();
    }
}
