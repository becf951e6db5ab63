package org.dl4jplasticity.testing;

import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/**
 * DL4J's own dense network with the same function: the active weights in place, 0 elsewhere. It has
 * no regularization. For chains of sparse or masked dense layers.
 */
public final class DenseTwin {
    private final MultiLayerNetwork dense;

    private DenseTwin(MultiLayerNetwork dense) {
        this.dense = dense;
    }

    /** {@return the twin of a network as it is now} */
    public static DenseTwin of(TinyNetwork network) {
        ListBuilder list =
                new NeuralNetConfiguration.Builder()
                        .dataType(network.parameters().dataType())
                        .list();
        for (Layer layer : network.layers()) {
            FeedForwardLayer conf = (FeedForwardLayer) layer.conf().getLayer();
            list.layer(
                    conf instanceof BaseOutputLayer output
                            ? new OutputLayer.Builder(output.getLossFn())
                                    .nIn(output.getNIn())
                                    .nOut(output.getNOut())
                                    .activation(output.getActivationFn())
                                    .build()
                            : new DenseLayer.Builder()
                                    .nIn(conf.getNIn())
                                    .nOut(conf.getNOut())
                                    .activation(conf.getActivationFn())
                                    .build());
        }
        MultiLayerNetwork dense = new MultiLayerNetwork(list.build());
        dense.init();
        Snapshot weights = network.snapshot();
        for (int layer = 0; layer < network.layers().size(); layer++) {
            int index = layer;
            INDArray matrix = dense.getParam(layer + "_W").assign(0);
            weights.layer(layer)
                    .forEach((id, numbers) -> put(matrix, id, weights.weight(index, id)));
            dense.getParam(layer + "_b").assign(network.layers().get(layer).getParam("b"));
        }
        return new DenseTwin(dense);
    }

    /** Takes a connection away. */
    public void drop(int layer, long id) {
        put(dense.getParam(layer + "_W"), id, 0);
    }

    public INDArray output(INDArray features) {
        return dense.output(features);
    }

    /** {@return the gradient of a layer's weights, summed over the minibatch, by connection id} */
    public double[] gradient(int layer, DataSet batch) {
        Map<String, INDArray> gradients =
                dense.calculateGradients(batch.getFeatures(), batch.getLabels(), null, null)
                        .getFirst()
                        .gradientForVariable();
        INDArray matrix = gradients.get(layer + "_W");
        double[] byId = new double[(int) matrix.length()];
        for (int id = 0; id < byId.length; id++) {
            byId[id] = matrix.getDouble(id % matrix.rows(), id / matrix.rows());
        }
        return byId;
    }

    /** A matrix is [inputs, outputs], and an id is output * inputs + input. */
    private static void put(INDArray matrix, long id, double value) {
        matrix.putScalar(id % matrix.rows(), id / matrix.rows(), value);
    }
}
