package org.dl4jplasticity.layers.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.preprocessor.BaseInputPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.dl4jplasticity.kernel.FusedActivation;
import org.dl4jplasticity.kernel.KernelChoice;
import org.dl4jplasticity.layers.SparseDenseLayer;
import org.dl4jplasticity.layers.SparseOutputLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A linked network trains, bit for bit, as one whose layers copy; and it does share. */
class SharedActivationsTest {
    private static final int N_IN = 12;
    private static final int UNITS = 9;
    private static final int CLASSES = 4;
    private static final int[] BATCHES = {17, 8, 1, 17, 3};

    private static SparseDenseLayer.Builder hidden(int inputs) {
        return new SparseDenseLayer.Builder()
                .nIn(inputs)
                .nOut(UNITS)
                .sparsity(0.4)
                .activation(Activation.TANH);
    }

    private static SparseOutputLayer output() {
        return new SparseOutputLayer.Builder(LossFunction.MCXENT)
                .nIn(UNITS)
                .nOut(CLASSES)
                .sparsity(0.3)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private static NeuralNetConfiguration.Builder recipe(DataType type) {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(type)
                .updater(new Nesterovs(0.1, 0.9));
    }

    private static MultiLayerNetwork sequential(DataType type, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = recipe(type).list();
        for (Layer layer : layers) {
            list.layer(layer);
        }
        MultiLayerNetwork network = new MultiLayerNetwork(list.build());
        network.init();
        return network;
    }

    /** What stands between two sparse layers; each changes what the second one takes in. */
    static Stream<Arguments> networks() {
        Stream.Builder<Arguments> all = Stream.builder();
        for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
            all.add(named(type, "plain", hidden(N_IN).build(), hidden(UNITS).build(), output()));
            all.add(
                    named(
                            type,
                            "dropout of the second",
                            hidden(N_IN).build(),
                            hidden(UNITS).dropOut(new Halving()).build(),
                            output()));
            all.add(
                    named(
                            type,
                            "dropout layer",
                            hidden(N_IN).build(),
                            new DropoutLayer(new Halving()),
                            hidden(UNITS).build(),
                            output()));
            all.add(
                    named(
                            type,
                            "an activation function of ND4J's",
                            hidden(N_IN).activation(Activation.CUBE).build(),
                            hidden(UNITS).build(),
                            output()));
        }
        return all.build();
    }

    private static Arguments named(DataType type, String name, Layer... layers) {
        return Arguments.of(
                type, name, (IntFunction<MultiLayerNetwork>) i -> sequential(type, layers));
    }

    private static DataSet minibatch(DataType type, long seed, int batch) {
        SplittableRandom random = new SplittableRandom(seed);
        INDArray labels = Nd4j.zeros(type, batch, CLASSES);
        for (int example = 0; example < batch; example++) {
            labels.putScalar(example, random.nextInt(CLASSES), 1);
        }
        return new DataSet(numbers(type, seed, batch, N_IN), labels);
    }

    private static INDArray numbers(DataType type, long seed, int rows, int columns) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] values = new double[rows * columns];
        Arrays.setAll(values, i -> random.nextDouble(-1, 1));
        return Nd4j.createFromArray(values).castTo(type).reshape(rows, columns);
    }

    private static void train(DataType type, Consumer<DataSet> fit) {
        for (int step = 0; step < BATCHES.length; step++) {
            fit.accept(minibatch(type, step, BATCHES[step]));
        }
    }

    private static void assertSameBits(INDArray actual, INDArray expected) {
        assertThat(actual.dup('c').data().asDouble())
                .containsExactly(expected.dup('c').data().asDouble());
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("networks")
    void aLinkedNetworkTrainsAsOneThatCopies(
            DataType type, String name, IntFunction<MultiLayerNetwork> create) {
        MultiLayerNetwork copying = create.apply(0);
        MultiLayerNetwork sharing = create.apply(0);
        sharing.setParams(copying.params().dup());
        SharedActivations.link(sharing);
        train(type, copying::fit);
        train(type, sharing::fit);

        assertSameBits(sharing.params(), copying.params());
        INDArray inputs = numbers(type, 99, 5, N_IN);
        assertSameBits(sharing.output(inputs), copying.output(inputs));
    }

    @ParameterizedTest
    @MethodSource("graphs")
    void aLinkedGraphTrainsAsOneThatCopies(DataType type, boolean branches) {
        ComputationGraph copying = graph(type, branches);
        ComputationGraph sharing = graph(type, branches);
        SharedActivations.link(sharing);
        train(type, copying::fit);
        train(type, sharing::fit);

        assertSameBits(sharing.params(), copying.params());
    }

    static Stream<Arguments> graphs() {
        return Stream.of(DataType.FLOAT, DataType.DOUBLE)
                .flatMap(type -> Stream.of(true, false).map(each -> Arguments.of(type, each)));
    }

    /** A chain of three sparse layers, or one whose first output also jumps over the second. */
    private static ComputationGraph graph(DataType type, boolean branches) {
        var builder =
                recipe(type)
                        .graphBuilder()
                        .addInputs("in")
                        .addLayer("a", hidden(N_IN).build(), "in")
                        .addLayer("b", hidden(UNITS).build(), "a");
        if (branches) {
            builder.addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a", "b")
                    .addLayer("out", output(), "sum");
        } else {
            builder.addLayer("out", output(), "b");
        }
        ComputationGraph graph = new ComputationGraph(builder.setOutputs("out").build());
        graph.init();
        return graph;
    }

    /** A dropout that draws nothing, and writes where DL4J tells it to: into its input. */
    private static final class Halving implements IDropout {
        private static final long serialVersionUID = 1;

        @Override
        public INDArray applyDropout(
                INDArray input,
                INDArray result,
                int iteration,
                int epoch,
                LayerWorkspaceMgr workspaceMgr) {
            return result.assign(input.mul(0.5));
        }

        @Override
        public INDArray backprop(INDArray output, INDArray input, int iteration, int epoch) {
            return input.assign(output.mul(0.5));
        }

        @Override
        public void clear() {}

        @Override
        public IDropout clone() {
            return new Halving();
        }
    }

    /** Changes in place what it is given, as some of DL4J's preprocessors do. */
    private static final class Doubling extends BaseInputPreProcessor {
        private static final long serialVersionUID = 1;

        @Override
        public INDArray preProcess(INDArray input, int batch, LayerWorkspaceMgr workspaceMgr) {
            return input.muli(2);
        }

        @Override
        public INDArray backprop(INDArray output, int batch, LayerWorkspaceMgr workspaceMgr) {
            return output.muli(2);
        }

        @Override
        public InputType getOutputType(InputType inputType) {
            return inputType;
        }
    }

    @Test
    void whatAPreprocessorChangesIsNotShared() {
        MultiLayerNetwork copying = withPreprocessor();
        MultiLayerNetwork sharing = withPreprocessor();
        SharedActivations.link(sharing);
        train(DataType.DOUBLE, copying::fit);
        train(DataType.DOUBLE, sharing::fit);

        assertSameBits(sharing.params(), copying.params());
    }

    private static MultiLayerNetwork withPreprocessor() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        recipe(DataType.DOUBLE)
                                .list()
                                .layer(hidden(N_IN).build())
                                .layer(hidden(UNITS).build())
                                .layer(output())
                                .inputPreProcessor(1, new Doubling())
                                .build());
        network.init();
        return network;
    }

    /** Two computations of one kind, the second of which follows the first. */
    private static final class Pair {
        final MultiLayerNetwork network =
                sequential(DataType.FLOAT, hidden(N_IN).build(), hidden(UNITS).build(), output());
        final SparseDense first = (SparseDense) network.getLayer(0);
        final SparseDense second = (SparseDense) network.getLayer(1);
        final INDArray between = Nd4j.create(DataType.FLOAT, new long[] {3, UNITS}, 'f');

        Pair() {
            assumeTrue(
                    HeapKernels.of(DataType.FLOAT) != KernelChoice.ND4J,
                    "ND4J's operations have no arrays to share");
            SharedActivations.link(network);
            run(first, numbers(DataType.FLOAT, 1, 3, N_IN));
            first.computation().readOutput(between);
            first.computation().outputIs(between);
        }

        static void run(SparseDense layer, INDArray input) {
            layer.computation()
                    .forward(
                            layer.sparseConf().getTopology(),
                            input,
                            layer.getParam("W"),
                            layer.getParam("b"),
                            FusedActivation.IDENTITY);
        }

        INDArray outputOfSecond() {
            run(second, between);
            INDArray output = Nd4j.create(DataType.FLOAT, new long[] {3, UNITS}, 'f');
            second.computation().readOutput(output);
            return output;
        }
    }

    @Test
    void theInputIsTakenFromTheLayerBeforeUntilItMayDiffer() {
        Pair pair = new Pair();
        INDArray expected = pair.outputOfSecond();
        pair.between.assign(0);

        assertSameBits(pair.outputOfSecond(), expected);
        pair.second.computation().inputDiffers();
        assertSameBits(
                pair.outputOfSecond(),
                Nd4j.zeros(DataType.FLOAT, 3, UNITS)
                        .addRowVector(pair.second.getParam("b").reshape(1, UNITS)));
    }

    @Test
    void aLayerBeforeThatHasMovedOnIsNoticed() {
        Pair pair = new Pair();
        pair.outputOfSecond();
        pair.second.computation().setOutputGradient(numbers(DataType.FLOAT, 2, 3, UNITS));
        Pair.run(pair.first, numbers(DataType.FLOAT, 3, 3, N_IN));

        assertThatIllegalStateException()
                .isThrownBy(
                        () ->
                                pair.second
                                        .computation()
                                        .backward(
                                                pair.second.getGradientsViewArray(),
                                                null,
                                                pair.between))
                .withMessageContaining("another minibatch");
    }

    @Test
    void anotherGradientThanTheOneThatWasSharedIsRefused() {
        Pair pair = new Pair();
        pair.outputOfSecond();
        pair.second.computation().setOutputGradient(numbers(DataType.FLOAT, 2, 3, UNITS));
        INDArray weights = Nd4j.create(DataType.FLOAT, pair.second.getParam("W").length());
        pair.second.computation().backward(weights, null, pair.between.dup());

        assertThatIllegalStateException()
                .isThrownBy(() -> pair.first.computation().setOutputGradient(pair.between))
                .withMessageContaining("not the one of the layer behind");
    }
}
