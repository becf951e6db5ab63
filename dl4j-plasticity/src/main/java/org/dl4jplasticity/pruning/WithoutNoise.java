package org.dl4jplasticity.pruning;

import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.dl4jplasticity.layers.ActivationPruning;
import org.dl4jplasticity.layers.ActivationPruningLayer;
import org.nd4j.linalg.activations.Activation;

/**
 * Takes dropout, weight noise and draws among activations away. Layers that DL4J calls frozen have
 * none in use.
 */
class WithoutNoise implements Rework {

    @Override
    public Layer layer(String name, Layer layer, boolean isOutput) {
        if (layer instanceof ActivationPruningLayer pruned
                && pruned.pruning() instanceof ActivationPruning.Sampling) {
            ActivationLayer expected = new ActivationLayer(Activation.IDENTITY);
            expected.setLayerName(layer.getLayerName());
            return expected;
        }
        quieten(layer);
        return layer;
    }

    private static void quieten(Layer layer) {
        layer.setIDropout(null);
        if (layer instanceof BaseLayer base) {
            base.setWeightNoise(null);
        } else if (layer instanceof BaseWrapperLayer wrapper) {
            quieten(wrapper.getUnderlying());
        } else if (layer instanceof Bidirectional bidirectional) {
            quieten(bidirectional.getFwd());
            quieten(bidirectional.getBwd());
        }
    }

    @Override
    public GraphVertex vertex(String name, GraphVertex vertex) {
        return vertex;
    }
}
