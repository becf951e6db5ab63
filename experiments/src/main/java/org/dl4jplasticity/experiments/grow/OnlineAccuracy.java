package org.dl4jplasticity.experiments.grow;

import org.dl4jplasticity.experiments.run.Network;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.DataSetPreProcessor;

/** Has a network classify each batch before it is trained on it. */
final class OnlineAccuracy implements DataSetPreProcessor {
    private static final long serialVersionUID = 1;

    private final transient Network network;
    private long right;
    private long seen;

    OnlineAccuracy(Network network) {
        this.network = network;
    }

    @Override
    public void preProcess(DataSet batch) {
        right += network.correct(batch.getFeatures(), batch.getLabels());
        seen += batch.numExamples();
    }

    /** {@return the share of all examples so far that were classified right} */
    double share() {
        return (double) right / seen;
    }
}
