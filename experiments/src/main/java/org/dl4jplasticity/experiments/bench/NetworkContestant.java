package org.dl4jplasticity.experiments.bench;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.updater.FusedUpdater;
import org.nd4j.linalg.dataset.DataSet;

/**
 * A network that is timed: one {@code fit} of a minibatch, or its output.
 *
 * @param network to be timed
 * @param minibatch the same one at every step
 */
record NetworkContestant(Network network, DataSet minibatch) implements Workload.Contestant {

    /** {@return a packed network, whose parameters are updated by this library} */
    static NetworkContestant packed(Network network, DataSet minibatch) {
        FusedUpdater.install(network.model());
        return new NetworkContestant(network, minibatch);
    }

    /** DL4J's own {@code fit}: {@link Network#fit} would update a dense network our way too. */
    @Override
    public void train() {
        if (network.model() instanceof MultiLayerNetwork sequence) {
            sequence.fit(minibatch);
        } else {
            ((ComputationGraph) network.model()).fit(minibatch);
        }
    }

    @Override
    public void infer() {
        network.output(minibatch.getFeatures());
    }
}
