package org.dl4jplasticity.datasets;

import java.nio.file.Path;
import java.util.List;

/**
 * DataVec's view of CIFAR-10's binary files: a record is the features of an image, scaled to [0,
 * 1], and its label. The split names one or more files; they are read in the order of their names.
 *
 * <pre>{@code
 * Cifar10RecordReader reader = new Cifar10RecordReader();
 * reader.initialize(new FileSplit(new File("cifar-10-batches-bin/data_batch_1.bin")));
 * DataSetIterator batches = new RecordReaderDataSetIterator(reader, 128, 1, 10);
 * }</pre>
 */
public final class Cifar10RecordReader extends InMemoryRecordReader {

    private static final long serialVersionUID = 1L;

    /** A reader that wants a split. */
    public Cifar10RecordReader() {}

    /**
     * Gives the features of the records to come as [1, channels, height, width] instead of [1,
     * features].
     *
     * @return this reader
     */
    public Cifar10RecordReader asImages() {
        giveImages();
        return this;
    }

    @Override
    LabeledExamples read(List<Path> files) {
        return Cifar10Reader.read(files.stream().sorted().toList());
    }
}
