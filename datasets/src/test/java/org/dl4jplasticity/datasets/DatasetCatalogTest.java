package org.dl4jplasticity.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetCatalogTest {

    private static final List<byte[]> CONTENTS = DatasetFetcherTest.CONTENTS;

    /** Same file names as the tiny data set, other images. */
    private static final List<byte[]> OTHER_CONTENTS =
            List.of(
                    TinyFiles.idxImages(9, 9),
                    TinyFiles.idxLabels(2),
                    TinyFiles.idxImages(8, 8),
                    TinyFiles.idxLabels(3));

    @TempDir private Path folder;
    private Path dataDir;
    private DatasetCatalog catalog;

    @BeforeEach
    void makeCatalog() throws Exception {
        dataDir = folder.resolve("mine");
        List<String> sums = new ArrayList<>();
        for (byte[] content : OTHER_CONTENTS) {
            sums.add(Unpacked.sha256(new ByteArrayInputStream(content)));
        }
        KnownDataset tiny =
                DatasetFetcherTest.tiny(new Origin.DebianPackage("none", "published/tiny"));
        KnownDataset other = KnownDataset.idx("other", KnownDataset.DIGITS, sums);
        KnownDataset cifar =
                new KnownDataset(
                        "cifar10",
                        KnownDataset.CIFAR10.files(),
                        List.of(),
                        KnownDataset.CIFAR10.reader());
        catalog =
                new DatasetCatalog(
                        folder.resolve("home"),
                        folder.resolve("root"),
                        new DatasetFetcher(
                                new Origin.Access(
                                        new Download(Duration.ofMillis(1), Duration.ofSeconds(1)),
                                        new ExternalTools(""),
                                        folder.resolve("root"))),
                        List.of(tiny, other, cifar));
    }

    private TrainTest load(String name) {
        return catalog.loadOrFetch(name, dataDir, ProgressListener.SILENT);
    }

    private void put(Path place, List<byte[]> contents) {
        for (int i = 0; i < contents.size(); i++) {
            TinyFiles.write(place.resolve(KnownDataset.IDX_FILES.get(i)), contents.get(i));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mine",
                "mine/tiny",
                "mine/TINY",
                "home/.dl4j-plasticity/data/tiny",
                "home/.deeplearning4j",
                "home/.deeplearning4j/data/tiny",
                "home/.deeplearning4j/data/TINY",
                "root/usr/share/datasets/tiny"
            })
    void looksInTheUsualFolders(String place) {
        put(folder.resolve(place), CONTENTS);
        TrainTest found = load("tiny");
        assertThat(found.train().size()).isEqualTo(3);
        assertThat(found.train().values(1)).containsExactly(0.2f, 0.4f);
        assertThat(found.test().label(0)).isEqualTo(1);
    }

    @Test
    void takesCompressedFilesAndDottedNames() {
        for (int i = 0; i < CONTENTS.size(); i++) {
            String name = KnownDataset.IDX_FILES.get(i);
            String given = i % 2 == 0 ? name + ".gz" : name.replace("-idx", ".idx");
            byte[] content = i % 2 == 0 ? TinyFiles.gzip(CONTENTS.get(i)) : CONTENTS.get(i);
            TinyFiles.write(dataDir.resolve(given), content);
        }
        assertThat(load("tiny").train().label(0)).isEqualTo(7);
    }

    @Test
    void passesOverAFolderThatIsIncomplete() {
        put(dataDir, CONTENTS.subList(0, 3));
        put(folder.resolve("home/.deeplearning4j"), CONTENTS);
        assertThat(load("tiny").train().size()).isEqualTo(3);
    }

    @Test
    void tellsDataSetsOfTheSameFileNamesApart() {
        put(dataDir, OTHER_CONTENTS);
        put(folder.resolve("home/.deeplearning4j"), CONTENTS);
        assertThat(load("tiny").train().label(0)).isEqualTo(7);
        assertThat(load("other").train().label(0)).isEqualTo(2);
    }

    @Test
    void refusesAFileThatIsNotThePublishedOne() {
        put(dataDir, CONTENTS);
        Path changed = dataDir.resolve(KnownDataset.IDX_FILES.get(3));
        TinyFiles.write(changed, TinyFiles.idxLabels(2));
        assertThatThrownBy(() -> load("tiny"))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(
                        changed + ": as a file of tiny it has the wrong content, SHA-256 must be ");
        assertThat(changed).hasBinaryContent(TinyFiles.idxLabels(2));
    }

    @Test
    void fetchesWhatIsNowhereIntoTheDataFolder() {
        put(folder.resolve("root/published/tiny"), CONTENTS);
        assertThat(load("tiny").train().size()).isEqualTo(3);
        assertThat(dataDir.resolve("tiny").resolve(KnownDataset.IDX_FILES.get(0))).exists();

        dataDir = null;
        assertThat(load("tiny").train().size()).isEqualTo(3);
        assertThat(folder.resolve("home/.dl4j-plasticity/data/tiny")).isDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mine", "mine/cifar10", "mine/cifar-10-batches-bin"})
    void loadsOwnBatchesInTheLayoutOfCifar10(String place) {
        for (String file : Cifar10Reader.TRAIN_FILES) {
            TinyFiles.write(folder.resolve(place).resolve(file), TinyFiles.cifarRecord(4, 1, 2, 3));
        }
        TinyFiles.write(
                folder.resolve(place).resolve(Cifar10Reader.TEST_FILE),
                TinyFiles.cifarRecord(6, 1, 2, 3));
        TrainTest found = load("cifar10");
        assertThat(found.train().size()).isEqualTo(5);
        assertThat(found.test().label(0)).isEqualTo(6);
    }

    private Path csv(String... lines) {
        return TinyFiles.write(
                folder.resolve("a.csv"), String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void splitsACsvFileByClassTheSameWayEachTime() {
        String[] lines = new String[20];
        for (int i = 0; i < 20; i++) {
            lines[i] = i + "," + (i < 15 ? "a" : "b");
        }
        String name = "csv:" + csv(lines);
        TrainTest found = load(name);
        assertThat(found.train().classCounts()).containsExactly(12, 4);
        assertThat(found.test().classCounts()).containsExactly(3, 1);
        for (int i = 0; i < 4; i++) {
            assertThat(load(name).test().values(i)).isEqualTo(found.test().values(i));
        }
    }

    @Test
    void refusesACsvFileTooSmallToSplit() {
        Path file = csv("1,a", "2,b", "3,a", "4,b");
        assertThatThrownBy(() -> load("csv:" + file))
                .isInstanceOf(DataException.class)
                .hasMessage(
                        file
                                + ": expected at least 5 lines of data to keep a fifth for testing, found 4");
        assertThatThrownBy(() -> load("csv:nowhere.csv"))
                .isInstanceOf(DataException.class)
                .hasMessage("nowhere.csv: no such file");
    }

    @Test
    void refusesANameItDoesNotKnow() {
        assertThat(DatasetCatalog.names())
                .containsExactly(
                        "mnist-sample",
                        "mnist",
                        "fashion-mnist",
                        "cifar10",
                        "csv:FILE",
                        "images:DIR");
        assertThatThrownBy(() -> DatasetCatalog.load("minst", null))
                .isInstanceOf(DataException.class)
                .hasMessage(
                        "Data set must be one of mnist-sample, mnist, fashion-mnist, cifar10, csv:FILE, images:DIR, got minst");
    }
}
