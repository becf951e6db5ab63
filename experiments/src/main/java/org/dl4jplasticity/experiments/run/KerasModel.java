package org.dl4jplasticity.experiments.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.modelimport.keras.Hdf5Archive;
import org.deeplearning4j.nn.modelimport.keras.KerasModelImport;
import org.deeplearning4j.nn.modelimport.keras.exceptions.InvalidKerasConfigurationException;
import org.deeplearning4j.nn.modelimport.keras.exceptions.UnsupportedKerasConfigurationException;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * A model that Keras saved in HDF5, of Keras 1 and 2, read by DL4J's import. The format {@code
 * .keras} of Keras 3 is none that DL4J reads.
 */
public final class KerasModel {
    private KerasModel() {}

    /** {@return whether a file's name is that of a Keras model} */
    public static boolean isOne(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".h5") || name.endsWith(".hdf5") || name.endsWith(".keras");
    }

    /**
     * {@return the model with its weights, and with its loss and optimizer}
     *
     * @throws IllegalArgumentException if DL4J can't read it or has no such layers, or it was saved
     *     without a loss
     */
    static Network load(Path file) throws IOException {
        if (file.toString().toLowerCase(Locale.ROOT).endsWith(".keras")) {
            throw new IllegalArgumentException(
                    file
                            + " is in the format of Keras 3, which DL4J can't read; save it as HDF5:"
                            + " model.save('model.h5')");
        }
        requireHdf5(file);
        return new Network(imported(file));
    }

    /** HDF5's own library would end the process over some files that are none. */
    private static void requireHdf5(Path file) throws IOException {
        byte[] signature = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1A, '\n'};
        byte[] found;
        try (var in = Files.newInputStream(file)) {
            found = in.readNBytes(signature.length);
        }
        if (!Arrays.equals(signature, found)) {
            throw new IllegalArgumentException(file + " is no HDF5 file");
        }
    }

    private static Model imported(Path file) {
        try {
            return isSequential(file)
                    ? KerasModelImport.importKerasSequentialModelAndWeights(file.toString(), true)
                    : KerasModelImport.importKerasModelAndWeights(file.toString(), true);
        } catch (IOException
                | InvalidKerasConfigurationException
                | UnsupportedKerasConfigurationException
                | RuntimeException e) {
            throw new IllegalArgumentException(
                    "%s is no Keras model that DL4J can import: %s"
                            .formatted(file, firstLine(e.getMessage())),
                    e);
        } catch (LinkageError e) {
            throw new IllegalArgumentException(
                    "%s can't be read, for HDF5's native library doesn't load on this platform: %s"
                            .formatted(file, firstLine(e.getMessage())),
                    e);
        }
    }

    private static boolean isSequential(Path file)
            throws IOException, UnsupportedKerasConfigurationException {
        try (Hdf5Archive archive = new Hdf5Archive(file.toString())) {
            if (!archive.hasAttribute("model_config")) {
                throw new IllegalArgumentException(
                        "it has weights but no configuration; save the model, not its weights");
            }
            if (!archive.hasAttribute("training_config")) {
                throw new IllegalArgumentException(
                        "it was saved without a loss; call model.compile before model.save");
            }
            String configuration = archive.readAttributeAsJson("model_config");
            return new ObjectMapper()
                    .readTree(configuration)
                    .path("class_name")
                    .asText()
                    .equals("Sequential");
        }
    }

    private static String firstLine(String message) {
        return message == null ? "unreadable" : message.lines().findFirst().orElse("unreadable");
    }
}
