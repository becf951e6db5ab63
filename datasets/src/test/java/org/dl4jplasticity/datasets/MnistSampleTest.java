package org.dl4jplasticity.datasets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MnistSampleTest {

    private final TrainTest sample = DatasetCatalog.load("mnist-sample", null);

    @Test
    void isClassBalancedAndMixed() {
        assertThat(sample.train().size()).isEqualTo(5_000);
        assertThat(sample.train().shape()).isEqualTo(new ExampleShape(1, 28, 28));
        assertThat(sample.train().classCounts()).containsOnly(500).hasSize(10);
        assertThat(sample.test().classCounts()).containsOnly(100).hasSize(10);
        for (int count : sample.train().first(500).classCounts()) {
            assertThat(count).isBetween(25, 75);
        }
    }

    @Test
    void holdsTheImagesThatWereDrawn() throws Exception {
        int[] all = IntStream.range(0, 5_000).toArray();
        byte[] images = MakeMnistSample.images(sample.train(), all);
        byte[] labels = MakeMnistSample.labels(sample.train(), all);
        assertThat(Unpacked.sha256(new ByteArrayInputStream(images)))
                .isEqualTo("d31789074121e36b2be2fab45be7a1bdb2ef6c00ed01219a4350c7d412cb14fc");
        assertThat(Unpacked.sha256(new ByteArrayInputStream(labels)))
                .isEqualTo("7956fe31cc6384743900c9ba91ec8993477decb78cc526568357b12840251e63");
    }

    @Test
    void looksLikeMnist() {
        // MNIST's own mean is 0.1307; a digit's ink is in the middle and never in the corners.
        double sum = 0;
        for (int i = 0; i < sample.train().size(); i++) {
            float[] image = sample.train().values(i);
            assertThat(image[0] + image[27] + image[756] + image[783]).isZero();
            sum += IntStream.range(0, 784).mapToDouble(p -> image[p]).sum();
        }
        assertThat(sum / 5_000 / 784).isBetween(0.128, 0.134);
    }

    @Test
    void comesWithItsLicence() throws Exception {
        try (InputStream readme =
                DatasetCatalog.class.getResourceAsStream("mnist-sample/README.txt")) {
            assertThat(new String(readme.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("Yann LeCun", "Corinna Cortes", "Burges", "by-sa/3.0");
        }
    }
}
