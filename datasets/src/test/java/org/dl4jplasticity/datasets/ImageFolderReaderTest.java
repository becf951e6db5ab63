package org.dl4jplasticity.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderReaderTest {
    @TempDir Path folder;

    /** An image of two rows of three pixels. */
    private void write(String file, int type, int... pixels) throws IOException {
        BufferedImage image = new BufferedImage(3, pixels.length / 3, type);
        for (int i = 0; i < pixels.length; i++) {
            if (type == BufferedImage.TYPE_BYTE_GRAY) {
                image.getRaster().setSample(i % 3, i / 3, 0, pixels[i]);
            } else {
                image.setRGB(i % 3, i / 3, pixels[i]);
            }
        }
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        ImageIO.write(image, file.substring(file.lastIndexOf('.') + 1), path.toFile());
    }

    private void writeGrey(String file, int... pixels) throws IOException {
        write(file, BufferedImage.TYPE_BYTE_GRAY, pixels);
    }

    private void writeColour(String file, int... pixels) throws IOException {
        write(file, BufferedImage.TYPE_INT_RGB, pixels);
    }

    private static void assertRefused(Path folder, String sentence) {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> DatasetCatalog.load("images:" + folder, null))
                .withMessageContaining(sentence);
    }

    @Test
    void greyImagesHaveOneChannelWithTheValuesOfTheFile() throws IOException {
        writeGrey("dog/b.png", 0, 51, 102, 153, 204, 255);
        writeGrey("dog/a.png", 255, 0, 0, 0, 0, 0);
        writeGrey("cat/z.bmp", 51, 51, 51, 51, 51, 51);
        Files.writeString(folder.resolve("dog/notes.txt"), "no image");
        LabeledExamples examples = ImageFolderReader.read(folder);
        assertThat(examples.shape()).isEqualTo(new ExampleShape(1, 2, 3));
        assertThat(examples.classNames()).containsExactly("cat", "dog");
        assertThat(examples.classCounts()).containsExactly(1, 2);
        assertThat(examples.values(0)).containsOnly(0.2f);
        assertThat(examples.values(1)).containsExactly(1, 0, 0, 0, 0, 0);
        assertThat(examples.values(2)).containsExactly(0, 0.2f, 0.4f, 0.6f, 0.8f, 1);
        assertThat(examples.label(2)).isEqualTo(1);
    }

    @Test
    void oneColouredImageGivesAllThreeChannels() throws IOException {
        writeColour("a/1.png", 0xFF0000, 0x00FF00, 0x0000FF, 0, 0, 0x333333);
        writeGrey("b/1.png", 51, 0, 0, 0, 0, 0);
        LabeledExamples examples = ImageFolderReader.read(folder);
        assertThat(examples.shape()).isEqualTo(new ExampleShape(3, 2, 3));
        assertThat(examples.values(0))
                .containsExactly(1, 0, 0, 0, 0, 0.2f, 0, 1, 0, 0, 0, 0.2f, 0, 0, 1, 0, 0, 0.2f);
        assertThat(examples.values(1))
                .containsExactly(0.2f, 0, 0, 0, 0, 0, 0.2f, 0, 0, 0, 0, 0, 0.2f, 0, 0, 0, 0, 0);
    }

    @Test
    void aFifthIsKeptForTestingUnlessThereAreTwoFolders() throws IOException {
        for (int i = 0; i < 10; i++) {
            writeGrey("a/" + i + ".png", i, 0, 0);
            writeGrey("b/" + i + ".png", 0, i, 0);
        }
        TrainTest split = DatasetCatalog.load("images:" + folder, null);
        assertThat(split.train().classCounts()).containsExactly(8, 8);
        assertThat(split.test().classCounts()).containsExactly(2, 2);

        writeGrey("own/train/a/1.png", 1, 2, 3);
        writeGrey("own/train/b/1.png", 1, 2, 3);
        writeGrey("own/test/a/1.png", 1, 2, 3);
        writeGrey("own/test/b/1.png", 1, 2, 3);
        TrainTest given = DatasetCatalog.load("images:" + folder.resolve("own"), null);
        assertThat(given.train().size()).isEqualTo(2);
        assertThat(given.test().size()).isEqualTo(2);

        writeGrey("own/test/c/1.png", 1, 2, 3);
        assertRefused(folder.resolve("own"), "same shape and classes");
    }

    @Test
    void whatIsNoFolderOfImagesIsToldInOneSentence() throws IOException {
        assertRefused(folder.resolve("nowhere"), "nowhere: no such folder");
        assertRefused(folder, "expected a folder for each of at least 2 classes, found 0 folders");
        writeGrey("a/1.png", 1, 2, 3);
        Files.createDirectories(folder.resolve("b"));
        assertRefused(folder, "b: expected images (bmp, gif, jpeg, jpg, png), found none");
        writeGrey("b/1.png", 1, 2, 3);
        assertRefused(folder, "expected at least 5 images to keep a fifth for testing, found 2");
        writeGrey("b/2.png", 1, 2, 3, 4, 5, 6);
        assertRefused(folder, "1 x 3 (height x width), found 2 x 3; scale the images");
        Files.writeString(folder.resolve("b/2.png"), "no image");
        assertRefused(folder, "2.png: expected an image, found something else");
    }
}
