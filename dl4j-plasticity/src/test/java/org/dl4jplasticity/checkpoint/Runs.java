package org.dl4jplasticity.checkpoint;

import java.util.List;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.dl4jplasticity.layers.Sparsity;
import org.dl4jplasticity.sparse.DynamicSparseTraining;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Small runs of 3 epochs of 5 batches, with all that keeps a state. */
final class Runs {
    static final int EPOCHS = 3;
    static final List<DataSet> BATCHES = Examples.batches(5, 8, 6, DataType.FLOAT);

    private Runs() {}

    /** {@return masked weights with dropout and a norm that binds, then normalization} */
    private static Layer[] layers(Layer third) {
        return new Layer[] {
            new DenseLayer.Builder()
                    .nIn(6)
                    .nOut(9)
                    .dropOut(0.8)
                    .activation(Activation.TANH)
                    .constrainWeights(new MaxNormConstraint(0.9, 1))
                    .build(),
            new BatchNormalization.Builder().nIn(9).nOut(9).build(),
            third,
            new OutputLayer.Builder(LossFunction.MCXENT)
                    .nIn(7)
                    .nOut(3)
                    .activation(Activation.SOFTMAX)
                    .build()
        };
    }

    private static TinyNetwork network(NetworkClass type, IUpdater updater, Layer third) {
        NeuralNetConfiguration.Builder settings =
                NetworkClass.settings(DataType.FLOAT, updater, 11).l2(1e-3);
        TinyNetwork network = type.of(settings, layers(third));
        Sparsity.of(0.5).seed(3).applyTo(network.model());
        return network;
    }

    /** {@return a network of masked and packed weights} */
    static TinyNetwork mixed(NetworkClass type, IUpdater updater) {
        return network(type, updater, NetworkClass.sparse(9, 7, 0.4).build());
    }

    /** {@return a network of masked weights alone} */
    static TinyNetwork masked(NetworkClass type, IUpdater updater) {
        return network(type, updater, new DenseLayer.Builder().nIn(9).nOut(7).build());
    }

    static TinyNetwork mixed() {
        return mixed(NetworkClass.SEQUENTIAL, new Adam(0.03));
    }

    static DynamicSparseTraining rigl() {
        return DynamicSparseTraining.rigl().updateEvery(2).until(12).build();
    }

    static void fit(TinyNetwork network, DataSetIterator batches) {
        ((NeuralNetwork) network.model()).fit(batches);
    }

    /** Trains on the rest of an epoch and all epochs that follow. */
    static void fitFrom(TinyNetwork network, DataOrder order) {
        int next = order.epoch();
        if (order.batches() > 0) {
            fit(
                    network,
                    RemainingBatches.after(new ExistingDataSetIterator(BATCHES), order.batches()));
            next++;
        }
        network.fit(BATCHES, EPOCHS - next);
    }

    /** Everything that a run ends with; equal ends are equal bit for bit. */
    record End(
            List<Float> parameters,
            List<Float> optimizer,
            int iteration,
            int epoch,
            String topologies,
            String training,
            RandomState random) {}

    static End end(TinyNetwork network, ResumableTraining training) {
        return new End(
                floats(network.parameters().toFloatVector()),
                floats(network.state().toFloatVector()),
                network.iteration(),
                network.epoch(),
                PlasticNetwork.of(network.model()).topologies().toString(),
                training.save().toString(),
                RandomState.now());
    }

    private static List<Float> floats(float[] values) {
        Float[] boxed = new Float[values.length];
        for (int i = 0; i < values.length; i++) {
            boxed[i] = values[i];
        }
        return List.of(boxed);
    }
}
