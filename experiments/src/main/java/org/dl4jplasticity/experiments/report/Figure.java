package org.dl4jplasticity.experiments.report;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * A picture of figures, and the figures.
 *
 * @param name of its files, without an ending
 * @param title what it shows, in a few words
 * @param text the same for who can't see it, with what is to be seen
 * @param width of the picture on a page, in CSS pixels; the image has twice as many
 * @param height likewise
 * @param png the picture
 * @param data the figures
 */
@SuppressWarnings("ArrayRecordComponent") // written, compared by nobody
record Figure(
        String name, String title, String text, int width, int height, byte[] png, Table data) {
    /** Image pixels for each CSS pixel, so that fine screens show fine lines. */
    private static final int SCALE = 2;

    /** {@return what is painted, as PNG, {@link #SCALE} times as fine as it is painted} */
    static byte[] png(int width, int height, Consumer<Graphics2D> painter) {
        System.setProperty("java.awt.headless", "true");
        BufferedImage image =
                new BufferedImage(SCALE * width, SCALE * height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.scale(SCALE, SCALE);
        graphics.setRenderingHint(
                RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(
                RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        painter.accept(graphics);
        graphics.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
