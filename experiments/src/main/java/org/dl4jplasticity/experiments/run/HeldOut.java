package org.dl4jplasticity.experiments.run;

import java.util.ArrayList;
import java.util.List;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** Examples that a network is looked at with again and again: kept as arrays. */
public final class HeldOut {
    private static final int BATCH = 500;

    /**
     * Below it a probability counts as this much, so that one example can't make a loss infinite.
     */
    private static final double LEAST = 1e-10;

    private final List<DataSet> batches = new ArrayList<>();
    private final List<int[]> classes = new ArrayList<>();
    private final int size;

    public HeldOut(LabeledExamples examples) {
        DataSetIterator iterator = examples.iterator(BATCH);
        while (iterator.hasNext()) {
            batches.add(iterator.next());
        }
        for (DataSet batch : batches) {
            classes.add(batch.getLabels().argMax(1).toIntVector());
        }
        size = examples.size();
    }

    /**
     * How a network does.
     *
     * @param loss cross entropy, the mean over examples
     * @param accuracy share of examples whose most probable class is theirs
     */
    public record Figures(double loss, double accuracy) {}

    /** {@return how a network does, at inference} */
    public Figures of(Network network) {
        double loss = 0;
        int correct = 0;
        for (int i = 0; i < batches.size(); i++) {
            INDArray output = network.output(batches.get(i).getFeatures());
            int[] own = classes.get(i);
            int width = (int) output.size(1);
            float[] probabilities = output.dup('c').data().asFloat();
            for (int example = 0; example < own.length; example++) {
                int start = example * width;
                float ofOwn = probabilities[start + own[example]];
                loss -= Math.log(Math.max(ofOwn, LEAST));
                correct += isLargest(probabilities, start, width, own[example]) ? 1 : 0;
            }
        }
        return new Figures(loss / size, (double) correct / size);
    }

    /** Of equal probabilities the first class counts as the most probable one. */
    private static boolean isLargest(float[] values, int start, int width, int own) {
        for (int i = 0; i < width; i++) {
            float other = values[start + i];
            float mine = values[start + own];
            if (other > mine || (other == mine && i < own)) {
                return false;
            }
        }
        return true;
    }
}
