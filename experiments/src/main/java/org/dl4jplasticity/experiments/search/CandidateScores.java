package org.dl4jplasticity.experiments.search;

/**
 * How the trained network of a candidate did.
 *
 * @param validationAccuracy share of validation examples classified right, in [0, 1]: what
 *     candidates are chosen by
 * @param validationLoss cross entropy of them
 * @param activeWeights weights that exist, biases left out
 * @param totalWeights weights that a dense network of the same shape has
 * @param parameters numbers of the network's parameter vector
 * @param trainSeconds time spent in training steps
 */
record CandidateScores(
        double validationAccuracy,
        double validationLoss,
        long activeWeights,
        long totalWeights,
        long parameters,
        double trainSeconds) {}
