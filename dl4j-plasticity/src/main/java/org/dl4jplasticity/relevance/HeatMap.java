package org.dl4jplasticity.relevance;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The relevance of an image's pixels as a picture: white where it is 0, towards red where positive,
 * towards blue where negative, both to the same scale, whose end is the largest amount.
 */
public final class HeatMap {
    private static final int WHITE = 255;
    private static final int GAP_COLOUR = 0x808080;

    private final int height;
    private final int width;
    private final double[] relevance;
    private final double limit;

    private HeatMap(int height, int width, double[] relevance, double limit) {
        this.height = height;
        this.width = width;
        this.relevance = relevance;
        this.limit = limit;
    }

    /**
     * {@return the heat map of one image}
     *
     * @param relevance [height, width], or [channels, height, width], whose channels are summed
     * @throws IllegalArgumentException if it has another rank or a value isn't finite
     */
    public static HeatMap of(INDArray relevance) {
        int rank = relevance.rank();
        if (rank != 2 && rank != 3) {
            throw new IllegalArgumentException(
                    "a heat map needs [height, width] or [channels, height, width], got "
                            + Arrays.toString(relevance.shape()));
        }
        return of(
                relevance,
                Math.toIntExact(relevance.size(rank - 2)),
                Math.toIntExact(relevance.size(rank - 1)));
    }

    /**
     * {@return the heat map of one image whose pixels stand row after row}
     *
     * @param relevance height * width values, or as many for each of several channels, one channel
     *     after the other; channels are summed
     * @param height the image's height
     * @param width its width
     * @throws IllegalArgumentException if there are not that many values or one isn't finite
     */
    public static HeatMap of(INDArray relevance, int height, int width) {
        boolean fits =
                height > 0
                        && width > 0
                        && relevance.length() > 0
                        && relevance.length() % ((long) height * width) == 0;
        if (!fits) {
            throw new IllegalArgumentException(
                    "a heat map of %d x %d pixels needs that many values, or some times that many, got %s"
                            .formatted(height, width, Arrays.toString(relevance.shape())));
        }
        double[] values = Values.read(relevance);
        double[] sums = new double[height * width];
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new IllegalArgumentException(
                        "a heat map needs finite values, got %s at position %d"
                                .formatted(values[i], i));
            }
            sums[i % sums.length] += values[i];
        }
        return new HeatMap(height, width, sums, Arrays.stream(sums).map(Math::abs).max().orElse(0));
    }

    /**
     * {@return the same with another end of the colour scale, so that several maps can share one;
     * amounts beyond it have the colours of the end}
     *
     * @param amount the amount of relevance that is full red or blue, more than 0
     * @throws IllegalArgumentException if it is out of range
     */
    public HeatMap upTo(double amount) {
        if (!(amount > 0 && Double.isFinite(amount))) {
            throw new IllegalArgumentException(
                    "the end of a colour scale must be in (0, infinity), got " + amount);
        }
        return new HeatMap(height, width, relevance, amount);
    }

    /** {@return the largest amount of relevance of a pixel, or what {@link #upTo} set} */
    public double limit() {
        return limit;
    }

    /**
     * Writes the map as a PNG image. The file is there whole or as it was.
     *
     * @param file the file; replaced if there is one
     * @param scale how many pixels wide and high each value becomes, at least 1
     * @throws IllegalArgumentException if the scale is out of range
     * @throws IOException if the file can't be written
     */
    public void write(Path file, int scale) throws IOException {
        writeGrid(file, List.of(this), 1, scale);
    }

    /**
     * Writes several maps as one PNG image, row after row, with gaps of one value's size.
     *
     * @param file the file; replaced if there is one
     * @param maps the maps, all of the same size, at least one
     * @param columns how many stand in a row, at least 1
     * @param scale how many pixels wide and high each value becomes, at least 1
     * @throws IllegalArgumentException if sizes differ or a number is out of range
     * @throws IOException if the file can't be written
     */
    public static void writeGrid(Path file, List<HeatMap> maps, int columns, int scale)
            throws IOException {
        if (maps.isEmpty() || columns < 1 || scale < 1) {
            throw new IllegalArgumentException(
                    "a grid needs at least 1 map, 1 column and scale 1, got %d, %d and %d"
                            .formatted(maps.size(), columns, scale));
        }
        for (HeatMap map : maps) {
            if (map.height != maps.get(0).height || map.width != maps.get(0).width) {
                throw new IllegalArgumentException(
                        "the maps of a grid must have one size, got %d x %d and %d x %d"
                                .formatted(
                                        maps.get(0).height,
                                        maps.get(0).width,
                                        map.height,
                                        map.width));
            }
        }
        writeWhole(file, png(grid(maps, columns, scale)));
    }

    private static BufferedImage grid(List<HeatMap> maps, int columns, int scale) {
        int across = Math.min(columns, maps.size());
        int down = (maps.size() + columns - 1) / columns;
        int stepX = maps.get(0).width + 1;
        int stepY = maps.get(0).height + 1;
        BufferedImage image =
                new BufferedImage(
                        (across * stepX - 1) * scale,
                        (down * stepY - 1) * scale,
                        BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int row = y / scale;
                int column = x / scale;
                int index = row / stepY * columns + column / stepX;
                boolean gap =
                        index >= maps.size()
                                || row % stepY == stepY - 1
                                || column % stepX == stepX - 1;
                image.setRGB(
                        x,
                        y,
                        gap ? GAP_COLOUR : maps.get(index).colour(row % stepY, column % stepX));
            }
        }
        return image;
    }

    /** Red, green and blue of a pixel: the stronger, the less of the two other colours. */
    private int colour(int row, int column) {
        double value = relevance[row * width + column];
        double strength = limit == 0 ? 0 : Math.min(1, Math.abs(value) / limit);
        int others = (int) Math.round(WHITE * (1 - strength));
        return value >= 0 ? WHITE << 16 | others << 8 | others : others << 16 | others << 8 | WHITE;
    }

    private static byte[] png(BufferedImage image) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageIO.write(image, "png", out);
        }
        return bytes.toByteArray();
    }

    private static void writeWhole(Path file, byte[] content) throws IOException {
        Path target = file.toAbsolutePath();
        Path unfinished = target.resolveSibling("." + target.getFileName() + ".unfinished");
        try {
            Files.write(unfinished, content);
            Files.move(
                    unfinished,
                    target,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }
}
