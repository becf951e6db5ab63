package org.dl4jplasticity.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxReaderTest {

    private static final byte[] IMAGES = TinyFiles.idxImages(0, 255, 51, 102, 1, 2);
    private static final byte[] LABELS = TinyFiles.idxLabels(7, 0, 9);

    @TempDir private Path folder;
    private Path images;
    private Path labels;

    @BeforeEach
    void nameFiles() {
        images = folder.resolve("images");
        labels = folder.resolve("labels");
    }

    private LabeledExamples read(byte[] imageBytes, byte[] labelBytes) {
        TinyFiles.write(images, imageBytes);
        TinyFiles.write(labels, labelBytes);
        return IdxReader.read(images, labels);
    }

    private void refused(byte[] imageBytes, byte[] labelBytes, String message) {
        assertThatThrownBy(() -> read(imageBytes, labelBytes))
                .isInstanceOf(DataException.class)
                .hasMessage(message);
    }

    private static void assertRight(LabeledExamples examples) {
        assertThat(examples.size()).isEqualTo(3);
        assertThat(examples.shape()).isEqualTo(new ExampleShape(1, 1, 2));
        assertThat(examples.values(0)).containsExactly(0f, 1f);
        assertThat(examples.values(1)).containsExactly(0.2f, 0.4f);
        assertThat(examples.label(0)).isEqualTo(7);
        assertThat(examples.label(2)).isEqualTo(9);
        assertThat(examples.classes()).isEqualTo(10);
    }

    @Test
    void readsPlainAndCompressedFilesWhateverTheirNames() {
        assertRight(read(IMAGES, LABELS));
        assertRight(read(TinyFiles.gzip(IMAGES), TinyFiles.gzip(LABELS)));
        assertRight(read(TinyFiles.gzip(IMAGES), LABELS));
    }

    @Test
    void refusesAMissingFile() {
        assertThatThrownBy(() -> IdxReader.read(images, labels))
                .isInstanceOf(DataException.class)
                .hasMessage(images + ": no such file");
    }

    @Test
    void refusesAnotherMagicNumber() {
        refused(
                LABELS,
                LABELS,
                images + ": magic number of IDX images must be 0x00000803, found 0x00000801");
        refused(
                IMAGES,
                IMAGES,
                labels + ": magic number of IDX labels must be 0x00000801, found 0x00000803");
    }

    @Test
    void refusesImagesAndLabelsOfDifferentCounts() {
        refused(
                IMAGES,
                TinyFiles.idxLabels(1, 2),
                labels
                        + ": expected a label for each of the 3 images in "
                        + images
                        + ", found 2 labels");
    }

    @Test
    void refusesALabelWithoutAClass() {
        refused(
                IMAGES,
                TinyFiles.idxLabels(1, 10, 2),
                labels + ": label of example 1 must be in [0, 10), found 10");
        TinyFiles.write(labels, LABELS);
        assertThatThrownBy(() -> IdxReader.read(images, labels, List.of("a", "b")))
                .hasMessage(labels + ": label of example 0 must be in [0, 2), found 7");
    }

    @Test
    void refusesMissingAndTrailingBytes() {
        refused(
                Arrays.copyOf(IMAGES, IMAGES.length - 1),
                LABELS,
                images + ": truncated: expected 6 bytes of images behind the header, found 5");
        refused(
                IMAGES,
                Arrays.copyOf(LABELS, LABELS.length + 1),
                labels + ": expected the end of the file after 3 bytes of labels, found more");
        String inHeader = ": truncated: the file ends before the images its header announces do";
        refused(Arrays.copyOf(IMAGES, 9), LABELS, images + inHeader);
        refused(new byte[0], LABELS, images + inHeader);
    }

    @Test
    void refusesDamagedCompression() {
        byte[] packed = TinyFiles.gzip(IMAGES);
        refused(
                Arrays.copyOf(packed, packed.length - 10),
                LABELS,
                images + ": truncated: the file ends before the images its header announces do");
        byte[] wrongSum = packed.clone();
        wrongSum[packed.length - 6] ^= 1;
        refused(wrongSum, LABELS, images + ": corrupt gzip data: Corrupt GZIP trailer");
        byte[] wrongMethod = packed.clone();
        wrongMethod[2] = 3;
        refused(
                wrongMethod,
                LABELS,
                images + ": corrupt gzip data: Unsupported compression method");
    }

    @Test
    void refusesImpossibleSizesWithoutAllocatingThem() {
        refused(
                TinyFiles.idx(0x803, new int[] {0, 28, 28}),
                LABELS,
                images
                        + ": sizes in the header must be at least 1 and their product below 2^31, found 0 as size 1 of 3");
        refused(
                TinyFiles.idx(0x803, new int[] {1 << 30, 28, 28}),
                LABELS,
                images
                        + ": sizes in the header must be at least 1 and their product below 2^31, found 28 as size 2 of 3");
        refused(
                TinyFiles.idx(0x803, new int[] {3, -28, 28}),
                LABELS,
                images
                        + ": sizes in the header must be at least 1 and their product below 2^31, found -28 as size 2 of 3");
        refused(
                TinyFiles.idx(0x803, new int[] {2_000_000, 28, 28}, 1, 2),
                LABELS,
                images
                        + ": truncated: expected 1568000000 bytes of images behind the header, found 2");
    }
}
