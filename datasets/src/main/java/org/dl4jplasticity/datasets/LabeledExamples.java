package org.dl4jplasticity.datasets;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Examples with a class each, held in memory: an immutable value. Images keep one byte per pixel
 * and are scaled to [0, 1] when read. A part ({@link #split}, {@link #first}, {@link
 * #standardized}) shares the values of the whole and costs one index per example.
 *
 * <pre>{@code
 * TrainTest mnist = DatasetCatalog.load("mnist-sample", null);
 * network.fit(mnist.train().iterator(128, seed).reusingArrays(), epochs);
 * network.evaluate(mnist.test().iterator(500).reusingArrays());
 * }</pre>
 */
public final class LabeledExamples implements Serializable {

    private static final long serialVersionUID = 1L;

    private final ExampleShape shape;
    private final FeatureStore store;

    /** Class of each row of the store, in [0, classes). */
    private final int[] rowLabels;

    @SuppressWarnings("serial") // the lists that List.copyOf makes are serializable
    private final List<String> classNames;

    /** Row of the store of each example, in order. */
    private final int[] rows;

    /** Takes its arguments as they are: no copy, no check. */
    private LabeledExamples(
            ExampleShape shape,
            FeatureStore store,
            int[] rowLabels,
            List<String> classNames,
            int[] rows) {
        this.shape = shape;
        this.store = store;
        this.rowLabels = rowLabels;
        this.classNames = classNames;
        this.rows = rows;
    }

    /** The examples {@code chosen} (indices into this value), in that order. */
    private LabeledExamples choose(int[] chosen) {
        int[] chosenRows = Arrays.stream(chosen).map(i -> rows[i]).toArray();
        return new LabeledExamples(shape, store, rowLabels, classNames, chosenRows);
    }

    /**
     * Images of one byte per value. The arrays are kept, not copied: don't change them afterwards.
     *
     * @param shape shape of one image
     * @param pixels image after image, each channel by channel and row by row; a byte stands for 0
     *     to 255 and reads as that over 255
     * @param labels class of each image, in [0, classes)
     * @param classNames the classes' names; their number is the number of classes
     * @return the images
     * @throws IllegalArgumentException if there is no image or no class, the number of pixels isn't
     *     images x shape, or a label is out of range
     */
    public static LabeledExamples ofImages(
            ExampleShape shape, byte[] pixels, int[] labels, List<String> classNames) {
        return checked(
                shape,
                new FeatureStore.Pixels(pixels, shape.size()),
                pixels.length,
                labels,
                classNames);
    }

    /**
     * Examples of float values. The arrays are kept, not copied: don't change them afterwards.
     *
     * @param shape shape of one example
     * @param values example after example, each channel by channel and row by row
     * @param labels class of each example, in [0, classes)
     * @param classNames the classes' names; their number is the number of classes
     * @return the examples
     * @throws IllegalArgumentException if there is no example or no class, the number of values
     *     isn't examples x shape, or a label is out of range
     */
    public static LabeledExamples ofValues(
            ExampleShape shape, float[] values, int[] labels, List<String> classNames) {
        return checked(
                shape,
                new FeatureStore.Values(values, shape.size()),
                values.length,
                labels,
                classNames);
    }

    private static LabeledExamples checked(
            ExampleShape shape,
            FeatureStore store,
            int values,
            int[] labels,
            List<String> classNames) {
        if (labels.length == 0 || classNames.isEmpty()) {
            throw new IllegalArgumentException(
                    "Labeled examples: at least 1 example and 1 class expected, got %d examples and %d classes"
                            .formatted(labels.length, classNames.size()));
        }
        long expected = (long) labels.length * shape.size();
        if (values != expected) {
            throw new IllegalArgumentException(
                    "Labeled examples: %d labels and shape %s need %d values, got %d"
                            .formatted(labels.length, shape, expected, values));
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classNames.size()) {
                throw new IllegalArgumentException(
                        "Labeled examples: label of example %d must be in [0, %d), got %d"
                                .formatted(i, classNames.size(), labels[i]));
            }
        }
        int[] rows = IntStream.range(0, labels.length).toArray();
        return new LabeledExamples(shape, store, labels, List.copyOf(classNames), rows);
    }

    /**
     * The number of examples.
     *
     * @return at least 1
     */
    public int size() {
        return rows.length;
    }

    /**
     * The number of values of one example.
     *
     * @return at least 1, the size of {@link #shape}
     */
    public int features() {
        return shape.size();
    }

    /**
     * The number of classes, whether examples of each are in this part or not.
     *
     * @return at least 1
     */
    public int classes() {
        return classNames.size();
    }

    /**
     * The shape of one example.
     *
     * @return channels, height and width
     */
    public ExampleShape shape() {
        return shape;
    }

    /**
     * What the classes are called.
     *
     * @return the name of class 0, 1, and so on; unmodifiable
     */
    public List<String> classNames() {
        return classNames;
    }

    /**
     * The class of an example.
     *
     * @param example index of the example, in [0, size)
     * @return its class, in [0, classes)
     */
    public int label(int example) {
        return rowLabels[rows[example]];
    }

    /**
     * How many examples each class has here.
     *
     * @return a count per class; their sum is {@link #size}
     */
    public int[] classCounts() {
        int[] counts = new int[classes()];
        for (int row : rows) {
            counts[rowLabels[row]]++;
        }
        return counts;
    }

    /**
     * The values of an example.
     *
     * @param example index of the example, in [0, size)
     * @return a new array of {@link #features} values
     */
    public float[] values(int example) {
        float[] values = new float[features()];
        copyValues(example, values, 0);
        return values;
    }

    /**
     * Copies the values of an example to {@code target[offset .. offset + features)}.
     *
     * @param example index of the example, in [0, size)
     * @param target array written to
     * @param offset where the example's first value goes
     */
    public void copyValues(int example, float[] target, int offset) {
        store.copyRow(rows[example], target, offset);
    }

    /**
     * The examples at the front.
     *
     * @param n how many, in [1, size]
     * @return the first n, in the same order
     * @throws IllegalArgumentException if n is out of range
     */
    public LabeledExamples first(int n) {
        if (n < 1 || n > size()) {
            throw new IllegalArgumentException(
                    "First examples: their number must be in [1, %d], got %d".formatted(size(), n));
        }
        return new LabeledExamples(shape, store, rowLabels, classNames, Arrays.copyOf(rows, n));
    }

    /**
     * The same examples with their values standardized.
     *
     * @param standardization usually fitted to the training part
     * @return a view; values are computed when read
     * @throws IllegalArgumentException if the standardization was fitted to another number of
     *     features
     */
    public LabeledExamples standardized(Standardization standardization) {
        if (standardization.features() != features()) {
            throw new IllegalArgumentException(
                    "Standardization: fitted to %d features, got examples of %d"
                            .formatted(standardization.features(), features()));
        }
        return new LabeledExamples(
                shape,
                new FeatureStore.Standardized(store, standardization),
                rowLabels,
                classNames,
                rows);
    }

    /**
     * The same examples with the values of each in another order, as tasks of permuted pixels have
     * them.
     *
     * @param order the place in an example of this value that each place gets its value from: a
     *     permutation of {@code 0 .. features - 1}; copied
     * @return a view; values are moved when read
     * @throws IllegalArgumentException if the order is no permutation of the features
     */
    public LabeledExamples reordered(int... order) {
        int[] sorted = order.clone();
        Arrays.sort(sorted);
        if (!Arrays.equals(sorted, IntStream.range(0, features()).toArray())) {
            throw new IllegalArgumentException(
                    "Reordered examples: expected each of 0 to %d once, got %d numbers that are not"
                            .formatted(features() - 1, order.length));
        }
        return new LabeledExamples(
                shape,
                new FeatureStore.Reordered(store, order.clone()),
                rowLabels,
                classNames,
                rows);
    }

    /**
     * The examples of some classes. All classes keep their numbers and names.
     *
     * @param chosen says of each class, in [0, classes), whether its examples are wanted
     * @return these examples, in the same order
     * @throws IllegalArgumentException if there is none
     */
    public LabeledExamples ofClasses(IntPredicate chosen) {
        int[] found = IntStream.range(0, size()).filter(i -> chosen.test(label(i))).toArray();
        if (found.length == 0) {
            throw new IllegalArgumentException(
                    "Examples of some classes: none of the %d examples is of them"
                            .formatted(size()));
        }
        return choose(found);
    }

    /**
     * Two parts that together are the whole.
     *
     * @param rest what was not drawn
     * @param part what was drawn
     */
    public record Split(LabeledExamples rest, LabeledExamples part) {}

    /**
     * Draws a part at random, stratified: each class gives its share of the part, rounded down or
     * up so that the part has round(fraction x size) examples (largest remainders; of equal ones
     * the lower class first). Both parts keep the order of the whole. The same seed draws the same
     * part.
     *
     * @param fraction share of the part, in (0, 1)
     * @param seed decides which examples are drawn
     * @return the part and the rest
     * @throws IllegalArgumentException if fraction is out of range or one of the parts would be
     *     empty
     */
    public Split split(double fraction, long seed) {
        int wanted = (int) Math.round(fraction * size());
        if (!(fraction > 0 && fraction < 1) || wanted < 1 || wanted >= size()) {
            throw new IllegalArgumentException(
                    "Split of %d examples: fraction must be in (0, 1) and leave an example in both parts, got %s"
                            .formatted(size(), fraction));
        }
        int[] quota = Strata.quotas(classCounts(), wanted);
        boolean[] drawn = new boolean[size()];
        for (int example : Shuffle.permutation(size(), seed, 0)) {
            if (quota[label(example)] > 0) {
                quota[label(example)]--;
                drawn[example] = true;
            }
        }
        int[] part = IntStream.range(0, size()).filter(i -> drawn[i]).toArray();
        int[] rest = IntStream.range(0, size()).filter(i -> !drawn[i]).toArray();
        return new Split(choose(rest), choose(part));
    }

    /**
     * Batches of the examples in their order, the same in every epoch.
     *
     * @param batch examples per batch, at least 1; the last batch of an epoch has what remains
     * @return a new iterator at the first batch
     * @throws IllegalArgumentException if batch is below 1
     */
    public ExampleIterator iterator(int batch) {
        return ExampleIterator.inOrder(this, batch);
    }

    /**
     * Batches of the examples in a new random order each epoch, which is a function of seed and
     * epoch alone.
     *
     * @param batch examples per batch, at least 1; the last batch of an epoch has what remains
     * @param seed decides the orders
     * @return a new iterator at the first batch of epoch 0
     * @throws IllegalArgumentException if batch is below 1
     */
    public ExampleIterator iterator(int batch, long seed) {
        return ExampleIterator.shuffled(this, batch, seed);
    }

    @Override
    public String toString() {
        return "%d examples of shape %s in %d classes".formatted(size(), shape, classes());
    }
}
