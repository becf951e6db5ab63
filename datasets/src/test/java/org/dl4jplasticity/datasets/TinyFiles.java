package org.dl4jplasticity.datasets;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

/** Files of a few bytes in the formats read here. */
final class TinyFiles {

    private TinyFiles() {}

    /** An IDX file: magic number, sizes, values. */
    static byte[] idx(int magic, int[] sizes, int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(4 + 4 * sizes.length + values.length);
        buffer.putInt(magic);
        Arrays.stream(sizes).forEach(buffer::putInt);
        Arrays.stream(values).forEach(value -> buffer.put((byte) value));
        return buffer.array();
    }

    /** Images of 1 x 2 pixels. */
    static byte[] idxImages(int... pixels) {
        return idx(0x803, new int[] {pixels.length / 2, 1, 2}, pixels);
    }

    static byte[] idxLabels(int... labels) {
        return idx(0x801, new int[] {labels.length}, labels);
    }

    /** A CIFAR-10 record whose three planes are filled with one value each. */
    static byte[] cifarRecord(int label, int red, int green, int blue) {
        byte[] record = new byte[3073];
        record[0] = (byte) label;
        Arrays.fill(record, 1, 1025, (byte) red);
        Arrays.fill(record, 1025, 2049, (byte) green);
        Arrays.fill(record, 2049, 3073, (byte) blue);
        return record;
    }

    static byte[] gzip(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }

    static Path write(Path file, byte[] content) {
        try {
            Files.createDirectories(file.getParent());
            return Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
