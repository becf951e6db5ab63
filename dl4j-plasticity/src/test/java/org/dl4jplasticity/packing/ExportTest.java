package org.dl4jplasticity.packing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.dl4jplasticity.packing.Networks.copy;
import static org.dl4jplasticity.packing.Networks.dense;
import static org.dl4jplasticity.packing.Networks.masked;
import static org.dl4jplasticity.packing.Networks.output;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jplasticity.dropout.VariationalDenseLayer;
import org.dl4jplasticity.dropout.VariationalPruning;
import org.dl4jplasticity.layers.SparseDenseLayer;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.packing.Networks.Copying;
import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** An exported network needs DL4J alone. */
class ExportTest {
    @TempDir Path folder;

    /** Loads the saved network in a process that has DL4J and not this project. */
    private INDArray outputOfPlainDl4j(Model network, INDArray features)
            throws IOException, InterruptedException {
        File model = folder.resolve("model.zip").toFile();
        File input = folder.resolve("input.bin").toFile();
        File output = folder.resolve("output.bin").toFile();
        ModelSerializer.writeModel(network, model, true);
        Nd4j.saveBinary(features, input);
        try (ZipFile zip = new ZipFile(model);
                InputStream entry = zip.getInputStream(zip.getEntry("configuration.json"))) {
            assertThat(new String(entry.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("@class")
                    .doesNotContain("org.dl4jplasticity");
        }
        List<String> classPath = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!isOfThisProject(new File(entry)) || holdsPlainDl4j(entry)) {
                classPath.add(entry);
            }
        }
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                String.join(File.pathSeparator, classPath),
                                PlainDl4j.class.getName(),
                                model.getPath(),
                                input.getPath(),
                                output.getPath())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return Nd4j.readBinary(output);
    }

    private static boolean isOfThisProject(File entry) throws IOException {
        if (!entry.isFile()) {
            return new File(entry, "org/dl4jplasticity").exists();
        }
        try (ZipFile jar = new ZipFile(entry)) {
            return jar.stream().anyMatch(file -> file.getName().startsWith("org/dl4jplasticity/"));
        }
    }

    /** The tests' own classes, of which that program uses itself alone. */
    private static boolean holdsPlainDl4j(String entry) {
        return new File(entry, PlainDl4j.class.getName().replace('.', '/') + ".class").exists();
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void aPackedNetworkIsExported(NetworkClass type) throws IOException, InterruptedException {
        TinyNetwork masked = Networks.masked(type, DataType.FLOAT, new Adam(0.01));
        TinyNetwork packed = copy(masked, Copying.PACK);
        TinyNetwork exported = copy(packed, Copying.EXPORT);
        INDArray features = Examples.batches(1, 8, 6, DataType.FLOAT).get(0).getFeatures();
        assertThat(outputOfPlainDl4j(exported.model(), features))
                .isEqualTo(masked.output(features));
        TinyNetwork unpacked = copy(packed, Copying.UNPACK);
        assertThat(exported.parameters().toFloatVector())
                .isEqualTo(unpacked.parameters().toFloatVector());
        assertThat(exported.state().toFloatVector()).isEqualTo(unpacked.state().toFloatVector());
        assertThat(exported.iteration()).isEqualTo(5);
        assertThat(exported.epoch()).isEqualTo(2);
        assertThat(MaskableWeights.of(exported.model()))
                .hasSize(3)
                .allMatch(weights -> weights.mask().isEmpty());
    }

    @Test
    void aMaskedConvolutionalNetworkIsExported() throws IOException, InterruptedException {
        MultiLayerNetwork network = Networks.convolutional();
        INDArray images = Networks.images().getFeatures();
        MultiLayerNetwork exported = Packing.export(network);
        assertThat(outputOfPlainDl4j(exported, images)).isEqualTo(network.output(images));
        assertSameZeros(exported, network);
    }

    @Test
    void aMaskedRecurrentGraphIsExported() throws IOException, InterruptedException {
        ComputationGraph network = Networks.recurrent();
        INDArray sequences = Networks.sequences();
        ComputationGraph exported = Packing.export(Packing.pack(network));
        assertThat(outputOfPlainDl4j(exported, sequences))
                .isEqualTo(network.outputSingle(sequences));
        assertSameZeros(exported, network);
    }

    private static void assertSameZeros(Model exported, Model masked) {
        List<MaskableWeights> plain = MaskableWeights.of(exported);
        List<MaskableWeights> with = MaskableWeights.of(masked);
        assertThat(plain).hasSameSizeAs(with);
        for (int i = 0; i < plain.size(); i++) {
            MaskableWeights weights = with.get(i);
            assertThat(plain.get(i).mask()).isEmpty();
            assertThat(plain.get(i).array()).isEqualTo(weights.array());
            weights.mask()
                    .ifPresent(
                            mask ->
                                    assertThat(
                                                    weights.array()
                                                            .neq(0)
                                                            .castTo(DataType.INT32)
                                                            .sumNumber()
                                                            .intValue())
                                            .isEqualTo(mask.activeCount()));
        }
    }

    @Test
    void sparseLayersThatAreFrozenOrInWrappersAreExported()
            throws IOException, InterruptedException {
        MultiLayerNetwork network =
                new TransferLearning.Builder(Packing.pack(masked(dense(b -> b), output())))
                        .setFeatureExtractor(0)
                        .build();
        MultiLayerNetwork exported = Packing.export(network);
        INDArray features = Examples.batches(1, 8, 6, DataType.FLOAT).get(0).getFeatures();
        assertThat(exported.output(features).equalsWithEps(network.output(features), 1e-6))
                .isTrue();
        assertThat(outputOfPlainDl4j(exported, features)).isEqualTo(exported.output(features));
        assertThat(exported.getLayer(0)).isInstanceOf(network.getLayer(0).getClass());
        // 29 of 48 weights and 8 biases
        assertThat(network.getLayer(0).numParams()).isEqualTo(29 + 8);
        assertThat(exported.getLayer(0).numParams()).isEqualTo(48 + 8);
    }

    @Test
    void sparseLayersOverTimeAreExported() {
        TinyNetwork network =
                NetworkClass.SEQUENTIAL.of(
                        NetworkClass.settings(DataType.DOUBLE, new Sgd(0.1), 3),
                        new TimeDistributed(NetworkClass.sparse(4, 8, 0.5).build()),
                        new org.deeplearning4j.nn.conf.layers.RnnOutputLayer.Builder(
                                        LossFunction.MSE)
                                .nIn(8)
                                .nOut(3)
                                .build());
        MultiLayerNetwork given = (MultiLayerNetwork) network.model();
        MultiLayerNetwork exported = Packing.export(given);
        INDArray sequences = Networks.sequences().castTo(DataType.DOUBLE);
        assertThat(exported.output(sequences).equalsWithEps(given.output(sequences), 1e-13))
                .isTrue();
        assertThat(exported.getLayerWiseConfigurations().toJson())
                .doesNotContain("org.dl4jplasticity");
        assertThat(Packing.unpack(given).getLayer(0).conf().getLayer())
                .isInstanceOf(SparseDenseLayer.class);
    }

    /** An activation of one's own, which happens to live in this project's packages. */
    public static final class OwnActivation extends ActivationTanH {
        private static final long serialVersionUID = 1;
    }

    /** A pruned variational layer keeps its form and its mask; plain DL4J doesn't know it. */
    @Test
    void aVariationalLayerStaysMaskedAndIsNotExported() {
        MultiLayerNetwork network =
                masked(
                        new VariationalDenseLayer.Builder()
                                .nIn(6)
                                .nOut(8)
                                .trainingExamples(10)
                                .build(),
                        output());
        VariationalPruning.mask(network);
        MultiLayerNetwork packed = Packing.pack(network);
        assertThat(packed.getLayer(0).conf().getLayer())
                .isEqualTo(network.getLayer(0).conf().getLayer());
        assertThat(packed.getLayer(0).params()).isEqualTo(network.getLayer(0).params());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Packing.export(network))
                .withMessageContaining("the network can't be exported")
                .withMessageContaining("VariationalDenseLayer");
    }

    @Test
    void whatDl4jHasNoEqualOfIsRefused() {
        MultiLayerNetwork network = masked(dense(b -> b.activation(new OwnActivation())), output());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Packing.export(network))
                .withMessage(
                        "the network can't be exported: expected a configuration of DL4J's own"
                                + " classes beside sparse layers and masks, got "
                                + OwnActivation.class.getName());
    }
}
