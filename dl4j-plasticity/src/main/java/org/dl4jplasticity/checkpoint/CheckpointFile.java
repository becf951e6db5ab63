package org.dl4jplasticity.checkpoint;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The zip file: what DL4J's {@link ModelSerializer} writes, and {@value #ENTRY}. DL4J passes over
 * entries it doesn't know and takes those whose names begin with "objects/" for Java objects, so
 * ours doesn't.
 */
final class CheckpointFile {
    static final String ENTRY = "plasticity.json";

    /** The same content is the same file. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private final ZipOutputStream zip;
    private final Map<String, String> digests = new LinkedHashMap<>();

    private CheckpointFile(OutputStream out) {
        zip = new ZipOutputStream(out);
        zip.setLevel(Deflater.BEST_SPEED); // trained weights hardly get smaller
    }

    /** Makes the document when the digests of DL4J's entries are known. */
    interface Document {
        byte[] of(Map<String, String> digests) throws IOException;
    }

    /** Writes the zip, leaving the stream open. */
    static void write(Model model, Document document, OutputStream out) throws IOException {
        CheckpointFile file = new CheckpointFile(out);
        PlasticNetwork network = PlasticNetwork.of(model);
        file.add(ModelSerializer.CONFIGURATION_JSON, to -> to.write(configuration(model)));
        file.add(ModelSerializer.COEFFICIENTS_BIN, array(network.parameters()));
        INDArray state = network.updater().getStateViewArray();
        if (state != null && state.length() > 0) {
            file.add(ModelSerializer.UPDATER_BIN, array(state));
        }
        byte[] ours = document.of(Map.copyOf(file.digests));
        file.add(ENTRY, to -> to.write(ours));
        file.zip.finish();
    }

    private static byte[] configuration(Model model) {
        String json =
                model instanceof MultiLayerNetwork network
                        ? network.getLayerWiseConfigurations().toJson()
                        : ((ComputationGraph) model).getConfiguration().toJson();
        return ascii(json).getBytes(StandardCharsets.US_ASCII);
    }

    /** DL4J reads the text in the platform's character set, whatever that is. */
    private static String ascii(String json) {
        if (json.chars().allMatch(c -> c < 128)) {
            return json; // and it may be long
        }
        StringBuilder ascii = new StringBuilder(json.length());
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c < 128) {
                ascii.append(c);
            } else {
                ascii.append("\\u%04x".formatted((int) c));
            }
        }
        return ascii.toString();
    }

    private static AtomicFile.Content array(INDArray array) {
        return to -> {
            DataOutputStream data = new DataOutputStream(to);
            Nd4j.write(array, data);
            data.flush();
        };
    }

    private void add(String name, AtomicFile.Content content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(TIME);
        zip.putNextEntry(entry);
        MessageDigest sha = sha256();
        OutputStream out =
                new BufferedOutputStream(
                        new DigestOutputStream(
                                new FilterOutputStream(zip) {
                                    @Override
                                    public void write(byte[] bytes, int from, int length)
                                            throws IOException {
                                        zip.write(bytes, from, length);
                                    }
                                },
                                sha));
        content.writeTo(out);
        out.flush();
        zip.closeEntry();
        digests.put(name, HexFormat.of().formatHex(sha.digest()));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * What a zip file holds.
     *
     * @param digests SHA-256 of the content of every entry
     * @param document the content of {@value #ENTRY}; null if there is none
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Contents(Map<String, String> digests, byte[] document) {}

    /**
     * {@return the contents of a file, whose checksums are confirmed}
     *
     * @throws CheckpointException if it is damaged
     */
    static Contents read(Path file, FileChannel channel) throws IOException {
        Map<String, String> digests = new LinkedHashMap<>();
        byte[] document = null;
        channel.position(0);
        // Not closed: the channel is still needed.
        ZipInputStream zip =
                new ZipInputStream(new BufferedInputStream(Channels.newInputStream(channel)));
        try {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                ByteArrayOutputStream kept = new ByteArrayOutputStream();
                String digest = digest(zip, entry.getName().equals(ENTRY) ? kept : null);
                if (digests.put(entry.getName(), digest) != null) {
                    throw new ZipException("two entries " + entry.getName());
                }
                if (entry.getName().equals(ENTRY)) {
                    document = kept.toByteArray();
                }
            }
        } catch (ZipException | EOFException | IllegalArgumentException e) {
            throw new CheckpointException(
                    "%s: the file is damaged (%s)".formatted(file, e.getMessage()), e);
        }
        return new Contents(digests, document);
    }

    private static String digest(InputStream content, OutputStream copy) throws IOException {
        MessageDigest sha = sha256();
        byte[] buffer = new byte[1 << 16];
        for (int got = content.read(buffer); got >= 0; got = content.read(buffer)) {
            sha.update(buffer, 0, got);
            if (copy != null) {
                copy.write(buffer, 0, got);
            }
        }
        return HexFormat.of().formatHex(sha.digest());
    }

    /**
     * {@return the network as DL4J reads it} The channel is closed.
     *
     * @throws CheckpointException if DL4J can't
     */
    static Model readNetwork(Path file, FileChannel channel, String type) throws IOException {
        channel.position(0);
        InputStream in = new BufferedInputStream(Channels.newInputStream(channel));
        RandomState before = RandomState.now();
        try {
            if (type.equals(MultiLayerNetwork.class.getSimpleName())) {
                return ModelSerializer.restoreMultiLayerNetwork(in, true);
            } else if (type.equals(ComputationGraph.class.getSimpleName())) {
                return ModelSerializer.restoreComputationGraph(in, true);
            }
            throw new CheckpointException(
                    "%s: expected a MultiLayerNetwork or a ComputationGraph, got a %s"
                            .formatted(file, type));
        } catch (CheckpointException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new CheckpointException(
                    "%s: DL4J can't read the network (%s)".formatted(file, e.getMessage()), e);
        } finally {
            before.restore(); // DL4J may seed the generator anew where it makes a network
        }
    }
}
