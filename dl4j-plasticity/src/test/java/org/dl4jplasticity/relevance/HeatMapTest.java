package org.dl4jplasticity.relevance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.factory.Nd4j;

class HeatMapTest {
    private static final int RED = 0xFF0000;
    private static final int HALF_RED = 0xFF8080;
    private static final int BLUE = 0x0000FF;
    private static final int WHITE = 0xFFFFFF;
    private static final int GAP = 0x808080;

    @TempDir Path folder;

    private static HeatMap map(double... values) {
        return HeatMap.of(Nd4j.createFromArray(values), 2, values.length / 2);
    }

    private int[][] pixels(Path file) throws IOException {
        BufferedImage image = ImageIO.read(file.toFile());
        int[][] pixels = new int[image.getHeight()][image.getWidth()];
        for (int y = 0; y < pixels.length; y++) {
            for (int x = 0; x < pixels[y].length; x++) {
                pixels[y][x] = image.getRGB(x, y) & 0xFFFFFF;
            }
        }
        return pixels;
    }

    @Test
    void coloursDivergeFromWhiteToTheSameScaleOnBothSides() throws IOException {
        Path file = folder.resolve("map.png");
        map(4, 2, -4, 0).write(file, 1);
        assertThat(pixels(file)).isDeepEqualTo(new int[][] {{RED, HALF_RED}, {BLUE, WHITE}});
    }

    @Test
    void theLargestAmountIsTheEndOfTheScaleUnlessItIsGiven() throws IOException {
        assertThat(map(1, 2, -4, 0).limit()).isEqualTo(4);
        Path file = folder.resolve("map.png");
        map(4, 2, -9, 0).upTo(4).write(file, 1);
        assertThat(pixels(file)).isDeepEqualTo(new int[][] {{RED, HALF_RED}, {BLUE, WHITE}});
    }

    @Test
    void anImageWithoutRelevanceIsWhite() throws IOException {
        Path file = folder.resolve("map.png");
        map(0, 0, 0, 0).write(file, 1);
        assertThat(pixels(file)).isDeepEqualTo(new int[][] {{WHITE, WHITE}, {WHITE, WHITE}});
    }

    @Test
    void everyValueBecomesASquareOfPixels() throws IOException {
        Path file = folder.resolve("map.png");
        map(1, -1).write(file, 2);
        assertThat(pixels(file))
                .isDeepEqualTo(new int[][] {{RED, RED}, {RED, RED}, {BLUE, BLUE}, {BLUE, BLUE}});
    }

    @Test
    void channelsAreSummed() throws IOException {
        Path file = folder.resolve("map.png");
        HeatMap.of(Nd4j.createFromArray(3.0, 1, -5, 1, -1, 1, 1, -1).reshape('c', 2, 2, 2))
                .write(file, 1);
        // The sums are 2, 2, -4 and 0.
        assertThat(pixels(file)).isDeepEqualTo(new int[][] {{HALF_RED, HALF_RED}, {BLUE, WHITE}});
    }

    @Test
    void aGridHasGapsAndMayHaveRoomLeft() throws IOException {
        Path file = folder.resolve("grid.png");
        HeatMap.writeGrid(file, List.of(map(1, 0), map(-1, 0), map(0, 1)), 2, 1);
        assertThat(pixels(file))
                .isDeepEqualTo(
                        new int[][] {
                            {RED, GAP, BLUE},
                            {WHITE, GAP, WHITE},
                            {GAP, GAP, GAP},
                            {WHITE, GAP, GAP},
                            {RED, GAP, GAP}
                        });
    }

    @Test
    void aFileIsReplacedWholeAndNothingElseIsLeft() throws IOException {
        Path file = folder.resolve("map.png");
        Files.writeString(file, "what was there before");
        map(1, 0).write(file, 1);
        assertThat(pixels(file)).isDeepEqualTo(new int[][] {{RED}, {WHITE}});
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aFileThatCannotBeWrittenIsAnException() {
        Path file = folder.resolve("missing").resolve("map.png");
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> map(1, 0).write(file, 1));
    }

    @Test
    void numbersAreChecked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HeatMap.of(Nd4j.zeros(5), 2, 2))
                .withMessage(
                        "a heat map of 2 x 2 pixels needs that many values, or some times that many, got [5]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HeatMap.of(Nd4j.zeros(1, 1, 2, 2)))
                .withMessage(
                        "a heat map needs [height, width] or [channels, height, width], got [1, 1, 2, 2]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> map(1, Double.NaN))
                .withMessage("a heat map needs finite values, got NaN at position 1");
        assertThatIllegalArgumentException().isThrownBy(() -> map(1, 2).upTo(0));
        Path file = folder.resolve("map.png");
        assertThatIllegalArgumentException().isThrownBy(() -> map(1, 2).write(file, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> HeatMap.writeGrid(file, List.of(map(1, 2), map(1, 2, 3, 4)), 2, 1))
                .withMessage("the maps of a grid must have one size, got 2 x 1 and 2 x 2");
        assertThat(file).doesNotExist();
    }
}
