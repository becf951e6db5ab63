package org.dl4jplasticity.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DotPlotTest {
    private static Figure figure() {
        return new DotPlot("Title", "unit")
                .dot("one", 1, 0)
                .dot("two", 2, 0.5)
                .mark("one")
                .figure("name", "text");
    }

    @Test
    void theFigureHasItsNumbers() {
        assertThat(figure().data().rows())
                .containsExactly(List.of("one", "1.0", "0.0"), List.of("two", "2.0", "0.5"));
    }

    /** The first line is 34 + 11 pixels down; two image pixels are one of the page. */
    @Test
    void aDotIsInTheLineOfItsName() throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(figure().png()));
        assertThat(has(image, 2 * (34 + 22 + 11), 0x0072B2)).isTrue();
        assertThat(has(image, 2 * (34 + 11), 0xD55E00)).isTrue();
        assertThat(has(image, 2 * (34 + 11), 0x0072B2)).isFalse();
    }

    @Test
    void dotsAtOnePlaceAreDrawn() {
        assertThat(new DotPlot("Title", "unit").dot("one", 0, 0).figure("name", "text").png())
                .isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"10, 2", "5, 1", "6, 2", "0.03, 0.01", "26, 10", "400, 100", "0, 1"})
    void stepsAreRound(double range, double step) {
        assertThat(DotPlot.step(range)).isCloseTo(step, within(1e-12));
    }

    private static boolean has(BufferedImage image, int y, int rgb) {
        for (int x = 0; x < image.getWidth(); x++) {
            if ((image.getRGB(x, y) & 0xFFFFFF) == rgb) {
                return true;
            }
        }
        return false;
    }
}
