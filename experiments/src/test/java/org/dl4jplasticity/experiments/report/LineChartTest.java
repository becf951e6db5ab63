package org.dl4jplasticity.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class LineChartTest {
    private static final double[] X = {100, 200};
    private static final double[] Y = {50, 70};

    private static LineChart chart() {
        return new LineChart("title", "x", "y");
    }

    @Test
    void marksLieOnTheLineBetweenItsPointsAndLevelBeyondThem() {
        Figure figure =
                chart().line("a", X, Y)
                        .marks("m", new double[] {50, 150, 200, 201})
                        .figure("f", "");

        assertThat(figure.data().where("series", "m").numbers("y")).containsExactly(50, 60, 70, 70);
    }

    @Test
    void pointsThatAreNoNumbersAreLeftOut() {
        Figure figure =
                chart().line("a", new double[] {1, 2, 3}, new double[] {4, Double.NaN, 6})
                        .figure("f", "");

        assertThat(figure.data().rows())
                .containsExactly(List.of("a", "1.0", "4.0"), List.of("a", "3.0", "6.0"));
    }

    @Test
    void stepsGoOnLevelToTheNextPoint() {
        Figure figure = chart().steps("a", X, Y).figure("f", "");

        assertThat(figure.data().numbers("x")).containsExactly(100, 200, 200);
        assertThat(figure.data().numbers("y")).containsExactly(50, 50, 70);
    }

    @Test
    void aLineWithoutPointsIsNoLine() {
        assertThat(chart().line("a", new double[1], new double[] {Double.NaN}).isEmpty()).isTrue();
        assertThat(chart().line("a", X, Y).isEmpty()).isFalse();
    }

    @Test
    void theLegendTakesAsManyRowsAsItNeeds() throws IOException {
        LineChart few = chart();
        LineChart many = chart();
        for (int i = 0; i < 20; i++) {
            many.line("a line with a long name " + i, X, Y);
        }
        Figure one = few.line("a", X, Y).figure("f", "");
        Figure all = many.figure("f", "");

        assertThat(one.height()).isEqualTo(400);
        assertThat(all.height()).isGreaterThan(600);
        assertThat(ImageIO.read(new ByteArrayInputStream(all.png())).getHeight())
                .isEqualTo(2 * all.height());
    }
}
