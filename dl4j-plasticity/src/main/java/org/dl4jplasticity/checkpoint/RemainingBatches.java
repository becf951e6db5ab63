package org.dl4jplasticity.checkpoint;

import java.util.List;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.DataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * The rest of an epoch, to go on with after a checkpoint: {@code
 * network.fit(RemainingBatches.of(iterator))}. It can't be reset, so {@code fit} over a rest
 * without a batch, after a checkpoint of an epoch's last iteration, is just the end of that epoch;
 * given the iterator itself, DL4J would begin another.
 */
public final class RemainingBatches implements DataSetIterator {
    private static final long serialVersionUID = 1;

    private final DataSetIterator source;

    private RemainingBatches(DataSetIterator source) {
        this.source = source;
    }

    /**
     * {@return the batches that an iterator has left}
     *
     * @param source where the next batch is the one to go on with
     */
    public static RemainingBatches of(DataSetIterator source) {
        return new RemainingBatches(source);
    }

    /**
     * {@return the batches that an iterator has left after some, which are read and forgotten} If
     * reading draws random numbers, restore the random state afterwards.
     *
     * @param source at the start of the epoch
     * @param batches how many to leave out
     * @throws IllegalArgumentException if there are fewer
     */
    public static RemainingBatches after(DataSetIterator source, long batches) {
        for (long batch = 0; batch < batches; batch++) {
            if (!source.hasNext()) {
                throw new IllegalArgumentException(
                        "the epoch was left after %d batches, but has only %d: it is not the data of the checkpoint"
                                .formatted(batches, batch));
            }
            source.next();
        }
        return new RemainingBatches(source);
    }

    @Override
    public boolean hasNext() {
        return source.hasNext();
    }

    @Override
    public DataSet next() {
        return source.next();
    }

    @Override
    public DataSet next(int num) {
        return source.next(num);
    }

    /** {@return false: an epoch ends once} */
    @Override
    public boolean resetSupported() {
        return false;
    }

    @Override
    public void reset() {
        throw new UnsupportedOperationException("the rest of an epoch can't be read twice");
    }

    @Override
    public boolean asyncSupported() {
        return source.asyncSupported();
    }

    @Override
    public int batch() {
        return source.batch();
    }

    @Override
    public int inputColumns() {
        return source.inputColumns();
    }

    @Override
    public int totalOutcomes() {
        return source.totalOutcomes();
    }

    @Override
    public List<String> getLabels() {
        return source.getLabels();
    }

    @Override
    public void setPreProcessor(DataSetPreProcessor preProcessor) {
        source.setPreProcessor(preProcessor);
    }

    @Override
    public DataSetPreProcessor getPreProcessor() {
        return source.getPreProcessor();
    }
}
