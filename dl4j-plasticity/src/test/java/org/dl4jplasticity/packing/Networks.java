package org.dl4jplasticity.packing;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.constraint.NonNegativeConstraint;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.dl4jplasticity.layers.Sparsity;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.mask.WeightFilter;
import org.dl4jplasticity.surgery.NetworkParameter;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Small trained networks with masks. */
final class Networks {
    private Networks() {}

    /**
     * {@return a network of 6 inputs and 3 classes, with masks of 60 percent of the weights over
     * all its dense layers, trained for five steps in two epochs}
     */
    static TinyNetwork masked(NetworkClass type, DataType dataType, IUpdater updater) {
        NeuralNetConfiguration.Builder settings =
                NetworkClass.settings(dataType, updater, 7)
                        .l2(0.01)
                        .biasUpdater(new Nesterovs(0.05, 0.8))
                        .gradientNormalization(GradientNormalization.ClipL2PerLayer)
                        .gradientNormalizationThreshold(20);
        TinyNetwork network = type.of(settings, layers(dataType));
        Sparsity.of(0.4).seed(5).applyTo(network.model());
        train(network, dataType);
        return network;
    }

    /** Layers that differ in everything a layer can differ in. */
    private static Layer[] layers(DataType dataType) {
        return new Layer[] {
            new DenseLayer.Builder()
                    .nIn(6)
                    .nOut(9)
                    .name("wide")
                    .activation(Activation.LEAKYRELU)
                    .dropOut(0.8)
                    .weightInit(WeightInit.RELU)
                    .biasInit(0.1)
                    .constrainBias(new NonNegativeConstraint())
                    .build(),
            new BatchNormalization.Builder().nIn(9).nOut(9).build(),
            new DenseLayer.Builder()
                    .nIn(9)
                    .nOut(7)
                    .hasBias(false)
                    .activation(Activation.SOFTPLUS)
                    .updater(new RmsProp(0.01))
                    .l1(0.001)
                    .weightDecay(0.01)
                    .build(),
            new OutputLayer.Builder(
                            new LossMCXENT(
                                    Nd4j.createFromArray(0.5, 1.0, 2.0)
                                            .castTo(dataType)
                                            .reshape(1, 3)))
                    .nIn(7)
                    .nOut(3)
                    .activation(Activation.SOFTMAX)
                    .updater(new Adam(0.02))
                    .build()
        };
    }

    private static void train(TinyNetwork network, DataType dataType) {
        network.listen(new GradientMask());
        network.fit(Examples.batches(2, 8, 6, dataType), 2);
        network.fit(Examples.batches(1, 8, 6, dataType).get(0));
    }

    /** {@return an initialized network of 6 inputs and 3 classes with masks over all weights} */
    static MultiLayerNetwork masked(Layer... layers) {
        TinyNetwork network =
                NetworkClass.SEQUENTIAL.of(
                        NetworkClass.settings(DataType.FLOAT, new Adam(0.01), 3), layers);
        Sparsity.of(0.4).seed(5).applyTo(network.model());
        return (MultiLayerNetwork) network.model();
    }

    /** {@return a dense layer of 6 inputs and 8 units, changed in some way} */
    static DenseLayer dense(UnaryOperator<DenseLayer.Builder> change) {
        return change.apply(
                        new DenseLayer.Builder()
                                .nIn(6)
                                .nOut(8)
                                .name("hidden")
                                .activation(Activation.TANH))
                .build();
    }

    /** {@return an output layer of 8 inputs and 3 classes} */
    static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nIn(8)
                .nOut(3)
                .activation(Activation.SOFTMAX)
                .build();
    }

    /** {@return a convolution, a dense layer behind a preprocessor and an output, all masked} */
    static MultiLayerNetwork convolutional() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        NetworkClass.settings(DataType.FLOAT, new Adam(0.01), 3)
                                .list()
                                .layer(new ConvolutionLayer.Builder(2, 2).nOut(4).build())
                                .layer(new DenseLayer.Builder().nOut(8).build())
                                .layer(new OutputLayer.Builder().nOut(3).build())
                                .setInputType(InputType.convolutional(5, 5, 1))
                                .build());
        network.init();
        Sparsity.of(0.5).seed(2).applyTo(network);
        network.addListeners(new GradientMask());
        network.fit(images());
        return network;
    }

    /** {@return images for {@link #convolutional}, 4 of 5 x 5} */
    static DataSet images() {
        return new DataSet(
                numbers(1, 4, 1, 5, 5),
                Examples.batches(1, 4, 6, DataType.FLOAT).get(0).getLabels());
    }

    /**
     * {@return an LSTM, a dense layer at every time step and an output; all masked but the last}
     */
    static ComputationGraph recurrent() {
        ComputationGraph network =
                new ComputationGraph(
                        NetworkClass.settings(DataType.FLOAT, new Adam(0.01), 3)
                                .graphBuilder()
                                .addInputs("in")
                                .addLayer("lstm", new LSTM.Builder().nOut(6).build(), "in")
                                .addLayer("dense", new DenseLayer.Builder().nOut(8).build(), "lstm")
                                .addLayer(
                                        "out",
                                        new RnnOutputLayer.Builder(LossFunction.MSE)
                                                .nOut(3)
                                                .activation(Activation.IDENTITY)
                                                .build(),
                                        "dense")
                                .setOutputs("out")
                                .setInputTypes(InputType.recurrent(4))
                                .build());
        network.init();
        Sparsity.of(0.5).seed(2).only(WeightFilter.layerNamed("out").negate()).applyTo(network);
        network.addListeners(new GradientMask());
        network.fit(new DataSet(sequences(), numbers(2, 4, 3, 5)));
        return network;
    }

    /** {@return sequences for {@link #recurrent}, 4 of 4 x 5} */
    static INDArray sequences() {
        return numbers(3, 4, 4, 5);
    }

    private static INDArray numbers(long seed, long... shape) {
        SplittableRandom random = new SplittableRandom(seed);
        INDArray array = Nd4j.create(DataType.FLOAT, shape);
        for (long i = 0; i < array.length(); i++) {
            array.putScalar(i, random.nextDouble(-1, 1));
        }
        return array;
    }

    /** {@return the classes of a network's layers} */
    static List<Class<?>> layerClasses(Model network) {
        List<Class<?>> classes = new ArrayList<>();
        PlasticNetwork.of(network)
                .layers()
                .forEach(layer -> classes.add(layer.conf().getLayer().getClass()));
        return classes;
    }

    /** {@return a packed, unpacked or exported copy as the tests see networks} */
    static TinyNetwork copy(TinyNetwork network, Copying copying) {
        return new TinyNetwork(
                network.model() instanceof MultiLayerNetwork sequential
                        ? copying.of(sequential)
                        : copying.of((ComputationGraph) network.model()));
    }

    /** The three copies there are. */
    enum Copying {
        PACK,
        UNPACK,
        EXPORT;

        MultiLayerNetwork of(MultiLayerNetwork network) {
            return switch (this) {
                case PACK -> Packing.pack(network);
                case UNPACK -> Packing.unpack(network);
                case EXPORT -> Packing.export(network);
            };
        }

        ComputationGraph of(ComputationGraph network) {
            return switch (this) {
                case PACK -> Packing.pack(network);
                case UNPACK -> Packing.unpack(network);
                case EXPORT -> Packing.export(network);
            };
        }
    }

    /** Keeps inactive weights where they are: without a gradient. */
    static final class GradientMask extends BaseTrainingListener {
        @Override
        public void onGradientCalculation(Model model) {
            for (MaskableWeights weights : MaskableWeights.of(model)) {
                if (weights.mask().isPresent()) {
                    for (NetworkParameter parameter : PlasticNetwork.of(model).table()) {
                        if (parameter.layer() == weights.layer()
                                && parameter.name().equals(weights.parameter())) {
                            parameter.gradient().muli(weights.maskArray());
                        }
                    }
                }
            }
        }
    }
}
