package org.dl4jplasticity.pruning;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.deeplearning4j.nn.api.Model;
import org.dl4jplasticity.mask.MaskableWeights;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Scores of connections that no data is needed for. */
final class WeightScores {
    private WeightScores() {}

    /** {@return the weights, by connection id} */
    static double[] values(MaskableWeights weights) {
        return inOrder(weights, weights.array());
    }

    /**
     * {@return the numbers that belong to the connections, by id}
     *
     * @param array one number for each entry of the parameter
     */
    static double[] inOrder(MaskableWeights weights, INDArray array) {
        double[] all = array.dup(weights.array().ordering()).data().asDouble();
        return Arrays.copyOf(all, Math.multiplyExact(weights.rowLength(), weights.rows()));
    }

    static double[][] values(List<MaskableWeights> weights) {
        return weights.stream().map(WeightScores::values).toArray(double[][]::new);
    }

    /** {@return the magnitudes of weights, by connection id} */
    static double[][] magnitudes(List<MaskableWeights> weights) {
        double[][] magnitudes = values(weights);
        for (double[] some : magnitudes) {
            Arrays.setAll(some, id -> Math.abs(some[id]));
        }
        return magnitudes;
    }

    static ConnectionScore.Rating magnitude(Model network, List<MaskableWeights> weights) {
        double[][] magnitudes = magnitudes(weights);
        return active -> Connections.masked(magnitudes, active);
    }

    static ConnectionScore.Rating lamp(Model network, List<MaskableWeights> weights) {
        double[][] values = values(weights);
        return active -> {
            double[][] scores = new double[values.length][];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = lamp(values[i], active[i]);
            }
            return scores;
        };
    }

    private static double[] lamp(double[] values, boolean[] active) {
        double[] squares = new double[values.length];
        int count = 0;
        for (int id = 0; id < values.length; id++) {
            if (active[id]) {
                squares[count++] = values[id] * values[id];
            }
        }
        double[] sorted = Arrays.copyOf(squares, count);
        Arrays.sort(sorted);
        double[] fromHereOn = new double[count]; // sum_{v >= u} w_v^2
        double sum = 0;
        for (int u = count - 1; u >= 0; u--) {
            sum += sorted[u];
            fromHereOn[u] = sum;
        }
        double[] scores = new double[values.length];
        int[] seen = new int[count]; // of equal weights, the first is the last in order
        int next = 0;
        for (int id = 0; id < values.length; id++) {
            if (active[id]) {
                double square = squares[next++];
                int end = firstAbove(sorted, square);
                int place = end - ++seen[end - 1];
                boolean isLargest = place == count - 1;
                scores[id] = square == 0 ? (isLargest ? 1 : 0) : square / fromHereOn[place];
            }
        }
        return scores;
    }

    /** {@return the place of the first number above another} */
    private static int firstAbove(double[] sorted, double number) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Double.compare(sorted[middle], number) > 0) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    static ConnectionScore.Rating random(long seed, List<MaskableWeights> weights) {
        RandomGenerator random = new SplittableRandom(seed);
        double[][] draws =
                weights.stream()
                        .map(each -> Math.multiplyExact(each.rowLength(), each.rows()))
                        .map(count -> random.doubles(count).toArray())
                        .toArray(double[][]::new);
        return active -> Connections.masked(draws, active);
    }
}
