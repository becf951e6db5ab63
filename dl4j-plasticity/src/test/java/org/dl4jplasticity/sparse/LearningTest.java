package org.dl4jplasticity.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Nesterovs;

/** Networks learn while they are rewired. */
class LearningTest {

    @ParameterizedTest
    @EnumSource
    void setLearns(NetworkClass type) {
        assertLearns(type, DynamicSparseTraining.set().until(9));
    }

    @ParameterizedTest
    @EnumSource
    void riglLearns(NetworkClass type) {
        assertLearns(type, DynamicSparseTraining.rigl().updateEvery(10).until(150));
    }

    private static void assertLearns(NetworkClass type, SparseTrainingBuilder method) {
        TinyNetwork network =
                type.of(
                        NetworkClass.settings(DataType.FLOAT, new Nesterovs(0.05, 0.9), 3),
                        NetworkClass.sparse(6, 40, 0.7).build(),
                        NetworkClass.sparse(40, 20, 0.8).build(),
                        NetworkClass.sparseOutput(20, 3, 0).build());
        List<DataSet> batches = Examples.batches(20, 32, 6, DataType.FLOAT);
        DataSet all = DataSet.merge(batches);
        double untrained = network.loss(all);
        network.listen(method.build());
        network.fit(batches, 10);
        assertThat(network.loss(all)).isLessThan(untrained / 2);
        assertThat(Arrays.stream(network.parameters().toDoubleVector())).allMatch(Double::isFinite);
    }
}
