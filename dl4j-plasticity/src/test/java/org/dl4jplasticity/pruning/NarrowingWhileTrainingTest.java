package org.dl4jplasticity.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dl4jplasticity.testing.ResizableNetwork.CONVOLUTION;
import static org.dl4jplasticity.testing.ResizableNetwork.DENSE;

import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.dl4jplasticity.testing.ResizableNetwork;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;

/** Units are removed in the middle of fit. */
class NarrowingWhileTrainingTest {

    static Stream<Arguments> networks() {
        return Stream.of(DENSE, CONVOLUTION).flatMap(CutNetworks::inItsClasses);
    }

    private static final class After extends BaseTrainingListener {
        private final int iterations;
        private final List<Narrowing> narrowings;

        After(int iterations, Narrowing... narrowings) {
            this.iterations = iterations;
            this.narrowings = List.of(narrowings);
        }

        @Override
        public void iterationDone(Model model, int iteration, int epoch) {
            if (iteration == iterations) {
                narrowings.forEach(each -> each.applyTo(model));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void trainingGoesOnWithTheUnitsThatAreLeft(
            ResizableNetwork kind, boolean asGraph, @TempDir File folder) throws IOException {
        DataSet examples = kind.batch(8, DataType.DOUBLE);
        TinyNetwork network = kind.build(asGraph, DataType.DOUBLE, new Adam(0.01));
        TinyNetwork other = kind.build(asGraph, DataType.DOUBLE, new Adam(0.01));
        Narrowing[] narrowings = {
            Narrowing.by(UnitScore.relevance(examples)).fraction(0.34),
            Narrowing.by(UnitScore.activation(examples)).fractionOfAll(0.1),
            Narrowing.deadUnits(examples),
            Narrowing.duplicates(1e-9)
        };
        network.listen(new After(2, narrowings));
        List<DataSet> batches =
                Stream.of(1, 2, 3, 4).map(seed -> kind.batch(seed, DataType.DOUBLE)).toList();

        network.fit(batches, 1);
        other.fit(batches.subList(0, 3), 1);
        for (Narrowing each : narrowings) {
            each.applyTo(other.model());
        }
        other.fit(batches.get(3));

        assertThat(network.parameters()).isEqualTo(other.parameters());
        assertThat(network.state()).isEqualTo(other.state());
        INDArray features = examples.getFeatures();
        assertThat(network.savedAndLoaded(folder).output(features))
                .isEqualTo(network.output(features));
    }
}
