package org.dl4jplasticity.experiments.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** A figure of some pictures of numbers, side by side, each number a rectangle of its colour. */
final class HeatGrid {
    private static final int WIDTH = 600;
    private static final int GAP = 10;
    private static final int TITLE = 34;
    private static final int CAPTION = 22;
    private static final int BAR = 14;
    private static final int BAR_PLACE = 78;
    private static final int FONT = 15;

    /** Pixels of a picture's higher side at most, where a single one stands in a row. */
    private static final int MOST = 420;

    private static final Color FRAME = new Color(0x888888);

    private final String title;
    private final int columns;
    private final List<Picture> pictures = new ArrayList<>();
    private Scale bar;

    /**
     * A figure without pictures yet.
     *
     * @param columns how many stand in a row
     */
    HeatGrid(String title, int columns) {
        this.title = title;
        this.columns = columns;
    }

    /**
     * What colours stand for.
     *
     * @param colours from least to most
     * @param min the least number
     * @param max the largest number
     */
    record Scale(ColourScale colours, double min, double max) {

        /** {@return from 0 to the largest of some numbers} */
        static Scale upTo(double[]... values) {
            double max = 0;
            for (double[] some : values) {
                for (double value : some) {
                    max = Math.max(max, value);
                }
            }
            return new Scale(ColourScale.SEQUENTIAL, 0, max == 0 ? 1 : max);
        }

        /** {@return from the least to the largest of some numbers} */
        static Scale between(Collection<double[]> values) {
            double min = values.stream().flatMapToDouble(Arrays::stream).min().orElse(0);
            double max = values.stream().flatMapToDouble(Arrays::stream).max().orElse(0);
            return new Scale(ColourScale.SEQUENTIAL, min, max > min ? max : min + 1);
        }

        int rgb(double value) {
            return colours.rgb((value - min) / (max - min));
        }
    }

    /** Numbers row after row. */
    @SuppressWarnings("ArrayRecordComponent") // painted, compared by nobody
    private record Picture(String title, int height, int width, double[] values, Scale scale) {

        /** {@return how high it is shown when it is shown as wide} */
        int shown(int width) {
            return Math.min(MOST, Math.max(1, width * height / this.width));
        }
    }

    /** {@return this figure with a picture more} */
    HeatGrid picture(String title, int height, int width, double[] values, Scale scale) {
        pictures.add(new Picture(title, height, width, values, scale));
        return this;
    }

    /** {@return this figure with a bar beside it that tells a scale} */
    HeatGrid bar(Scale scale) {
        bar = scale;
        return this;
    }

    /** {@return the figure} */
    Figure figure(String name, String text) {
        int across = Math.min(columns, pictures.size());
        int room = (WIDTH - GAP - (bar == null ? 0 : BAR_PLACE)) / across - GAP;
        Picture first = pictures.get(0);
        int width = Math.min(room, MOST * first.width / Math.max(first.width, first.height));
        int whole = top(pictures.size(), width);
        return new Figure(
                name,
                title,
                text,
                WIDTH,
                whole,
                Figure.png(WIDTH, whole, graphics -> paint(graphics, whole, width)),
                data());
    }

    private void paint(Graphics2D graphics, int whole, int width) {
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, WIDTH, whole);
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, FONT);
        graphics.setFont(font.deriveFont(Font.BOLD));
        graphics.setColor(Color.BLACK);
        graphics.drawString(title, (WIDTH - graphics.getFontMetrics().stringWidth(title)) / 2, 22);
        graphics.setFont(font);
        graphics.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION,
                RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
        for (int i = 0; i < pictures.size(); i++) {
            int x = GAP + i % columns * (width + GAP);
            int y = top(i / columns * columns, width) + caption(i / columns);
            Picture picture = pictures.get(i);
            int height = picture.shown(width);
            graphics.setColor(Color.BLACK);
            graphics.drawString(fitting(graphics, picture.title, width), x, y - 6);
            graphics.drawImage(image(picture), x, y, width, height, null);
            graphics.setColor(FRAME);
            graphics.setStroke(new BasicStroke(1));
            graphics.drawRect(x, y, width, height);
        }
        if (bar != null) {
            paintBar(graphics, TITLE + CAPTION, Math.min(whole - TITLE - CAPTION - GAP, MOST));
        }
    }

    /** {@return where the row of a picture begins; of one behind the last, the height of all} */
    private int top(int picture, int width) {
        int top = TITLE;
        for (int row = 0; row * columns < picture; row++) {
            top +=
                    caption(row)
                            + row(row).stream().mapToInt(each -> each.shown(width)).max().orElse(0)
                            + GAP;
        }
        return top;
    }

    /** {@return the room of a row's titles} */
    private int caption(int row) {
        return row(row).stream().allMatch(each -> each.title.isEmpty()) ? 0 : CAPTION;
    }

    private List<Picture> row(int row) {
        return pictures.subList(row * columns, Math.min(pictures.size(), (row + 1) * columns));
    }

    /** {@return as much of a text as has room} */
    private static String fitting(Graphics2D graphics, String text, int room) {
        String fitting = text;
        while (fitting.length() > 1 && graphics.getFontMetrics().stringWidth(fitting) > room) {
            fitting = fitting.substring(0, fitting.length() - 1);
        }
        return fitting;
    }

    private void paintBar(Graphics2D graphics, int y, int height) {
        int x = WIDTH - BAR_PLACE;
        for (int row = 0; row < height; row++) {
            graphics.setColor(new Color(bar.colours.rgb(1 - row / (height - 1.0))));
            graphics.fillRect(x, y + row, BAR, 1);
        }
        graphics.setColor(Color.BLACK);
        graphics.drawString(number(bar.max), x + BAR + 4, y + FONT - 4);
        graphics.drawString(
                number((bar.min + bar.max) / 2), x + BAR + 4, y + (height + FONT) / 2 - 2);
        graphics.drawString(number(bar.min), x + BAR + 4, y + height);
    }

    /** {@return a number in few digits} */
    static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e4
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.3g", value);
    }

    private static BufferedImage image(Picture picture) {
        BufferedImage image =
                new BufferedImage(picture.width, picture.height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < picture.values.length; i++) {
            image.setRGB(
                    i % picture.width, i / picture.width, picture.scale.rgb(picture.values[i]));
        }
        return image;
    }

    private Table data() {
        List<List<String>> rows = new ArrayList<>();
        for (Picture picture : pictures) {
            for (int i = 0; i < picture.values.length; i++) {
                rows.add(
                        List.of(
                                picture.title,
                                String.valueOf(i / picture.width),
                                String.valueOf(i % picture.width),
                                String.valueOf(picture.values[i])));
            }
        }
        return new Table(List.of("picture", "row", "column", "value"), rows);
    }
}
