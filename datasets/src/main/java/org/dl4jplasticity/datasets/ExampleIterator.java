package org.dl4jplasticity.datasets;

import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.DataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Batches of {@link LabeledExamples} for DL4J. Features are float, [batch, features] or, after
 * {@link #asImages}, [batch, channels, height, width]; labels are one-hot float, [batch, classes];
 * all in 'c' order. Each batch is a new pair of arrays, filled through one reused Java array.
 *
 * <p>An epoch is one pass. {@link #reset} begins the next one, or stays if the current one hasn't
 * given a batch yet, so resetting twice skips nothing. What comes depends on the examples, the
 * batch size, the seed, the epoch and the position only; {@link #moveTo} goes to any of them, which
 * is how a run is resumed. Not for use by several threads.
 */
public final class ExampleIterator implements DataSetIterator {

    private static final long serialVersionUID = 1L;

    private final LabeledExamples examples;
    private final int batch;
    private final Order order;

    private int epoch;

    /** Order of the current epoch, or null when the examples come as they are. */
    private transient int[] permutation;

    /** How many examples of the current epoch have been given, in [0, examples.size()]. */
    private int given;

    private boolean images;
    private DataSetPreProcessor preProcessor;

    /**
     * Values and one-hot labels of the batch being made, [count, features] and [count, classes].
     */
    private transient float[] features;

    private transient float[] labels;

    private boolean reuse;

    /** The arrays of the last full batch, when they are reused. */
    private transient DataSet kept;

    /** How an epoch orders the examples. */
    private sealed interface Order extends java.io.Serializable {
        record AsStored() implements Order {}

        record Shuffled(long seed) implements Order {}
    }

    private ExampleIterator(LabeledExamples examples, int batch, Order order) {
        if (batch < 1) {
            throw new IllegalArgumentException(
                    "Iterator: batch must be at least 1, got %d".formatted(batch));
        }
        this.examples = examples;
        this.batch = batch;
        this.order = order;
    }

    static ExampleIterator inOrder(LabeledExamples examples, int batch) {
        return new ExampleIterator(examples, batch, new Order.AsStored());
    }

    static ExampleIterator shuffled(LabeledExamples examples, int batch, long seed) {
        return new ExampleIterator(examples, batch, new Order.Shuffled(seed));
    }

    /**
     * Gives the features of the batches to come as [batch, channels, height, width] instead of
     * [batch, features].
     *
     * @return this iterator
     */
    public ExampleIterator asImages() {
        images = true;
        kept = null;
        return this;
    }

    /**
     * Overwrites the arrays of a full batch when the next one is asked for, instead of making new
     * ones. Meant for training and evaluating, which are done with a batch before they ask for the
     * next: fresh native memory costs several times what filling it does. Don't keep a batch, or
     * copy it, and don't read ahead on another thread.
     *
     * @return this iterator
     */
    public ExampleIterator reusingArrays() {
        reuse = true;
        return this;
    }

    /**
     * The pass the next batch belongs to.
     *
     * @return completed resets, from 0
     */
    public int epoch() {
        return epoch;
    }

    /**
     * Goes to a place in the sequence of batches, as if the iterator had run up to there.
     *
     * @param epoch the pass, from 0
     * @param batches how many batches of it are taken as given, from 0 to the number of batches in
     *     an epoch
     * @throws IllegalArgumentException if there is no such place
     */
    public void moveTo(int epoch, int batches) {
        int last = (examples.size() + batch - 1) / batch;
        if (epoch < 0 || batches < 0 || batches > last) {
            throw new IllegalArgumentException(
                    "Iterator: epoch must be at least 0 and batches in [0, %d], got %d and %d"
                            .formatted(last, epoch, batches));
        }
        this.epoch = epoch;
        this.permutation = null;
        this.given = (int) Math.min(examples.size(), (long) batches * batch);
    }

    @Override
    public DataSet next(int num) {
        if (num < 1) {
            throw new IllegalArgumentException(
                    "Iterator: the number of examples must be at least 1, got %d".formatted(num));
        }
        if (!hasNext()) {
            throw new NoSuchElementException(
                    "Epoch %d has no batch left after its %d examples; reset() begins the next one"
                            .formatted(epoch, examples.size()));
        }
        int count = Math.min(num, examples.size() - given);
        fill(count);
        DataSet next = reuse && count == batch ? reused() : created(count);
        given += count;
        if (preProcessor != null) {
            preProcessor.preProcess(next);
        }
        return next;
    }

    /** Writes the next examples to the Java arrays. */
    private void fill(int count) {
        int width = examples.features();
        int classes = examples.classes();
        if (features == null || features.length != count * width) {
            features = new float[count * width];
            labels = new float[count * classes];
        }
        Arrays.fill(labels, 0);
        for (int i = 0; i < count; i++) {
            int example = exampleAt(given + i);
            examples.copyValues(example, features, i * width);
            labels[i * classes + examples.label(example)] = 1;
        }
    }

    private DataSet created(int count) {
        ExampleShape shape = examples.shape();
        long[] featureShape =
                images
                        ? new long[] {count, shape.channels(), shape.height(), shape.width()}
                        : new long[] {count, examples.features()};
        return new DataSet(
                FloatArrays.create(features, featureShape),
                FloatArrays.create(labels, count, examples.classes()));
    }

    private DataSet reused() {
        if (kept == null) {
            try (MemoryWorkspace none = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
                kept = created(batch);
            }
        } else {
            FloatArrays.overwrite(kept.getFeatures(), features);
            FloatArrays.overwrite(kept.getLabels(), labels);
        }
        return new DataSet(kept.getFeatures(), kept.getLabels());
    }

    private int exampleAt(int position) {
        if (order instanceof Order.Shuffled shuffled) {
            if (permutation == null) {
                permutation = Shuffle.permutation(examples.size(), shuffled.seed(), epoch);
            }
            return permutation[position];
        }
        return position;
    }

    @Override
    public DataSet next() {
        return next(batch);
    }

    @Override
    public boolean hasNext() {
        return given < examples.size();
    }

    @Override
    public void reset() {
        if (given > 0) {
            moveTo(epoch + 1, 0);
        }
    }

    @Override
    public boolean resetSupported() {
        return true;
    }

    /**
     * False: a batch comes from memory in a fraction of a millisecond (128 images of MNIST into
     * reused arrays: 0.2 ms on one core), and {@link #epoch} is to tell where training is, not
     * where a thread that reads ahead is.
     *
     * @return false
     */
    @Override
    public boolean asyncSupported() {
        return false;
    }

    @Override
    public int batch() {
        return batch;
    }

    @Override
    public int inputColumns() {
        return examples.features();
    }

    @Override
    public int totalOutcomes() {
        return examples.classes();
    }

    @Override
    public List<String> getLabels() {
        return examples.classNames();
    }

    @Override
    public void setPreProcessor(DataSetPreProcessor preProcessor) {
        this.preProcessor = preProcessor;
    }

    @Override
    public DataSetPreProcessor getPreProcessor() {
        return preProcessor;
    }
}
