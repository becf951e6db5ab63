package org.dl4jplasticity.relevance;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule against {@link SlowRules}, on dense, sparse, masked and convolution maps. */
class RulesTest {
    private static final double CLOSE = 1e-9;
    private static final int EXAMPLES = 3;

    static Stream<RelevanceRule> rules() {
        return Stream.of(
                RelevanceRule.zero(),
                RelevanceRule.epsilon(0.3),
                RelevanceRule.relativeEpsilon(0.25),
                RelevanceRule.gamma(0.25),
                RelevanceRule.gamma(0),
                RelevanceRule.zPlus(),
                RelevanceRule.alphaBeta(2, 1),
                RelevanceRule.alphaBeta(1.5, 0.5),
                RelevanceRule.wSquared(),
                RelevanceRule.flat(),
                RelevanceRule.zB(-4, 5));
    }

    /**
     * A map with its matrix.
     *
     * @param weightOf the number of the weight from an input to an output; -1 if there is none
     */
    @SuppressWarnings("ArrayRecordComponent")
    private record Example(LinearMap map, int[] input, int[][] weightOf) {}

    private static Example dense(int inputs, int outputs) {
        int[][] weightOf = new int[inputs][outputs];
        for (int i = 0; i < inputs; i++) {
            for (int j = 0; j < outputs; j++) {
                weightOf[i][j] = i * outputs + j;
            }
        }
        return new Example(
                new DenseMap(
                        inputs,
                        outputs,
                        Networks.gaussians(1, inputs * outputs),
                        Networks.gaussians(2, outputs),
                        null),
                new int[] {inputs},
                weightOf);
    }

    private static Example sparse(int inputs, int outputs, int active) {
        SparseTopology topology =
                SparseTopology.random(inputs, outputs, active, new SplittableRandom(3));
        int[][] weightOf = new int[inputs][outputs];
        for (int i = 0; i < inputs; i++) {
            for (int j = 0; j < outputs; j++) {
                weightOf[i][j] = topology.positionOf((long) j * inputs + i);
            }
        }
        return new Example(
                new SparseMap(
                        topology, Networks.gaussians(4, active), Networks.gaussians(5, outputs)),
                new int[] {inputs},
                weightOf);
    }

    /** A dense map of which only some connections exist. */
    private static Example masked(int inputs, int outputs, int active) {
        int[][] sparse = sparse(inputs, outputs, active).weightOf();
        Example dense = dense(inputs, outputs);
        double[] weights = dense.map().weights().clone();
        double[] ones = new double[weights.length];
        for (int i = 0; i < inputs; i++) {
            for (int j = 0; j < outputs; j++) {
                if (sparse[i][j] < 0) {
                    weights[i * outputs + j] = 0;
                    dense.weightOf()[i][j] = -1;
                } else {
                    ones[i * outputs + j] = 1;
                }
            }
        }
        return new Example(
                new DenseMap(inputs, outputs, weights, dense.map().bias(), ones),
                dense.input(),
                dense.weightOf());
    }

    private static Example convolution(
            int channels, int height, int width, int filters, Windows windows) {
        int kernelHeight = windows.kernel()[0];
        int kernelWidth = windows.kernel()[1];
        ConvolutionMap map =
                new ConvolutionMap(
                        channels,
                        windows,
                        Networks.gaussians(6, filters * channels * kernelHeight * kernelWidth),
                        Networks.gaussians(7, filters),
                        null);
        int[] input = {channels, height, width};
        int[] output = map.outputShape(input);
        int[] before = windows.over(height, width).before();
        int[][] weightOf = new int[channels * height * width][Values.size(output)];
        for (int c = 0; c < channels; c++) {
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    for (int f = 0; f < filters; f++) {
                        for (int v = 0; v < output[1]; v++) {
                            for (int u = 0; u < output[2]; u++) {
                                int ky = point(y + before[0] - v * windows.stride()[0], windows, 0);
                                int kx = point(x + before[1] - u * windows.stride()[1], windows, 1);
                                weightOf[(c * height + y) * width + x][
                                                (f * output[1] + v) * output[2] + u] =
                                        ky < 0 || kx < 0
                                                ? -1
                                                : ((f * channels + c) * kernelHeight + ky)
                                                                * kernelWidth
                                                        + kx;
                            }
                        }
                    }
                }
            }
        }
        return new Example(map, input, weightOf);
    }

    /** The point of a kernel at a distance from its first one; -1 if there is none. */
    private static int point(int distance, Windows windows, int dimension) {
        int dilation = windows.dilation()[dimension];
        boolean hit =
                distance >= 0
                        && distance % dilation == 0
                        && distance / dilation < windows.kernel()[dimension];
        return hit ? distance / dilation : -1;
    }

    private static Windows windows(int size, int stride, int padding, int dilation, boolean same) {
        return new Windows(
                new int[] {size, size + 1},
                new int[] {stride, stride},
                new int[] {padding, padding},
                new int[] {dilation, dilation},
                same);
    }

    private static List<Example> examples() {
        return List.of(
                dense(7, 5),
                dense(1, 1),
                dense(6, 1),
                dense(1, 4),
                dense(70, 90), // large enough for ND4J's products
                sparse(7, 5, 17),
                sparse(9, 8, 12), // with outputs that have no input
                masked(7, 5, 17),
                convolution(2, 5, 6, 3, windows(2, 1, 0, 1, false)),
                convolution(2, 7, 6, 3, windows(3, 2, 1, 1, false)),
                convolution(1, 8, 9, 2, windows(2, 1, 2, 2, false)),
                convolution(3, 5, 6, 2, windows(2, 2, 0, 1, true)),
                convolution(3, 9, 9, 8, windows(3, 1, 0, 1, true)));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void everyRuleGivesTheMessagesItIsDefinedBy(RelevanceRule rule) {
        for (Example example : examples()) {
            for (boolean signed : new boolean[] {true, false}) {
                compare(rule, example, signed);
            }
        }
    }

    private static void compare(RelevanceRule rule, Example example, boolean signed) {
        int inputs = Values.size(example.input());
        int[] outputShape = example.map().outputShape(example.input());
        int outputs = Values.size(outputShape);
        double[] data = Networks.gaussians(8, EXAMPLES * inputs);
        if (!signed) {
            data = Arrays.stream(data).map(Math::abs).toArray();
        }
        double[] relevance = Networks.gaussians(9, EXAMPLES * outputs);
        double[] expected = new double[EXAMPLES * inputs];
        double[] expectedWeights = new double[example.map().weights().length];
        double[] expectedAmounts = new double[expectedWeights.length];
        for (int n = 0; n < EXAMPLES; n++) {
            double[][] messages =
                    SlowRules.messages(
                            rule,
                            Arrays.copyOfRange(data, n * inputs, (n + 1) * inputs),
                            matrix(example),
                            biases(example.map(), outputShape),
                            Arrays.copyOfRange(relevance, n * outputs, (n + 1) * outputs));
            for (int i = 0; i < inputs; i++) {
                for (int j = 0; j < outputs; j++) {
                    int weight = example.weightOf()[i][j];
                    if (weight >= 0) {
                        expected[n * inputs + i] += messages[i][j];
                        expectedWeights[weight] += messages[i][j];
                        expectedAmounts[weight] += Math.abs(messages[i][j]);
                    }
                }
            }
        }

        Tally tally = new Tally(true);
        Values x = new Values(EXAMPLES, example.input(), data);
        LinearNode node = new LinearNode(example.map(), null, rule);
        double[] received =
                node.backward(List.of(x), node.forward(List.of(x)), relevance, tally).get(0);

        Networks.assertClose(received, expected, CLOSE);
        Networks.assertClose(tally.signed(), expectedWeights, CLOSE);
        Networks.assertClose(tally.absolute(), expectedAmounts, CLOSE);
    }

    private static double[][] matrix(Example example) {
        int[][] weightOf = example.weightOf();
        double[][] matrix = new double[weightOf.length][weightOf[0].length];
        for (int i = 0; i < matrix.length; i++) {
            for (int j = 0; j < matrix[i].length; j++) {
                matrix[i][j] =
                        weightOf[i][j] < 0 ? Double.NaN : example.map().weights()[weightOf[i][j]];
            }
        }
        return matrix;
    }

    private static double[] biases(LinearMap map, int[] outputShape) {
        double[] biases = new double[Values.size(outputShape)];
        Arrays.setAll(biases, j -> map.bias()[j / Values.positions(outputShape)]);
        return biases;
    }
}
