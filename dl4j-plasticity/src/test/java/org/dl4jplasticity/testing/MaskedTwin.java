package org.dl4jplasticity.testing;

import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.dl4jplasticity.layers.SparseDenseLayer;
import org.dl4jplasticity.layers.SparseLayer;
import org.dl4jplasticity.layers.SparseOutputLayer;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The masked twin of a packed network: DL4J's own layers in place of the sparse ones, with the same
 * settings, weights and topologies.
 */
public final class MaskedTwin {
    private MaskedTwin() {}

    /**
     * {@return the twin of a network that has not been trained}
     *
     * @param packed a chain
     * @param type its class
     * @param settings what the chain was made with
     */
    static TinyNetwork of(
            TinyNetwork packed, NetworkClass type, NeuralNetConfiguration.Builder settings) {
        Layer[] layers =
                packed.layers().stream()
                        .map(layer -> twin(layer.conf().getLayer().clone()))
                        .toArray(Layer[]::new);
        TinyNetwork masked = type.chain(settings, layers);
        Map<Integer, MaskableWeights> weights = new TreeMap<>();
        for (MaskableWeights each : MaskableWeights.of(masked.model())) {
            if (each.key().equals("W")) {
                weights.put(masked.layers().indexOf(each.layer()), each);
            }
        }
        for (int i = 0; i < layers.length; i++) {
            org.deeplearning4j.nn.api.Layer source = packed.layers().get(i);
            org.deeplearning4j.nn.api.Layer target = masked.layers().get(i);
            keepRegularization(source.conf().getLayer(), target.conf().getLayer());
            for (Map.Entry<String, INDArray> parameter : source.paramTable().entrySet()) {
                if (source.conf().getLayer() instanceof SparseLayer sparse
                        && parameter.getKey().equals("W")) {
                    spread(parameter.getValue(), sparse.getTopology(), target.getParam("W"));
                    weights.get(i).setMask(sparse.getTopology());
                } else {
                    target.getParam(parameter.getKey()).assign(parameter.getValue());
                }
            }
        }
        return masked;
    }

    /** DL4J adds a network's weight decay to that of its layers every time one is built. */
    private static void keepRegularization(Layer source, Layer target) {
        if (source instanceof BaseLayer from && target instanceof BaseLayer to) {
            to.setRegularization(from.getRegularization());
            to.setRegularizationBias(from.getRegularizationBias());
        }
    }

    /** A matrix is [inputs, outputs], and an id is output * inputs + input. */
    private static void spread(INDArray values, SparseTopology topology, INDArray matrix) {
        matrix.assign(0);
        long[] ids = topology.ids();
        for (int position = 0; position < ids.length; position++) {
            matrix.putScalar(
                    ids[position] % topology.nIn(),
                    ids[position] / topology.nIn(),
                    values.getDouble(position));
        }
    }

    private static Layer twin(Layer layer) {
        if (layer instanceof SparseDenseLayer sparse) {
            return settings(sparse, new DenseLayer.Builder().build());
        } else if (layer instanceof SparseOutputLayer sparse) {
            return settings(sparse, new OutputLayer.Builder(sparse.getLossFn()).build());
        }
        return layer;
    }

    private static Layer settings(FeedForwardLayer from, FeedForwardLayer to) {
        to.setNIn(from.getNIn());
        to.setNOut(from.getNOut());
        to.setLayerName(from.getLayerName());
        to.setIDropout(from.getIDropout());
        to.setConstraints(from.getConstraints());
        copy(from, to);
        return to;
    }

    private static void copy(BaseLayer from, BaseLayer to) {
        to.setActivationFn(from.getActivationFn());
        to.setWeightInitFn(from.getWeightInitFn());
        to.setBiasInit(from.getBiasInit());
        to.setIUpdater(from.getIUpdater());
        to.setBiasUpdater(from.getBiasUpdater());
        to.setWeightNoise(from.getWeightNoise());
        to.setGradientNormalization(from.getGradientNormalization());
        to.setGradientNormalizationThreshold(from.getGradientNormalizationThreshold());
    }
}
