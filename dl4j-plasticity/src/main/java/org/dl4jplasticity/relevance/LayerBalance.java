package org.dl4jplasticity.relevance;

/**
 * What became of the relevance of a layer's outputs, summed over the examples: {@code received =
 * kept + bias + stabilizer} to rounding.
 *
 * @param layerId the layer's index in a MultiLayerNetwork, its vertex' name in a ComputationGraph
 * @param received the relevance of its outputs
 * @param kept what it gave to its inputs
 * @param bias what its biases absorbed, {@code sum_j b_j R_j / D_j} with the denominators D of its
 *     rule; that of merged batch normalization is among them
 * @param stabilizer what its stabilizer absorbed, and all the relevance of outputs whose
 *     denominator is 0
 */
public record LayerBalance(
        String layerId, double received, double kept, double bias, double stabilizer) {}
