package org.dl4jplasticity.relevance;

import java.util.Arrays;
import org.dl4jplasticity.relevance.RelevanceStart.AllLogits;
import org.dl4jplasticity.relevance.RelevanceStart.Given;
import org.dl4jplasticity.relevance.RelevanceStart.TrueLabel;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Puts relevance on logits. */
final class Starts {
    private Starts() {}

    /**
     * Checks what a start brings along.
     *
     * @throws IllegalArgumentException if it isn't of the shape of the logits
     */
    static void check(RelevanceStart start, long examples, int[] output) {
        if (output.length != 1) {
            throw new IllegalArgumentException(
                    "expected a network with an output of [examples, classes], got %s per example"
                            .formatted(Arrays.toString(output)));
        }
        if (start instanceof TrueLabel label) {
            check("labels", label.labels(), examples, output[0]);
        } else if (start instanceof Given given) {
            check("the relevance of the logits", given.relevance(), examples, output[0]);
        }
    }

    private static void check(String name, INDArray array, long examples, int classes) {
        if (array == null || !Arrays.equals(array.shape(), new long[] {examples, classes})) {
            throw new IllegalArgumentException(
                    "%s must have the shape [%d, %d], got %s"
                            .formatted(
                                    name,
                                    examples,
                                    classes,
                                    array == null ? "none" : Arrays.toString(array.shape())));
        }
    }

    /**
     * {@return the relevance of some examples' logits}
     *
     * @param first the number of the first of them
     */
    static double[] relevance(RelevanceStart start, Values logits, long first) {
        double[] z = logits.data();
        long end = first + logits.examples();
        if (start instanceof TrueLabel label) {
            double[] relevance = Values.of(label.labels(), first, end).data();
            for (int i = 0; i < z.length; i++) {
                relevance[i] *= z[i];
            }
            return relevance;
        } else if (start instanceof Given given) {
            return Values.of(given.relevance(), first, end).data();
        } else if (start instanceof AllLogits) {
            return z.clone();
        }
        return largest(z, logits.size());
    }

    private static double[] largest(double[] z, int classes) {
        double[] relevance = new double[z.length];
        for (int start = 0; start < z.length; start += classes) {
            int best = start;
            for (int i = start; i < start + classes; i++) {
                best = z[i] > z[best] ? i : best;
            }
            relevance[best] = z[best];
        }
        return relevance;
    }
}
