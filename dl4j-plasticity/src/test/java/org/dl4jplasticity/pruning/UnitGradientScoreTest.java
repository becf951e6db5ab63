package org.dl4jplasticity.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.surgery.UnitVectors;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.ResizableNetwork;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** What the loss says that units are worth. */
class UnitGradientScoreTest {

    /** Hidden units put out 2 and 1; with the output's gradient 1 theirs are 2 and -3. */
    private static final DataSet EXAMPLE = example(0.5);

    private static DataSet example(double label) {
        return new DataSet(
                Nd4j.createFromArray(new double[][] {{1, 2}}),
                Nd4j.createFromArray(new double[][] {{label}}));
    }

    private static double[][] scores(UnitScore score, Model network) {
        return score.of(network, UnitGroup.of(network));
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void taylorIsOutputTimesGradientAsCalculatedByHand(NetworkClass type) {
        Model network = Networks.byHand(type, DataType.DOUBLE);
        assertThat(scores(UnitScore.taylor(EXAMPLE), network)[0])
                .containsExactly(new double[] {4, 3}, within(1e-12));
    }

    /** Labels 0.5 and 1.5 about the output 1 cancel in one batch, not in two. */
    @Test
    void theMagnitudeIsTakenOfEachBatch() {
        Model network = Networks.byHand(NetworkClass.SEQUENTIAL, DataType.DOUBLE);
        DataSet other = example(1.5);
        assertThat(scores(UnitScore.taylor(EXAMPLE, other), network)[0])
                .containsExactly(new double[] {4, 3}, within(1e-12));
        DataSet both = DataSet.merge(List.of(EXAMPLE, other));
        assertThat(scores(UnitScore.taylor(both), network)[0])
                .containsExactly(new double[] {0, 0}, within(1e-12));
    }

    /** 2, 4 and -3, -6 lead into the units. */
    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void gradientIsTheMeanMagnitudeOfThoseOfIncomingWeights(NetworkClass type) {
        Model network = Networks.byHand(type, DataType.DOUBLE);
        assertThat(scores(UnitScore.gradient(EXAMPLE), network)[0])
                .containsExactly(new double[] {3, 4.5}, within(1e-12));
    }

    static List<Arguments> networks() {
        return List.of(
                Arguments.of(ResizableNetwork.DENSE, false),
                Arguments.of(ResizableNetwork.DENSE, true),
                Arguments.of(ResizableNetwork.CONVOLUTION, false),
                Arguments.of(ResizableNetwork.FLATTENED_CONVOLUTION, true),
                Arguments.of(ResizableNetwork.MASKED, false),
                Arguments.of(ResizableNetwork.SPARSE, true),
                Arguments.of(ResizableNetwork.LSTM_BEFORE_LSTM, false),
                Arguments.of(ResizableNetwork.RESIDUAL, true));
    }

    /** What the next layers get from a unit becomes a little less: the loss changes that much. */
    @ParameterizedTest
    @MethodSource("networks")
    void taylorIsTheFirstOrderChangeOfTheLossWhenAUnitFallsSilent(
            ResizableNetwork kind, boolean asGraph) {
        TinyNetwork network = kind.trained(asGraph, DataType.DOUBLE);
        DataSet batch = kind.batch(3, DataType.DOUBLE);
        List<UnitGroup> groups = UnitGroup.of(network.model());
        double[][] scores = UnitScore.taylor(batch).of(network.model(), groups);
        double share = 1e-5;
        for (int i = 0; i < groups.size(); i++) {
            List<UnitVectors> outgoing = groups.get(i).units().outgoing();
            for (int unit = 0; unit < scores[i].length; unit++) {
                double more = lossWith(network, batch, outgoing, unit, 1 + share);
                double less = lossWith(network, batch, outgoing, unit, 1 - share);
                assertThat(scores[i][unit])
                        .as("group %d, unit %d", i, unit)
                        .isCloseTo(Math.abs(more - less) / (2 * share), within(1e-7));
            }
        }
        assertThat(Arrays.stream(scores[0]).max().getAsDouble()).isGreaterThan(1e-4);
    }

    private static double lossWith(
            TinyNetwork network,
            DataSet batch,
            List<UnitVectors> outgoing,
            int unit,
            double factor) {
        List<double[]> before = outgoing.stream().map(w -> w.get(unit).clone()).toList();
        for (int i = 0; i < before.size(); i++) {
            double[] scaled = Arrays.stream(before.get(i)).map(w -> factor * w).toArray();
            outgoing.get(i).set(unit, scaled);
        }
        Model copy = DoubleCopy.withoutNoise(network.model());
        INDArray output =
                copy instanceof MultiLayerNetwork sequential
                        ? sequential.output(batch.getFeatures(), true)
                        : ((ComputationGraph) copy).output(true, batch.getFeatures())[0];
        for (int i = 0; i < before.size(); i++) {
            outgoing.get(i).set(unit, before.get(i));
        }
        INDArray labels = batch.getLabels().castTo(DataType.DOUBLE);
        return -Transforms.log(output).mul(labels).sumNumber().doubleValue() / labels.size(0);
    }

    @Test
    void narrowingTakesTheUnitThatTheLossWouldMissLeast() {
        Model network = Networks.byHand(NetworkClass.SEQUENTIAL, DataType.DOUBLE);
        Narrowed narrowed = Narrowing.by(UnitScore.taylor(EXAMPLE)).fraction(0.5).applyTo(network);
        assertThat(narrowed.resized().get(0).change().removed()).containsExactly(1);
    }
}
