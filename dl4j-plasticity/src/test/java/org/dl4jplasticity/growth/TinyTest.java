package org.dl4jplasticity.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.dl4jplasticity.pruning.DoubleCopy;
import org.dl4jplasticity.surgery.NetworkSurgery;
import org.dl4jplasticity.surgery.UnitInitialization.Site;
import org.dl4jplasticity.surgery.UnitVectors;
import org.dl4jplasticity.surgery.Units;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.inverse.InvertMatrix;

class TinyTest {
    private static final int EXAMPLES = 40;
    private static final int INPUTS = 5;
    private static final int OUTPUTS = 3;

    /** {@return 5 inputs, 2 linear units, 3 outputs, squared error} */
    private static Model linear(NetworkClass type) {
        return GrowingNetworks.chain(
                type,
                DataType.DOUBLE,
                InputType.feedForward(INPUTS),
                GrowingNetworks.dense(2, Activation.IDENTITY),
                GrowingNetworks.numbers(OUTPUTS));
    }

    /** {@return random inputs and labels} */
    private static DataSet data() {
        return new DataSet(
                GrowingNetworks.gaussian(1, EXAMPLES, INPUTS),
                GrowingNetworks.gaussian(2, EXAMPLES, OUTPUTS));
    }

    /**
     * With units for all directions nothing is left of what inputs can say about the labels and the
     * present units can't: the loss falls by exactly that, the projection onto the inputs of what
     * remains of the residuals beside the units, by least squares.
     */
    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void oneStepOnALinearLayerReachesTheFirstOrderOptimum(NetworkClass type) {
        Model network = linear(type);
        DataSet data = data();
        INDArray ones = Nd4j.ones(DataType.DOUBLE, EXAMPLES, 1);
        INDArray inputs = Nd4j.hstack(data.getFeatures(), ones);
        INDArray hidden =
                Nd4j.hstack(
                        data.getFeatures()
                                .mmul(network.paramTable().get("0_W"))
                                .addRowVector(network.paramTable().get("0_b").reshape(1, 2)),
                        ones);
        INDArray residual = data.getLabels().sub(output(network, data));
        INDArray beside = residual.sub(projected(hidden, residual));
        INDArray gained = projected(inputs, beside);
        double squares = gained.mul(gained).sumNumber().doubleValue();
        double before = Networks.loss(network, data.toMultiDataSet());

        NetworkSurgery.of(network).widen("0", OUTPUTS, NewUnits.tiny(data), 3);

        double after = Networks.loss(network, data.toMultiDataSet());
        // DL4J's squared error is the mean over outputs and examples.
        assertThat(before - after).isEqualTo(squares / (EXAMPLES * OUTPUTS), within(1e-9));
        assertThat(before - after).isGreaterThan(0.01);
    }

    /** The orthogonal projection onto the columns of a matrix, by the normal equations. */
    private static INDArray projected(INDArray onto, INDArray of) {
        INDArray gram = onto.transpose().mmul(onto);
        return onto.mmul(InvertMatrix.invert(gram, false)).mmul(onto.transpose()).mmul(of);
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void fewerUnitsTakeTheLargestPartsOfTheGain(NetworkClass type) {
        MultiDataSet data = data().toMultiDataSet();
        Model network = linear(type);
        double all = GrowthGain.tiny().of(network, "0", data, OUTPUTS);
        double two = GrowthGain.tiny().of(network, "0", data, 2);
        double one = GrowthGain.tiny().of(network, "0", data, 1);
        assertThat(one).isGreaterThan(two - one).isLessThan(two);
        assertThat(two - one).isGreaterThan(all - two);
        assertThat(all).isGreaterThan(two);
        assertThat(GrowthGain.tiny().of(network, "0", data, 10)).isEqualTo(all, within(1e-12));
    }

    /** Labels that the next layer could learn from the present units alone. */
    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void thereIsNoDirectionWhereTheNextLayerCanDoIt(NetworkClass type) {
        Model network = linear(type);
        DataSet data = data();
        Model teacher = linear(type);
        INDArray weights = teacher.paramTable().get("1_W");
        weights.assign(GrowingNetworks.gaussian(9, 2, OUTPUTS));
        data.setLabels(output(teacher, data));
        INDArray before = output(network, data);
        assertThat(directions(network, data, 1e-3).count()).isZero();
        assertThat(GrowthGain.tiny().of(network, "0", data.toMultiDataSet(), 3)).isLessThan(1e-20);
        assertThat(GrowthGain.gradMax().of(network, "0", data.toMultiDataSet(), 3))
                .isGreaterThan(0.01);

        NetworkSurgery.of(network).widen("0", 2, NewUnits.tiny(data), 3);

        assertThat(output(network, data).sub(before).amaxNumber().doubleValue()).isLessThan(1e-12);
        Units units = NetworkSurgery.of(network).units("0");
        assertThat(units.outgoing().get(0).get(2)).containsOnly(0);
        assertThat(units.incoming().get(0).get(2)).doesNotContain(0);
    }

    /** What new units compute doesn't depend on the coordinates of the inputs. */
    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void directionsAreTheSameInOtherCoordinates(NetworkClass type) {
        Model network = linear(type);
        DataSet data = data();
        INDArray change = GrowingNetworks.gaussian(7, INPUTS, INPUTS);
        Model other = linear(type);
        INDArray weights = other.paramTable().get("0_W");
        weights.assign(InvertMatrix.invert(change, false).mmul(weights));
        DataSet elsewhere = new DataSet(data.getFeatures().mmul(change), data.getLabels());
        assertThat(output(other, elsewhere).sub(output(network, data)).amaxNumber().doubleValue())
                .isLessThan(1e-12);

        TinyDirections one = directions(network, data, 1e-3);
        TinyDirections two = directions(other, elsewhere, 1e-3);

        assertThat(one.count()).isEqualTo(OUTPUTS);
        assertThat(two.gain()).isEqualTo(one.gain(), within(1e-10));
        for (int unit = 0; unit < one.count(); unit++) {
            assertThat(two.outgoing()[unit]).containsExactly(one.outgoing()[unit], within(1e-9));
            for (int example = 0; example < EXAMPLES; example++) {
                assertThat(sum(elsewhere.getFeatures().getRow(example), two.incoming()[unit]))
                        .isEqualTo(
                                sum(data.getFeatures().getRow(example), one.incoming()[unit]),
                                within(1e-9));
            }
        }
    }

    private static double sum(INDArray inputs, double[] weightsAndBias) {
        double sum = weightsAndBias[INPUTS];
        for (int i = 0; i < INPUTS; i++) {
            sum += inputs.getDouble(i) * weightsAndBias[i];
        }
        return sum;
    }

    private static TinyDirections directions(Model network, DataSet data, double threshold) {
        Site site = new Site(network, "0", NetworkSurgery.of(network).units("0"));
        return TinyDirections.of(
                GrowthStatistics.of(site, data.toMultiDataSet()), threshold, Integer.MAX_VALUE);
    }

    /** On every kind of place. */
    @ParameterizedTest
    @MethodSource("org.dl4jplasticity.growth.GradMaxTest#networksWithFunctionsThroughZero")
    void theLossOnTheBatchFalls(GradMaxTest.Chain chain, NetworkClass type) {
        for (DataType dataType : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
            Model network = chain.build(type, dataType);
            DataSet batch = chain.batch(dataType);
            MultiDataSet data = batch.toMultiDataSet();
            double before = Networks.loss(quiet(network), Networks.doubles(data));
            NetworkSurgery.of(network).widen("0", 2, NewUnits.tiny(batch), 3);
            double after = Networks.loss(quiet(network), Networks.doubles(data));
            assertThat(after).isLessThan(0.97 * before);
        }
    }

    private static Model quiet(Model network) {
        return DoubleCopy.withoutNoise(network);
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void aFunctionThatIsNotZeroAtZeroHasThatTakenOutOfTheNextBiases(NetworkClass type) {
        GradMaxTest.Chain chain = GradMaxTest.Chain.LOGISTIC;
        Model network = chain.build(type, DataType.DOUBLE);
        DataSet batch = chain.batch(DataType.DOUBLE);
        INDArray biases = network.paramTable().get("1_b").dup();
        double before = Networks.loss(network, batch.toMultiDataSet());
        NetworkSurgery.of(network).widen("0", 2, NewUnits.tiny(batch), 3);
        assertThat(Networks.loss(network, batch.toMultiDataSet())).isLessThan(0.97 * before);
        UnitVectors outgoing = NetworkSurgery.of(network).units("0").outgoing().get(0);
        INDArray after = network.paramTable().get("1_b");
        for (int output = 0; output < 7; output++) {
            double constant = 0.5 * (outgoing.get(5)[output] + outgoing.get(6)[output]);
            assertThat(after.getDouble(output))
                    .isEqualTo(biases.getDouble(output) - constant, within(1e-12));
        }
    }

    /** Of three outputs there are three directions at most. */
    @Test
    void moreUnitsThanDirectionsStartWithoutOutgoingWeights() {
        Model network = linear(NetworkClass.SEQUENTIAL);
        NetworkSurgery.of(network).widen("0", 5, NewUnits.tiny(data()), 3);
        Units units = NetworkSurgery.of(network).units("0");
        for (int unit = 2; unit < 7; unit++) {
            assertThat(units.incoming().get(0).get(unit)).doesNotContain(0);
            if (unit < 5) {
                assertThat(units.outgoing().get(0).get(unit)).doesNotContain(0);
            } else {
                assertThat(units.outgoing().get(0).get(unit)).containsOnly(0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void aConstantThatCantBeTakenOutIsRefused(NetworkClass type) {
        Model network =
                GrowingNetworks.chain(
                        type,
                        DataType.DOUBLE,
                        InputType.convolutional(6, 6, 2),
                        GrowingNetworks.convolution(3, 3, Activation.SIGMOID).build(),
                        GrowingNetworks.convolution(3, 3, Activation.RELU).padding(1, 1).build(),
                        GrowingNetworks.classes(3));
        DataSet batch = GrowingNetworks.classified(3, 4, 2, 6, 6);
        INDArray before = network.params().dup();
        NetworkSurgery surgery = NetworkSurgery.of(network);
        assertThatThrownBy(() -> surgery.widen("0", 2, NewUnits.tiny(batch), 3))
                .hasMessage(
                        "Layer 0: TINY expects that the output 0.5 of new units whose weights are 0 can be taken out of the next biases, got an obstacle: a padded convolution has borders");
        assertThat(network.params()).isEqualTo(before);
    }

    @Test
    void aBatchThatIsNotFiniteIsRefused() {
        Model network = linear(NetworkClass.SEQUENTIAL);
        DataSet data = data();
        data.getLabels().putScalar(0, Double.NaN);
        assertThatThrownBy(() -> NetworkSurgery.of(network).widen("0", 2, NewUnits.tiny(data), 3))
                .hasMessage("Layer 0: expected a batch with finite errors, got some that are not");
    }

    private static INDArray output(Model network, DataSet data) {
        return new TinyNetwork((NeuralNetwork) network).output(data.getFeatures());
    }
}
