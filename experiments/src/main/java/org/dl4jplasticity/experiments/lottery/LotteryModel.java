package org.dl4jplasticity.experiments.lottery;

import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInitXavier;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.experiments.train.ModelSpec;
import org.nd4j.linalg.learning.config.Adam;

/**
 * How Frankle and Carbin 2019 (fig. 2) train a model: Adam at a constant rate, weights drawn from
 * Glorot's normal distribution, no penalty on weights.
 *
 * @param name the model's name on the command line
 * @param learningRate of Adam
 * @param iterations of a training
 * @param convolutionRate share of a convolution's kernels that a level prunes
 */
record LotteryModel(String name, double learningRate, int iterations, double convolutionRate) {

    /**
     * {@return a model with the paper's settings; multi-layer perceptrons have those of LeNet, and
     * VGG-11, which the paper hasn't got, those of conv-6}
     *
     * @throws IllegalArgumentException if the name is none of a model that is built here
     */
    static LotteryModel of(String name) {
        if (ModelSpec.parse(name) instanceof ModelSpec.FromFile) {
            throw new IllegalArgumentException(
                    ("--model must be lenet-300-100, conv-2, conv-4, conv-6, vgg-11 or mlp:WIDTHS,"
                                    + " whose weights can be drawn from each seed, got '%s'")
                            .formatted(name));
        }
        return switch (name) {
            case "conv-2" -> new LotteryModel(name, 2e-4, 20_000, 0.1);
            case "conv-4" -> new LotteryModel(name, 3e-4, 25_000, 0.1);
            case "conv-6", "vgg-11" -> new LotteryModel(name, 3e-4, 30_000, 0.15);
            default -> new LotteryModel(name, 1.2e-3, 50_000, 0.2);
        };
    }

    /**
     * {@return an initialized network}
     *
     * @param settings of the run
     * @param seed of its weights
     * @param examples what it is to learn
     */
    static Network create(LotterySettings settings, long seed, LabeledExamples examples) {
        Network model =
                ModelSpec.parse(settings.model())
                        .create(settings.training(seed), examples, settings.iterations());
        MultiLayerConfiguration configuration =
                MultiLayerConfiguration.fromJson(
                        ((MultiLayerNetwork) model.model()).getLayerWiseConfigurations().toJson());
        for (NeuralNetConfiguration each : configuration.getConfs()) {
            if (each.getLayer() instanceof BaseLayer layer) {
                layer.setIUpdater(new Adam(settings.learningRate()));
                layer.setWeightInitFn(new WeightInitXavier());
            }
        }
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        return new Network(network);
    }
}
