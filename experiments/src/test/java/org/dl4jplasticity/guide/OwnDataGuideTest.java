package org.dl4jplasticity.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.dl4jplasticity.datasets.DatasetCatalog;
import org.dl4jplasticity.datasets.TrainTest;
import org.dl4jplasticity.experiments.Plasticity;
import org.dl4jplasticity.experiments.file.ExperimentFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** The code of {@code docs/bring-your-own.md}, and the experiment files that come along. */
class OwnDataGuideTest {
    @TempDir Path folder;

    // spotless:off
    static DataSetIterator load(Path photos) {
        TrainTest data = DatasetCatalog.load("images:" + photos, null);
        return data.train().iterator(32, 1);   // batches of 32, shuffled anew in each epoch by seed 1
    }
    // spotless:on

    private void writeImages() throws IOException {
        for (int i = 0; i < 20; i++) {
            Path file = folder.resolve(i % 2 == 0 ? "dark" : "light").resolve(i + ".png");
            Files.createDirectories(file.getParent());
            BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
            image.getRaster().setSample(i % 4, i / 5, 0, 255);
            image.getRaster().setSample(3, 3, 0, i % 2 * 255);
            ImageIO.write(image, "png", file.toFile());
        }
    }

    @Test
    void aFolderOfImagesIsData(@TempDir Path out) throws IOException {
        writeImages();
        DataSetIterator data = load(folder);
        assertThat(data.next().getFeatures().shape()).containsExactly(16, 16);
        assertThat(
                        Plasticity.commandLine()
                                .execute(
                                        "train",
                                        "--dataset=images:" + folder,
                                        "--model=mlp:8",
                                        "--sparsity=0.5",
                                        "--epochs=2",
                                        "--validation=0",
                                        "--out=" + out))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rigl-sample.yaml", "lenet-sweep.yaml"})
    void theExperimentFilesThatComeAlongAreUnderstood(String name) {
        Path file = Path.of("files", name);
        assertThat(ExperimentFile.read(file).commandLine(Plasticity.commandLine())).isNotEmpty();
    }
}
