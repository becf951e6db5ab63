package org.dl4jplasticity.growth;

import java.util.Arrays;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** What DL4J's two network classes are asked for here. */
final class Networks {
    private Networks() {}

    /** {@return a layer at work} */
    static Layer layer(Model network, String id) {
        return network instanceof MultiLayerNetwork sequential
                ? sequential.getLayer(Integer.parseInt(id))
                : ((ComputationGraph) network).getLayer(id);
    }

    /** Computes the gradient of the loss, as training does, on a network that is at rest. */
    static void computeGradient(Model network, MultiDataSet batch) {
        if (network instanceof MultiLayerNetwork sequential) {
            sequential.setLayerMaskArrays(
                    first(batch.getFeaturesMaskArrays()), first(batch.getLabelsMaskArrays()));
            sequential.setInput(batch.getFeatures(0));
            sequential.setLabels(batch.getLabels(0));
            sequential.computeGradientAndScore();
            sequential.clearLayerMaskArrays();
        } else {
            ComputationGraph graph = (ComputationGraph) network;
            graph.setLayerMaskArrays(batch.getFeaturesMaskArrays(), batch.getLabelsMaskArrays());
            graph.setInputs(batch.getFeatures());
            graph.setLabels(batch.getLabels());
            graph.computeGradientAndScore();
            graph.clearLayerMaskArrays();
        }
    }

    private static <T> T first(T[] some) {
        return some == null ? null : some[0];
    }

    /** {@return the loss on a batch, with regularization, as training computes it} */
    static double loss(Model network, MultiDataSet batch) {
        return network instanceof MultiLayerNetwork sequential
                ? sequential.score(
                        new DataSet(
                                batch.getFeatures(0),
                                batch.getLabels(0),
                                first(batch.getFeaturesMaskArrays()),
                                first(batch.getLabelsMaskArrays())),
                        true)
                : ((ComputationGraph) network).score(batch, true);
    }

    /** {@return a batch in double precision, of arrays of its own} */
    static MultiDataSet doubles(MultiDataSet batch) {
        return new org.nd4j.linalg.dataset.MultiDataSet(
                doubles(batch.getFeatures()),
                doubles(batch.getLabels()),
                doubles(batch.getFeaturesMaskArrays()),
                doubles(batch.getLabelsMaskArrays()));
    }

    private static INDArray[] doubles(INDArray[] arrays) {
        return arrays == null
                ? null
                : Arrays.stream(arrays)
                        .map(array -> array == null ? null : array.castTo(DataType.DOUBLE).dup())
                        .toArray(INDArray[]::new);
    }
}
