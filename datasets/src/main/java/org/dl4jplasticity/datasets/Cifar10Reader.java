package org.dl4jplasticity.datasets;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads CIFAR-10's binary files (Krizhevsky, "Learning Multiple Layers of Features from Tiny
 * Images", 2009): records of one label byte and 3,072 pixel bytes, which are the red, green and
 * blue planes of 32 x 32, row by row.
 */
public final class Cifar10Reader {

    /** Names of the ten classes, in the order of their labels. */
    public static final List<String> CLASS_NAMES =
            List.of(
                    "airplane",
                    "automobile",
                    "bird",
                    "cat",
                    "deer",
                    "dog",
                    "frog",
                    "horse",
                    "ship",
                    "truck");

    /** Names of the five files of training images, 10,000 each in the original. */
    public static final List<String> TRAIN_FILES =
            List.of(
                    "data_batch_1.bin",
                    "data_batch_2.bin",
                    "data_batch_3.bin",
                    "data_batch_4.bin",
                    "data_batch_5.bin");

    /** Name of the file of test images, 10,000 in the original. */
    public static final String TEST_FILE = "test_batch.bin";

    private static final ExampleShape SHAPE = new ExampleShape(3, 32, 32);
    private static final int PIXELS = 3 * 32 * 32;
    private static final int RECORD = 1 + PIXELS;

    private Cifar10Reader() {}

    /**
     * Reads all six files of a folder.
     *
     * @param folder holds {@link #TRAIN_FILES} and {@link #TEST_FILE}
     * @return the images of shape 3x32x32
     * @throws DataException if a file is missing, has no whole number of records, or a label is
     *     above 9
     */
    public static TrainTest readFolder(Path folder) {
        return new TrainTest(
                read(TRAIN_FILES.stream().map(folder::resolve).toList()),
                read(List.of(folder.resolve(TEST_FILE))));
    }

    /**
     * Reads some files, one after the other.
     *
     * @param files files of at least one record each
     * @return the images of shape 3x32x32, in the order of the files
     * @throws DataException if there is no file, one is missing, has no whole number of records, or
     *     a label is above 9
     */
    public static LabeledExamples read(List<Path> files) {
        int total = 0;
        for (Path file : files) {
            total += records(file);
        }
        if (total == 0 || total > Integer.MAX_VALUE / PIXELS) {
            throw new DataException(
                    "CIFAR-10: expected from 1 to %d records, found %d in %s"
                            .formatted(Integer.MAX_VALUE / PIXELS, total, files));
        }
        byte[] pixels = new byte[total * PIXELS];
        int[] labels = new int[total];
        int at = 0;
        for (Path file : files) {
            at = readInto(file, records(file), pixels, labels, at);
        }
        return LabeledExamples.ofImages(SHAPE, pixels, labels, CLASS_NAMES);
    }

    private static int records(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new DataException(file + ": no such file");
        }
        try {
            long length = Files.size(file);
            if (length == 0 || length % RECORD != 0) {
                throw new DataException(
                        "%s: length must be a multiple of %d bytes (1 label, %d pixels), found %d bytes"
                                .formatted(file, RECORD, PIXELS, length));
            }
            return Math.toIntExact(length / RECORD);
        } catch (IOException e) {
            throw Unpacked.unreadable(file.toString(), e);
        }
    }

    /**
     * Reads a file's records to position {@code at} and following; returns the position behind
     * them.
     */
    private static int readInto(Path file, int records, byte[] pixels, int[] labels, int at) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            for (int i = 0; i < records; i++) {
                int label = in.read();
                if (label >= CLASS_NAMES.size()) {
                    throw new DataException(
                            "%s: label of record %d must be in [0, 10), found %d"
                                    .formatted(file, i, label));
                }
                if (label < 0 || in.readNBytes(pixels, (at + i) * PIXELS, PIXELS) < PIXELS) {
                    throw new EOFException("the file became shorter while it was read");
                }
                labels[at + i] = label;
            }
            return at + records;
        } catch (IOException e) {
            throw Unpacked.unreadable(file.toString(), e);
        }
    }
}
