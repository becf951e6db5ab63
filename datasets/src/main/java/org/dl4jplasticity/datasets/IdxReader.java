package org.dl4jplasticity.datasets;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.ZipException;

/**
 * Reads image and label files in the IDX format of MNIST (LeCun, Cortes and Burges, "The MNIST
 * database of handwritten digits"): a big-endian magic number, the sizes, then one unsigned byte
 * per value. Files may be plain or gzip compressed, whatever they are called.
 */
public final class IdxReader {

    /** Two zero bytes, type 8 (unsigned byte), 3 dimensions: images, rows, columns. */
    private static final int IMAGES_MAGIC = 0x00000803;

    /** Two zero bytes, type 8 (unsigned byte), 1 dimension: labels. */
    private static final int LABELS_MAGIC = 0x00000801;

    private IdxReader() {}

    /** Opens a file's unpacked content. */
    @FunctionalInterface
    interface Opener {
        InputStream open() throws IOException;
    }

    /** A whole IDX file: its sizes and its bytes, as many as the product of the sizes. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Content(int[] sizes, byte[] bytes) {}

    /**
     * Reads images of digits or other things in ten classes called "0" to "9".
     *
     * @param images the IDX file of images
     * @param labels the IDX file of labels
     * @return grey images, in file order
     * @throws DataException if a file is missing, damaged or not of its format, the counts differ,
     *     or a label is above 9
     */
    public static LabeledExamples read(Path images, Path labels) {
        return read(images, labels, IntStream.range(0, 10).mapToObj(String::valueOf).toList());
    }

    /**
     * Reads images with named classes.
     *
     * @param images the IDX file of images
     * @param labels the IDX file of labels
     * @param classNames names of class 0, 1, and so on; not empty
     * @return grey images, in file order
     * @throws DataException if a file is missing, damaged or not of its format, the counts differ,
     *     or a label has no name
     */
    public static LabeledExamples read(Path images, Path labels, List<String> classNames) {
        return read(
                images.toString(),
                () -> Unpacked.open(images),
                labels.toString(),
                () -> Unpacked.open(labels),
                classNames);
    }

    static LabeledExamples read(
            String imagesName,
            Opener images,
            String labelsName,
            Opener labels,
            List<String> classNames) {
        Content pixels = content(imagesName, images, IMAGES_MAGIC, "images");
        Content classes = content(labelsName, labels, LABELS_MAGIC, "labels");
        if (pixels.sizes[0] != classes.sizes[0]) {
            throw new DataException(
                    "%s: expected a label for each of the %d images in %s, found %d labels"
                            .formatted(labelsName, pixels.sizes[0], imagesName, classes.sizes[0]));
        }
        int[] labelValues = new int[classes.bytes.length];
        for (int i = 0; i < labelValues.length; i++) {
            labelValues[i] = classes.bytes[i] & 0xFF;
            if (labelValues[i] >= classNames.size()) {
                throw new DataException(
                        "%s: label of example %d must be in [0, %d), found %d"
                                .formatted(labelsName, i, classNames.size(), labelValues[i]));
            }
        }
        ExampleShape shape = new ExampleShape(1, pixels.sizes[1], pixels.sizes[2]);
        return LabeledExamples.ofImages(shape, pixels.bytes, labelValues, classNames);
    }

    /**
     * Whether a file begins as an IDX file of images (else it may be one of labels, or anything).
     */
    static boolean holdsImages(Path file) {
        try (DataInputStream in = new DataInputStream(Unpacked.open(file))) {
            return in.readInt() == IMAGES_MAGIC;
        } catch (EOFException e) {
            return false;
        } catch (IOException e) {
            throw Unpacked.unreadable(file.toString(), e);
        }
    }

    private static Content content(String name, Opener opener, int magic, String what) {
        try (DataInputStream in = new DataInputStream(opener.open())) {
            int found = in.readInt();
            if (found != magic) {
                throw new DataException(
                        "%s: magic number of IDX %s must be 0x%08x, found 0x%08x"
                                .formatted(name, what, magic, found));
            }
            int[] sizes = new int[magic & 0xFF];
            long expected = 1;
            for (int i = 0; i < sizes.length; i++) {
                sizes[i] = in.readInt();
                expected *= sizes[i];
                if (sizes[i] < 1 || expected > Integer.MAX_VALUE) {
                    throw new DataException(
                            "%s: sizes in the header must be at least 1 and their product below 2^31, found %d as size %d of %d"
                                    .formatted(name, sizes[i], i + 1, sizes.length));
                }
            }
            byte[] bytes = in.readNBytes((int) expected);
            if (bytes.length < expected) {
                throw new DataException(
                        "%s: truncated: expected %d bytes of %s behind the header, found %d"
                                .formatted(name, expected, what, bytes.length));
            }
            if (in.read() >= 0) {
                throw new DataException(
                        "%s: expected the end of the file after %d bytes of %s, found more"
                                .formatted(name, expected, what));
            }
            return new Content(sizes, bytes);
        } catch (ZipException e) {
            throw new DataException("%s: corrupt gzip data: %s".formatted(name, e.getMessage()), e);
        } catch (EOFException e) {
            throw new DataException(
                    "%s: truncated: the file ends before the %s its header announces do"
                            .formatted(name, what),
                    e);
        } catch (IOException e) {
            throw Unpacked.unreadable(name, e);
        }
    }
}
