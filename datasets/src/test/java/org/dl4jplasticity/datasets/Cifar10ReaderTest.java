package org.dl4jplasticity.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar10ReaderTest {

    @TempDir private Path folder;

    private void writeFolder() {
        for (int i = 0; i < 5; i++) {
            TinyFiles.write(
                    folder.resolve(Cifar10Reader.TRAIN_FILES.get(i)),
                    TinyFiles.concat(
                            TinyFiles.cifarRecord(i, 51, 102, 153),
                            TinyFiles.cifarRecord(9 - i, i, 0, 255)));
        }
        TinyFiles.write(
                folder.resolve(Cifar10Reader.TEST_FILE), TinyFiles.cifarRecord(8, 0, 0, 255));
    }

    @Test
    void readsPlanesAsChannelsAndFilesInOrder() {
        writeFolder();
        TrainTest read = Cifar10Reader.readFolder(folder);
        assertThat(read.train().size()).isEqualTo(10);
        assertThat(read.train().shape()).isEqualTo(new ExampleShape(3, 32, 32));
        float[] first = read.train().values(0);
        assertThat(first[0]).isEqualTo(0.2f);
        assertThat(first[1023]).isEqualTo(0.2f);
        assertThat(first[1024]).isEqualTo(0.4f);
        assertThat(first[2047]).isEqualTo(0.4f);
        assertThat(first[2048]).isEqualTo(0.6f);
        assertThat(first[3071]).isEqualTo(0.6f);
        assertThat(read.train().values(7)[0]).isEqualTo(3 / 255f);
        assertThat(read.train().classCounts()).containsOnly(1);
        assertThat(read.train().label(7)).isEqualTo(6);
        assertThat(read.test().size()).isEqualTo(1);
        assertThat(read.test().classNames().get(read.test().label(0))).isEqualTo("ship");
    }

    @Test
    void refusesAPartOfARecord() {
        Path file = TinyFiles.write(folder.resolve("a.bin"), new byte[3072]);
        String message = ": length must be a multiple of 3073 bytes (1 label, 3072 pixels), found ";
        assertThatThrownBy(() -> Cifar10Reader.read(List.of(file)))
                .isInstanceOf(DataException.class)
                .hasMessage(file + message + "3072 bytes");
        TinyFiles.write(file, new byte[0]);
        assertThatThrownBy(() -> Cifar10Reader.read(List.of(file)))
                .hasMessage(file + message + "0 bytes");
    }

    @Test
    void refusesALabelWithoutAClass() {
        Path file =
                TinyFiles.write(
                        folder.resolve("a.bin"),
                        TinyFiles.concat(
                                TinyFiles.cifarRecord(9, 0, 0, 0),
                                TinyFiles.cifarRecord(10, 0, 0, 0)));
        assertThatThrownBy(() -> Cifar10Reader.read(List.of(file)))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ": label of record 1 must be in [0, 10), found 10");
    }

    @Test
    void refusesMissingFiles() {
        Path file = folder.resolve("a.bin");
        assertThatThrownBy(() -> Cifar10Reader.read(List.of(file)))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ": no such file");
        assertThatThrownBy(() -> Cifar10Reader.read(List.of()))
                .isInstanceOf(DataException.class)
                .hasMessage("CIFAR-10: expected from 1 to 699050 records, found 0 in []");
        assertThat(Arrays.asList(folder.toFile().list())).isEmpty();
    }
}
