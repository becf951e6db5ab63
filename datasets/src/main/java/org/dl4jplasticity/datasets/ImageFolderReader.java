package org.dl4jplasticity.datasets;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * Reads a folder of images, a folder for each class in it: {@code cat/1.png}, {@code dog/7.jpg}.
 * The classes are the folders in the order of their names, the images of a class in the order of
 * theirs. PNG, JPEG, GIF and BMP are read by the JDK, for DataVec's reader brings OpenCV and more
 * than a hundred megabytes along; other files, and hidden ones, are passed over.
 *
 * <p>All images must have one size. They are grey, of one channel, if all of them are; otherwise
 * they have three channels, red, green and blue. Transparency doesn't count.
 */
public final class ImageFolderReader {
    private static final Set<String> ENDINGS = Set.of("png", "jpg", "jpeg", "gif", "bmp");
    private static final int RGB = 3;

    private ImageFolderReader() {}

    /**
     * Reads a folder.
     *
     * @param folder the folder with one folder for each class
     * @return the images, of shape channels x height x width
     * @throws DataException if it is no folder, has fewer than two folders, one of them has no
     *     image, a file is damaged, or the images differ in size
     */
    public static LabeledExamples read(Path folder) {
        List<Path> classes = folders(folder);
        Images images = new Images();
        for (int label = 0; label < classes.size(); label++) {
            List<Path> files = images(classes.get(label));
            if (files.isEmpty()) {
                throw new DataException(
                        "%s: expected images (%s), found none"
                                .formatted(
                                        classes.get(label),
                                        String.join(", ", ENDINGS.stream().sorted().toList())));
            }
            for (Path file : files) {
                images.add(file, label);
            }
        }
        return images.examples(classes.stream().map(ImageFolderReader::name).toList());
    }

    /** The folders in a folder, without hidden ones, in the order of their names. */
    static List<Path> folders(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new DataException(folder + ": no such folder");
        }
        List<Path> folders = list(folder).stream().filter(Files::isDirectory).toList();
        if (folders.size() < 2) {
            throw new DataException(
                    "%s: expected a folder for each of at least 2 classes, found %d folders"
                            .formatted(folder, folders.size()));
        }
        return folders;
    }

    private static List<Path> images(Path folder) {
        return list(folder).stream()
                .filter(Files::isRegularFile)
                .filter(file -> ENDINGS.contains(ending(name(file))))
                .toList();
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> !name(entry).startsWith(".")).sorted().toList();
        } catch (IOException e) {
            throw Unpacked.unreadable(folder.toString(), e);
        }
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    private static String ending(String name) {
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    /** The images read so far, three bytes for each pixel, plane by plane. */
    private static final class Images {
        private final ByteArrayOutputStream planes = new ByteArrayOutputStream();
        private final List<Integer> labels = new ArrayList<>();
        private Path first;
        private int height;
        private int width;
        private boolean grey = true;

        void add(Path file, int label) {
            BufferedImage image = decode(file);
            if (first == null) {
                first = file;
                height = image.getHeight();
                width = image.getWidth();
            } else if (image.getHeight() != height || image.getWidth() != width) {
                throw new DataException(
                        "%s: expected the size of %s, %d x %d (height x width), found %d x %d; scale the images to one size first"
                                .formatted(
                                        file,
                                        first,
                                        height,
                                        width,
                                        image.getHeight(),
                                        image.getWidth()));
            }
            int[] pixels = rgb(image);
            for (int shift = 16; shift >= 0; shift -= 8) {
                for (int pixel : pixels) {
                    planes.write(pixel >> shift);
                }
            }
            for (int pixel : pixels) {
                int red = pixel >> 16 & 0xFF;
                grey &= red == (pixel >> 8 & 0xFF) && red == (pixel & 0xFF);
            }
            labels.add(label);
        }

        private static BufferedImage decode(Path file) {
            try {
                BufferedImage image = ImageIO.read(file.toFile());
                if (image == null) {
                    throw new DataException(file + ": expected an image, found something else");
                }
                return image;
            } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
                throw new DataException(
                        "%s: expected an image, found a damaged one: %s"
                                .formatted(file, e.getMessage()),
                        e);
            }
        }

        /** Pixels row by row; grey ones as they are in the file, which Java would brighten. */
        private int[] rgb(BufferedImage image) {
            Raster raster = image.getRaster();
            boolean isGrey =
                    raster.getNumBands() <= 2
                            && !(image.getColorModel() instanceof IndexColorModel);
            if (!isGrey) {
                return image.getRGB(0, 0, width, height, null, 0, width);
            }
            int most = (1 << raster.getSampleModel().getSampleSize(0)) - 1;
            int[] pixels = raster.getSamples(0, 0, width, height, 0, (int[]) null);
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = pixels[i] * 255 / most * 0x010101;
            }
            return pixels;
        }

        LabeledExamples examples(List<String> classNames) {
            byte[] all = planes.toByteArray();
            int area = height * width;
            byte[] values = all;
            if (grey) {
                values = new byte[all.length / RGB];
                for (int i = 0; i < labels.size(); i++) {
                    System.arraycopy(all, i * RGB * area, values, i * area, area);
                }
            }
            return LabeledExamples.ofImages(
                    new ExampleShape(grey ? 1 : RGB, height, width),
                    values,
                    labels.stream().mapToInt(Integer::intValue).toArray(),
                    classNames);
        }
    }
}
