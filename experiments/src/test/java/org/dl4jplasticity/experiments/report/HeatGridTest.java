package org.dl4jplasticity.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.dl4jplasticity.experiments.report.HeatGrid.Scale;
import org.junit.jupiter.api.Test;

class HeatGridTest {
    @Test
    void theEndsOfAScaleHaveItsFirstAndLastColour() {
        Scale scale = new Scale(ColourScale.SEQUENTIAL, -1, 3);

        assertThat(scale.rgb(-1)).isEqualTo(0x440154);
        assertThat(scale.rgb(1)).isEqualTo(0x21918C);
        assertThat(scale.rgb(3)).isEqualTo(0xFDE725);
        assertThat(scale.rgb(99)).isEqualTo(0xFDE725);
    }

    @Test
    void betweenTwoColoursIsTheirMiddle() {
        assertThat(ColourScale.INK.rgb(0.5)).isEqualTo(0x808080);
        assertThat(ColourScale.DIVERGING.rgb(0.5)).isEqualTo(0xF7F7F7);
    }

    @Test
    void everyNumberIsARectangleOfItsColour() throws IOException {
        Scale scale = new Scale(ColourScale.INK, 0, 1);
        Figure figure =
                new HeatGrid("", 1)
                        .picture("p", 1, 2, new double[] {0.2, 1}, scale)
                        .figure("f", "");

        BufferedImage image = ImageIO.read(new ByteArrayInputStream(figure.png()));
        int y = image.getHeight() / 2 + 20;
        assertThat(image.getRGB(image.getWidth() / 5, y) & 0xFFFFFF).isEqualTo(0xCCCCCC);
        assertThat(image.getRGB(image.getWidth() / 2, y) & 0xFFFFFF).isEqualTo(0);
        assertThat(figure.data().rows())
                .containsExactly(List.of("p", "0", "0", "0.2"), List.of("p", "0", "1", "1.0"));
    }

    @Test
    void rowsAreAsHighAsTheirPictures() {
        Scale scale = new Scale(ColourScale.INK, 0, 1);
        HeatGrid flat = new HeatGrid("", 1).picture("p", 1, 100, new double[100], scale);
        int one = flat.figure("f", "").height();
        int two = flat.picture("p", 50, 100, new double[5_000], scale).figure("f", "").height();

        assertThat(one).isLessThan(100);
        assertThat(two).isGreaterThan(one + 200);
    }
}
