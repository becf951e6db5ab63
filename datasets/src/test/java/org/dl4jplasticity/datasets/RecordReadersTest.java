package org.dl4jplasticity.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import org.datavec.api.conf.Configuration;
import org.datavec.api.records.Record;
import org.datavec.api.records.reader.RecordReader;
import org.datavec.api.split.CollectionInputSplit;
import org.datavec.api.split.FileSplit;
import org.datavec.api.writable.IntWritable;
import org.deeplearning4j.datasets.datavec.RecordReaderDataSetIterator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

class RecordReadersTest {

    @TempDir private Path folder;
    private Path images;
    private Path labels;
    private Path batch;

    @BeforeEach
    void writeFiles() {
        images = TinyFiles.write(folder.resolve("i"), TinyFiles.idxImages(0, 255, 51, 102, 1, 2));
        labels = TinyFiles.write(folder.resolve("l"), TinyFiles.idxLabels(7, 0, 9));
        batch =
                TinyFiles.write(
                        folder.resolve("b.bin"),
                        TinyFiles.concat(
                                TinyFiles.cifarRecord(3, 1, 2, 3),
                                TinyFiles.cifarRecord(0, 4, 5, 6),
                                TinyFiles.cifarRecord(9, 7, 8, 9)));
    }

    private IdxRecordReader idxReader() throws Exception {
        IdxRecordReader reader = new IdxRecordReader();
        reader.initialize(new CollectionInputSplit(List.of(labels.toUri(), images.toUri())));
        return reader;
    }

    private Cifar10RecordReader cifarReader() throws Exception {
        Cifar10RecordReader reader = new Cifar10RecordReader();
        reader.initialize(new Configuration(), new FileSplit(batch.toFile()));
        return reader;
    }

    /** DataVec's iterator over the reader gives what our own gives, twice. */
    private static void assertSameBatches(RecordReader reader, DataSetIterator plain) {
        DataSetIterator through = new RecordReaderDataSetIterator(reader, 2, 1, 10);
        for (int epoch = 0; epoch < 2; epoch++) {
            while (plain.hasNext()) {
                DataSet expected = plain.next();
                DataSet found = through.next();
                assertThat(found.getFeatures()).isEqualTo(expected.getFeatures());
                assertThat(found.getLabels()).isEqualTo(expected.getLabels());
            }
            assertThat(through.hasNext()).isFalse();
            plain.reset();
            through.reset();
        }
    }

    @Test
    void idxRecordsAreTheReadersExamples() throws Exception {
        LabeledExamples examples = IdxReader.read(images, labels);
        assertSameBatches(idxReader(), examples.iterator(2));
        assertSameBatches(idxReader().asImages(), examples.iterator(2).asImages());
    }

    @Test
    void cifarRecordsAreTheReadersExamples() throws Exception {
        LabeledExamples examples = Cifar10Reader.read(List.of(batch));
        assertSameBatches(cifarReader(), examples.iterator(2));
        assertSameBatches(cifarReader().asImages(), examples.iterator(2).asImages());
    }

    @Test
    void recordsCanBeFoundAgainByTheirMetadata() throws Exception {
        IdxRecordReader reader = idxReader();
        reader.next();
        Record second = reader.nextRecord();
        Record again = reader.loadFromMetaData(List.of(second.getMetaData())).get(0);
        assertThat(again.getRecord()).isEqualTo(second.getRecord());
        assertThat(again.getRecord().get(1)).isEqualTo(new IntWritable(0));
        reader.next();
        assertThat(reader.hasNext()).isFalse();
        assertThatThrownBy(reader::next)
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("IdxRecordReader: no record left after 3");
        reader.reset();
        assertThat(reader.next().get(1)).isEqualTo(new IntWritable(7));
    }

    @Test
    void refusesWhatItCannotRead() throws Exception {
        assertThatThrownBy(() -> new Cifar10RecordReader().next())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "Cifar10RecordReader: initialize must be called before records are asked for");
        assertThatThrownBy(() -> new IdxRecordReader().initialize(new FileSplit(images.toFile())))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("expected one IDX file of images and one of labels")
                .hasMessageContaining(images.toString());
        assertThatThrownBy(() -> new IdxRecordReader(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("IdxRecordReader: classes must be in [1, 256], got 0");
        IdxRecordReader reader = idxReader();
        assertThatThrownBy(() -> reader.record(images.toUri(), null))
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
