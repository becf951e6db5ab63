package org.dl4jplasticity.benchmarks;

/** What the arena asks of a contestant. */
interface Contestant {
    /** {@return what computes, with versions, in one line} */
    String state();

    /** Makes one training step on a minibatch that is always the same. */
    void step();

    /**
     * {@return inference on a batch: each run makes class probabilities}
     *
     * @param batch number of examples
     */
    Runnable inference(int batch);

    /** Trains on every training example once. */
    Epoch epoch();

    /**
     * How an epoch went.
     *
     * @param seconds in training
     * @param accuracy on test examples after it, in [0, 1]
     */
    record Epoch(double seconds, double accuracy) {}
}
