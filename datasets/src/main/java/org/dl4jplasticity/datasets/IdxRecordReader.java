package org.dl4jplasticity.datasets;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * DataVec's view of IDX files, as MNIST comes in: a record is the features of an image, scaled to
 * [0, 1], and its label. The split names two files, one of images and one of labels, in any order,
 * plain or gzip compressed.
 *
 * <pre>{@code
 * IdxRecordReader reader = new IdxRecordReader();
 * reader.initialize(new CollectionInputSplit(List.of(images.toURI(), labels.toURI())));
 * DataSetIterator batches = new RecordReaderDataSetIterator(reader, 128, 1, 10);
 * }</pre>
 */
public final class IdxRecordReader extends InMemoryRecordReader {

    private static final long serialVersionUID = 1L;

    private final int classes;

    /** A reader of labels from 0 to 9. */
    public IdxRecordReader() {
        this(10);
    }

    /**
     * A reader of labels from 0 to classes - 1.
     *
     * @param classes number of classes, in [1, 256]
     * @throws IllegalArgumentException if classes is out of range
     */
    public IdxRecordReader(int classes) {
        if (classes < 1 || classes > 256) {
            throw new IllegalArgumentException(
                    "IdxRecordReader: classes must be in [1, 256], got %d".formatted(classes));
        }
        this.classes = classes;
    }

    /**
     * Gives the features of the records to come as [1, channels, height, width] instead of [1,
     * features].
     *
     * @return this reader
     */
    public IdxRecordReader asImages() {
        giveImages();
        return this;
    }

    @Override
    LabeledExamples read(List<Path> files) {
        List<Path> images = files.stream().filter(IdxReader::holdsImages).toList();
        List<Path> labels = files.stream().filter(file -> !images.contains(file)).toList();
        if (images.size() != 1 || labels.size() != 1) {
            throw new DataException(
                    "IdxRecordReader: expected one IDX file of images and one of labels, found images %s and others %s"
                            .formatted(images, labels));
        }
        List<String> names = IntStream.range(0, classes).mapToObj(String::valueOf).toList();
        return IdxReader.read(images.get(0), labels.get(0), names);
    }
}
