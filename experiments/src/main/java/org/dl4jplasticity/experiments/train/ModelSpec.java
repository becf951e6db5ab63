package org.dl4jplasticity.experiments.train;

import java.nio.file.Path;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jplasticity.datasets.ExampleShape;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.experiments.run.GivenModel;
import org.dl4jplasticity.experiments.run.KerasModel;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.experiments.run.Widths;
import org.dl4jplasticity.layers.SparseConvolutionLayer;
import org.dl4jplasticity.layers.SparseDenseLayer;
import org.dl4jplasticity.layers.SparseOutputLayer;
import org.dl4jplasticity.layers.Sparsity;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** A model by its name on the command line. */
public sealed interface ModelSpec {

    /** {@return an initialized network} */
    Network create(TrainSettings settings, LabeledExamples examples, long iterations);

    /**
     * {@return the model of a name}
     *
     * @throws IllegalArgumentException if there is none
     */
    static ModelSpec parse(String name) {
        if (name.startsWith("mlp:")) {
            return Mlp.parse(name);
        }
        return switch (name) {
            case "lenet-300-100" -> new Mlp(new int[] {300, 100});
            case "conv-2" -> Conv.ofPairs(64);
            case "conv-4" -> Conv.ofPairs(64, 128);
            case "conv-6" -> Conv.ofPairs(64, 128, 256);
            case "vgg-11" ->
                    new Conv(
                            new int[][] {{64}, {128}, {256, 256}, {512, 512}, {512, 512}},
                            new int[0]);
            default -> {
                if (name.endsWith(".json")
                        || name.endsWith(".zip")
                        || KerasModel.isOne(Path.of(name))) {
                    yield new FromFile(Path.of(name));
                }
                throw new IllegalArgumentException(
                        ("--model must be mlp:WIDTHS, lenet-300-100, conv-2, conv-4, conv-6, vgg-11,"
                                        + " or a .json, .zip or Keras .h5 file, got '%s'")
                                .formatted(name));
            }
        };
    }

    /** A multi-layer perceptron. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Mlp(int[] widths) implements ModelSpec {
        static Mlp parse(String name) {
            return Widths.parse(name.substring("mlp:".length()))
                    .map(Mlp::new)
                    .orElseThrow(
                            () ->
                                    new IllegalArgumentException(
                                            ("--model mlp:WIDTHS needs widths of at least 1 joined by"
                                                            + " '-', as in mlp:1000-1000, got '%s'")
                                                    .formatted(name)));
        }

        @Override
        public Network create(TrainSettings settings, LabeledExamples examples, long iterations) {
            NeuralNetConfiguration.ListBuilder layers = Recipe.of(settings, iterations).list();
            for (int i = 0; i < widths.length; i++) {
                layers.layer(Recipe.hidden(settings, "hidden-" + (i + 1), widths[i], i > 0));
            }
            layers.layer(Recipe.output(settings, examples.classes()));
            return Recipe.network(
                    settings, layers.setInputType(InputType.feedForward(examples.features())));
        }
    }

    /**
     * Blocks of 3x3 convolutions with max-pooling after each, then hidden layers: conv-2, conv-4
     * and conv-6 of Frankle and Carbin 2019 (fig. 2), which are small relatives of VGG, and VGG's
     * smallest, configuration A of Simonyan and Zisserman 2015 (table 1), without the hidden layers
     * that it has for the large images of ImageNet.
     *
     * @param blocks the channels of each convolution of each block
     * @param hidden the widths of the hidden layers
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Conv(int[][] blocks, int[] hidden) implements ModelSpec {
        static Conv ofPairs(int... channels) {
            return new Conv(
                    Arrays.stream(channels).mapToObj(c -> new int[] {c, c}).toArray(int[][]::new),
                    new int[] {256, 256});
        }

        @Override
        public Network create(TrainSettings settings, LabeledExamples examples, long iterations) {
            requireRoomToPool(settings.model(), examples.shape());
            NeuralNetConfiguration.ListBuilder layers = Recipe.of(settings, iterations).list();
            for (int block = 0; block < blocks.length; block++) {
                for (int i = 0; i < blocks[block].length; i++) {
                    String name = "conv-" + (block + 1) + (char) ('a' + i);
                    layers.layer(Recipe.convolution(settings, name, blocks[block][i]));
                }
                layers.layer(new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build());
            }
            for (int i = 0; i < hidden.length; i++) {
                layers.layer(Recipe.hidden(settings, "hidden-" + (i + 1), hidden[i], true));
            }
            layers.layer(Recipe.output(settings, examples.classes()));
            return Recipe.network(
                    settings,
                    layers.setInputType(
                            InputType.convolutionalFlat(
                                    examples.shape().height(),
                                    examples.shape().width(),
                                    examples.shape().channels())));
        }

        /** Every block halves the images. */
        public void requireRoomToPool(String model, ExampleShape shape) {
            int least = 1 << blocks.length;
            if (Math.min(shape.height(), shape.width()) < least) {
                throw new IllegalArgumentException(
                        "--model %s needs images of at least %d x %d, got %s"
                                .formatted(model, least, least, shape));
            }
        }
    }

    /** What the models of a name have in common. */
    public final class Recipe {
        private Recipe() {}

        public static NeuralNetConfiguration.Builder of(TrainSettings settings, long iterations) {
            return of(settings, settings.learningRate(), iterations);
        }

        /** The same with another learning rate. */
        public static NeuralNetConfiguration.Builder of(
                TrainSettings settings, double learningRate, long iterations) {
            return new NeuralNetConfiguration.Builder()
                    .seed(settings.seed())
                    .weightInit(WeightInit.RELU)
                    .activation(Activation.RELU)
                    .l2(settings.weightDecay())
                    .updater(
                            new Nesterovs(
                                    falling(learningRate, 0, iterations), settings.momentum()));
        }

        /**
         * The initial rate times 1 - t^2, t from 0 to 1 over the run, in a hundred steps: high for
         * long, for rewired connections need it, and low at the end. ND4J's own polynomial schedule
         * rises where it should fall (1.0.0-M2.1), and a class of this module would keep plain DL4J
         * from loading the model.
         *
         * @param begin the iteration at which it begins to fall
         */
        public static ISchedule falling(double initial, long begin, long iterations) {
            MapSchedule.Builder schedule = new MapSchedule.Builder(ScheduleType.ITERATION);
            for (int percent = 99; percent >= 0; percent--) {
                // Short runs map several steps to one iteration: the earliest, added last, is kept.
                schedule.add(
                        (int) (begin + iterations * percent / 100),
                        initial * (1 - percent * percent / 1e4));
            }
            return schedule.add(0, initial).build();
        }

        /**
         * Sparse layers are built as such where connections are drawn at random, so that a dense
         * matrix never exists.
         */
        private static boolean isSparse(TrainSettings settings) {
            return settings.method().drawsTopologies();
        }

        /** A first hidden layer does without the gradient at its input, the examples. */
        static Layer hidden(TrainSettings settings, String name, int width, boolean inputGradient) {
            return isSparse(settings)
                    ? new SparseDenseLayer.Builder()
                            .name(name)
                            .nOut(width)
                            .inputGradient(inputGradient)
                            .build()
                    : new DenseLayer.Builder().name(name).nOut(width).build();
        }

        static Layer convolution(TrainSettings settings, String name, int channels) {
            return isSparse(settings)
                    ? convolution(new SparseConvolutionLayer.Builder(3, 3), name, channels).build()
                    : convolution(new ConvolutionLayer.Builder(3, 3), name, channels).build();
        }

        private static <B extends ConvolutionLayer.BaseConvBuilder<B>> B convolution(
                B builder, String name, int channels) {
            return builder.name(name).nOut(channels).convolutionMode(ConvolutionMode.Same);
        }

        static Layer output(TrainSettings settings, int classes) {
            return isSparse(settings)
                    ? new SparseOutputLayer.Builder(LossFunction.MCXENT)
                            .name("output")
                            .nOut(classes)
                            .activation(Activation.SOFTMAX)
                            .build()
                    : new OutputLayer.Builder(LossFunction.MCXENT)
                            .name("output")
                            .nOut(classes)
                            .activation(Activation.SOFTMAX)
                            .build();
        }

        public static Network network(
                TrainSettings settings, NeuralNetConfiguration.ListBuilder layers) {
            MultiLayerConfiguration configuration = layers.build();
            if (isSparse(settings)) {
                Sparsity.of(settings.method().firstSparsity(settings.sparsity()))
                        .by(settings.distribution())
                        .applyTo(configuration);
            }
            MultiLayerNetwork network = new MultiLayerNetwork(configuration);
            network.init();
            return new Network(network);
        }
    }

    /**
     * A network of the user's own, trained as it is: its updater, its sparse layers if it has any.
     */
    record FromFile(Path file) implements ModelSpec {
        @Override
        public Network create(TrainSettings settings, LabeledExamples examples, long iterations) {
            GivenModel model = new GivenModel("--model", file);
            Network network = file.toString().endsWith(".json") ? model.initialize() : model.load();
            if (network.weights().isEmpty()) {
                throw new IllegalArgumentException("--model: %s has no weights".formatted(file));
            }
            model.requireFit(network, examples, settings.dataset());
            network.resetCounters(); // and with them the schedules of a model that was trained
            return network;
        }
    }
}
