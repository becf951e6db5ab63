package org.dl4jplasticity.datasets;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import org.datavec.api.conf.Configuration;
import org.datavec.api.records.Record;
import org.datavec.api.records.metadata.RecordMetaData;
import org.datavec.api.records.metadata.RecordMetaDataIndex;
import org.datavec.api.records.reader.BaseRecordReader;
import org.datavec.api.split.InputSplit;
import org.datavec.api.writable.IntWritable;
import org.datavec.api.writable.NDArrayWritable;
import org.datavec.api.writable.Writable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * {@link LabeledExamples} as DataVec records of two writables: the features, [1, features] or, as
 * images, [1, channels, height, width], and the label. The files are read when the reader is
 * initialized.
 */
abstract sealed class InMemoryRecordReader extends BaseRecordReader
        permits IdxRecordReader, Cifar10RecordReader {

    private static final long serialVersionUID = 1L;

    private transient Configuration configuration = new Configuration();
    private LabeledExamples examples;
    private int position;
    private boolean images;

    /** Reads the files of a split; they are in no particular order. */
    abstract LabeledExamples read(List<Path> files);

    /** Gives the features of the records to come as [1, channels, height, width]. */
    final void giveImages() {
        images = true;
    }

    @Override
    public void initialize(InputSplit split) throws IOException, InterruptedException {
        super.initialize(split);
        examples = read(Arrays.stream(split.locations()).map(Path::of).toList());
        position = 0;
    }

    @Override
    public void initialize(Configuration configuration, InputSplit split)
            throws IOException, InterruptedException {
        setConf(configuration);
        initialize(split);
    }

    private LabeledExamples examples() {
        if (examples == null) {
            throw new IllegalStateException(
                    getClass().getSimpleName()
                            + ": initialize must be called before records are asked for");
        }
        return examples;
    }

    private List<Writable> record(int index) {
        ExampleShape shape = examples().shape();
        long[] arrayShape =
                images
                        ? new long[] {1, shape.channels(), shape.height(), shape.width()}
                        : new long[] {1, shape.size()};
        return List.of(
                new NDArrayWritable(
                        Nd4j.create(examples.values(index), arrayShape, DataType.FLOAT)),
                new IntWritable(examples.label(index)));
    }

    private Record recordWithOrigin(int index) {
        URI first = inputSplit.locations()[0];
        return new org.datavec.api.records.impl.Record(
                record(index), new RecordMetaDataIndex(index, first, getClass()));
    }

    @Override
    public boolean hasNext() {
        return position < examples().size();
    }

    @Override
    public List<Writable> next() {
        List<Writable> record = record(advance());
        invokeListeners(record);
        return record;
    }

    @Override
    public Record nextRecord() {
        Record record = recordWithOrigin(advance());
        invokeListeners(record);
        return record;
    }

    private int advance() {
        if (!hasNext()) {
            throw new NoSuchElementException(
                    "%s: no record left after %d"
                            .formatted(getClass().getSimpleName(), examples.size()));
        }
        return position++;
    }

    @Override
    public void reset() {
        position = 0;
    }

    @Override
    public boolean resetSupported() {
        return true;
    }

    @Override
    public List<String> getLabels() {
        return examples().classNames();
    }

    @Override
    public Record loadFromMetaData(RecordMetaData metaData) {
        if (metaData instanceof RecordMetaDataIndex place
                && place.getIndex() >= 0
                && place.getIndex() < examples().size()) {
            return recordWithOrigin((int) place.getIndex());
        }
        throw new IllegalArgumentException(
                "%s: expected the index of one of %d records, got %s"
                        .formatted(getClass().getSimpleName(), examples().size(), metaData));
    }

    @Override
    public List<Record> loadFromMetaData(List<RecordMetaData> metaData) {
        List<Record> records = new ArrayList<>();
        metaData.forEach(place -> records.add(loadFromMetaData(place)));
        return records;
    }

    /** Not supported: a record is no stream of its own in these formats. */
    @Override
    public List<Writable> record(URI uri, DataInputStream stream) {
        throw new UnsupportedOperationException(
                getClass().getSimpleName()
                        + ": reads whole files, not records from a stream; use initialize");
    }

    @Override
    public void setConf(Configuration configuration) {
        this.configuration = configuration;
    }

    @Override
    public Configuration getConf() {
        return configuration;
    }

    @Override
    public void close() {}
}
