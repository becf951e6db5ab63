package org.dl4jplasticity.layers;

import static org.assertj.core.api.Assertions.assertThat;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** A type that the kernels don't know is computed by ND4J. */
class DataTypesTest {
    /** Half precision has about three significant digits. */
    private static final double TOLERANCE = 0.01;

    @Test
    void halfPrecisionInfersAndTrainsAsInDoubles() {
        MultiLayerNetwork precise = new Design().sparse();
        MultiLayerNetwork half = new Design().type(DataType.FLOAT16).sparse();
        half.setParams(precise.params().castTo(DataType.FLOAT16));
        for (int step = 0; step < 3; step++) {
            DataSet minibatch = Examples.minibatch(DataType.DOUBLE, step, 16);
            INDArray features = minibatch.getFeatures().castTo(DataType.FLOAT16);
            INDArray outputs = half.output(features);
            assertThat(outputs.dataType()).isEqualTo(DataType.FLOAT16);
            Examples.assertClose(
                    "outputs", outputs, precise.output(minibatch.getFeatures()), TOLERANCE);
            half.fit(features, minibatch.getLabels().castTo(DataType.FLOAT16));
            precise.fit(minibatch);
            Examples.assertClose(
                    "parameters after step " + step, half.params(), precise.params(), TOLERANCE);
        }
    }
}
