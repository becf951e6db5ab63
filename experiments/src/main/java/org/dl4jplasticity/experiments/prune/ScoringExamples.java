package org.dl4jplasticity.experiments.prune;

import java.util.ArrayList;
import java.util.List;
import org.dl4jplasticity.datasets.ExampleIterator;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.nd4j.linalg.dataset.DataSet;

/**
 * The training examples that a network's connections or units are rated by: the same ones for every
 * criterion.
 *
 * @param examples to choose among
 * @param count how many, all if there are fewer
 * @param batch how many of them make a batch
 * @param seed decides which, and is that of criteria that draw
 */
record ScoringExamples(LabeledExamples examples, int count, int batch, long seed) {

    /** {@return all of them as one batch} */
    DataSet all() {
        return batchesOf(count)[0];
    }

    /** {@return all of them in batches} */
    DataSet[] batches() {
        return batchesOf(batch);
    }

    /** {@return each of them by itself} */
    DataSet[] each() {
        return batchesOf(1);
    }

    private DataSet[] batchesOf(int size) {
        int wanted = Math.min(count, examples.size());
        ExampleIterator iterator = examples.iterator(Math.min(size, wanted), seed);
        List<DataSet> batches = new ArrayList<>();
        for (int taken = 0; taken < wanted; taken += size) {
            batches.add(iterator.next(Math.min(size, wanted - taken)));
        }
        return batches.toArray(DataSet[]::new);
    }
}
