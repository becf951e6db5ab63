package org.dl4jplasticity.datasets;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Makes the embedded sample from MNIST's four original files:
 *
 * <pre>MakeMnistSample FOLDER-OF-MNIST src/main/resources/org/dl4jplasticity/datasets/mnist-sample
 * </pre>
 *
 * <p>It walks through each part in the order of a seeded shuffle and takes images until each class
 * has its number, so the classes come mixed. The unpacked files are a function of the seed alone;
 * the bytes of the compressed ones depend on the version of zlib as well (made with OpenJDK 17 and
 * zlib 1.2.13).
 */
final class MakeMnistSample {

    static final long SEED = 1998;
    static final int TRAIN_PER_CLASS = 500;
    static final int TEST_PER_CLASS = 100;

    private MakeMnistSample() {}

    public static void main(String[] arguments) throws IOException {
        Path from = Path.of(arguments[0]);
        Path to = Files.createDirectories(Path.of(arguments[1]));
        write(from, to, "train", TRAIN_PER_CLASS);
        write(from, to, "t10k", TEST_PER_CLASS);
    }

    private static void write(Path from, Path to, String part, int perClass) throws IOException {
        String imagesName = part + "-images-idx3-ubyte";
        String labelsName = part + "-labels-idx1-ubyte";
        LabeledExamples all = IdxReader.read(from.resolve(imagesName), from.resolve(labelsName));
        int[] chosen = balanced(all, perClass);
        Files.write(to.resolve(imagesName + ".gz"), gzip(images(all, chosen)));
        Files.write(to.resolve(labelsName + ".gz"), gzip(labels(all, chosen)));
    }

    /** The first {@code perClass} examples of each class in a shuffled order. */
    static int[] balanced(LabeledExamples all, int perClass) {
        int[] left = new int[all.classes()];
        Arrays.fill(left, perClass);
        return Arrays.stream(Shuffle.permutation(all.size(), SEED, 0))
                .filter(example -> left[all.label(example)]-- > 0)
                .toArray();
    }

    static byte[] images(LabeledExamples all, int[] chosen) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(0x803);
        out.writeInt(chosen.length);
        out.writeInt(all.shape().height());
        out.writeInt(all.shape().width());
        for (int example : chosen) {
            for (float value : all.values(example)) {
                out.writeByte(Math.round(value * 255));
            }
        }
        return bytes.toByteArray();
    }

    static byte[] labels(LabeledExamples all, int[] chosen) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(0x801);
        out.writeInt(chosen.length);
        for (int example : chosen) {
            out.writeByte(all.label(example));
        }
        return bytes.toByteArray();
    }

    /**
     * RFC 1952 with no time, no name and an unknown system, which is what Java's own stream writes
     * from 16 on.
     */
    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(new byte[] {0x1F, (byte) 0x8B, 8, 0, 0, 0, 0, 0, 2, (byte) 0xFF});
        Deflater best = new Deflater(Deflater.BEST_COMPRESSION, true);
        try (OutputStream out = new DeflaterOutputStream(bytes, best)) {
            out.write(content);
        } finally {
            best.end();
        }
        CRC32 sum = new CRC32();
        sum.update(content);
        writeLittleEndian(bytes, (int) sum.getValue());
        writeLittleEndian(bytes, content.length);
        return bytes.toByteArray();
    }

    private static void writeLittleEndian(OutputStream out, int value) throws IOException {
        for (int shift = 0; shift < 32; shift += 8) {
            out.write(value >>> shift);
        }
    }
}
