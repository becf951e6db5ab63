package org.dl4jplasticity.packing;

import java.io.File;
import java.io.IOException;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A program of somebody who has DL4J and not this project: runs a saved network. */
final class PlainDl4j {
    private PlainDl4j() {}

    /** Arguments: the saved network, a file of inputs, a file for the outputs. */
    public static void main(String[] files) throws IOException {
        try {
            Class.forName("org.dl4jplasticity.mask.WeightMask");
            throw new IllegalStateException("this project is on the class path");
        } catch (ClassNotFoundException expected) {
            // as it should be
        }
        File model = new File(files[0]);
        INDArray features = Nd4j.readBinary(new File(files[1]));
        Nd4j.saveBinary(output(load(model), features), new File(files[2]));
    }

    private static Model load(File file) throws IOException {
        try {
            return ModelSerializer.restoreMultiLayerNetwork(file, true);
        } catch (RuntimeException notSequential) {
            return ModelSerializer.restoreComputationGraph(file, true);
        }
    }

    private static INDArray output(Model model, INDArray features) {
        return model instanceof MultiLayerNetwork sequential
                ? sequential.output(features)
                : ((ComputationGraph) model).outputSingle(features);
    }
}
