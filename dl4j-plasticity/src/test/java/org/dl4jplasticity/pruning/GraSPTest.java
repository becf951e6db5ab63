package org.dl4jplasticity.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.testing.NetworkClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Against the loss of a 2-3-3 network in plain Java, by differences of the loss alone. */
class GraSPTest {
    private static final int INPUTS = 2;
    private static final int UNITS = 3;
    private static final int EXAMPLES = 5;
    private static final double TEMPERATURE = 200;

    private final DataSet batch =
            new DataSet(Networks.gaussian(8, EXAMPLES, INPUTS), Networks.classes(EXAMPLES));

    private static Model network(NetworkClass type) {
        Model network =
                type.of(
                                Networks.settings(DataType.DOUBLE),
                                Networks.dense(INPUTS, UNITS, Activation.TANH).build(),
                                Networks.softmax(UNITS, 3))
                        .model();
        Networks.setWeights(network, 0, 0.9, -0.4, 0.3, 1.1, -0.7, 0.2);
        Networks.setWeights(network, 1, 1.3, -0.8, 0.5, -0.2, 0.6, -1.4, 0.1, 0.7, 0.4);
        return network;
    }

    /** {@return the 15 weights in the order of their connection ids} */
    private static double[] weights(Model network) {
        return MaskableWeights.of(network).stream()
                .flatMapToDouble(w -> Arrays.stream(Networks.values(w)))
                .toArray();
    }

    /** {@return the mean cross-entropy of softmax over the tempered logits, without biases} */
    private double loss(double[] w) {
        double loss = 0;
        for (int example = 0; example < EXAMPLES; example++) {
            double[] hidden = new double[UNITS];
            for (int unit = 0; unit < UNITS; unit++) {
                double sum = 0;
                for (int i = 0; i < INPUTS; i++) {
                    sum += w[unit * INPUTS + i] * batch.getFeatures().getDouble(example, i);
                }
                hidden[unit] = Math.tanh(sum);
            }
            double[] logits = new double[3];
            double partition = 0;
            for (int out = 0; out < 3; out++) {
                for (int unit = 0; unit < UNITS; unit++) {
                    logits[out] += w[INPUTS * UNITS + out * UNITS + unit] * hidden[unit];
                }
                logits[out] /= TEMPERATURE;
                partition += Math.exp(logits[out]);
            }
            loss += Math.log(partition) - logits[example % 3];
        }
        return loss / EXAMPLES;
    }

    private static double derivative(ToDoubleFunction<double[]> f, double[] at, int i, double h) {
        double[] shifted = at.clone();
        shifted[i] = at[i] + h;
        double ahead = f.applyAsDouble(shifted);
        shifted[i] = at[i] - h;
        return (ahead - f.applyAsDouble(shifted)) / (2 * h);
    }

    private double[] gradient(double[] w) {
        return IntStream.range(0, w.length)
                .mapToDouble(i -> derivative(this::loss, w, i, 1e-4))
                .toArray();
    }

    /** Second differences: row by row of the Hessian, times the gradient. */
    private double[] hessianTimes(double[] w, double[] vector) {
        return IntStream.range(0, w.length)
                .mapToDouble(
                        row ->
                                IntStream.range(0, w.length)
                                        .mapToDouble(
                                                column ->
                                                        vector[column]
                                                                * derivative(
                                                                        v ->
                                                                                derivative(
                                                                                        this::loss,
                                                                                        v,
                                                                                        row,
                                                                                        1e-3),
                                                                        w,
                                                                        column,
                                                                        1e-3))
                                        .sum())
                .toArray();
    }

    private static double[] flat(double[][] scores) {
        return Arrays.stream(scores).flatMapToDouble(Arrays::stream).toArray();
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void scoresAreWeightTimesHessianTimesGradient(NetworkClass type) {
        Model network = network(type);
        double[] w = weights(network);
        double[] product = hessianTimes(w, gradient(w));
        double[] expected =
                IntStream.range(0, w.length).mapToDouble(i -> w[i] * product[i]).toArray();
        double[] scores = flat(Networks.scores(ConnectionScore.grasp(batch), network));
        Networks.assertClose(new double[][] {scores}, new double[][] {expected}, 1e-4);
    }

    /** {@return by how much the squared length of the gradient grows per share of a weight lost} */
    private double growthWithout(int i, double[] w) {
        double share = 0.001;
        double[] less = w.clone();
        less[i] *= 1 - share;
        return (squares(gradient(less)) - squares(gradient(w))) / share;
    }

    private static double squares(double[] vector) {
        return Arrays.stream(vector).map(x -> x * x).sum();
    }

    @Test
    void removesTheWeightsWithoutWhichTheGradientIsLongest() {
        Model network = network(NetworkClass.SEQUENTIAL);
        double[] w = weights(network);
        List<Integer> byGrowth =
                IntStream.range(0, w.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> growthWithout(i, w)))
                        .toList();
        Pruning.grasp(batch).applyTo(network, 0.4);
        List<Integer> kept =
                IntStream.range(0, w.length).filter(i -> weights(network)[i] != 0).boxed().toList();
        assertThat(kept).hasSize(9);
        assertThat(kept).containsExactlyInAnyOrderElementsOf(byGrowth.subList(0, 9));
    }

    @Test
    void aLossLayerIsTemperedAsAnOutputLayerIs() {
        Model output = network(NetworkClass.SEQUENTIAL);
        Model loss =
                NetworkClass.SEQUENTIAL
                        .of(
                                Networks.settings(DataType.DOUBLE),
                                Networks.dense(INPUTS, UNITS, Activation.TANH).build(),
                                Networks.dense(UNITS, 3, Activation.IDENTITY).build(),
                                new LossLayer.Builder(LossFunction.MCXENT)
                                        .activation(Activation.SOFTMAX)
                                        .build())
                        .model();
        loss.params().assign(output.params());
        Networks.assertClose(
                Networks.scores(ConnectionScore.grasp(batch), loss),
                Networks.scores(ConnectionScore.grasp(batch), output),
                1e-7);
    }

    @Test
    void theGradientIsThatOfTheChosenWeightsAlone() {
        Model network = network(NetworkClass.SEQUENTIAL);
        double[] w = weights(network);
        double[] g = gradient(w);
        Arrays.fill(g, INPUTS * UNITS, g.length, 0);
        double[] product = hessianTimes(w, g);
        double[] expected =
                IntStream.range(0, INPUTS * UNITS).mapToDouble(i -> w[i] * product[i]).toArray();
        List<MaskableWeights> first = MaskableWeights.of(network).subList(0, 1);
        double[][] scores =
                ConnectionScore.grasp(batch)
                        .on(network, first)
                        .scores(new boolean[][] {Connections.active(first.get(0))});
        Networks.assertClose(scores, new double[][] {expected}, 1e-4);
    }

    @Test
    void refusesANetworkWithoutAGradient() {
        Model network = network(NetworkClass.SEQUENTIAL);
        network.params().assign(0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pruning.grasp(batch).applyTo(network, 0.5))
                .withMessageContaining("GraSP needs a gradient");
    }
}
