package org.dl4jplasticity.relevance;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The relevance that passed the weights of a layer, in the shape of its parameter "W": [inputs,
 * outputs] of dense layers, [output channels, input channels, height, width] of convolutions, and
 * the vector of active values, in their order, of this project's sparse layers. Doubles.
 *
 * <p>The messages are those of the layer's rule, {@code a_i w_ij R_j / (z_j + epsilon s(z_j))} for
 * LRP-epsilon; those of a kernel's entry are summed over the positions it is moved to.
 *
 * @param layerId the layer's index in a MultiLayerNetwork, its vertex' name in a ComputationGraph
 * @param mean the mean over examples of the messages
 * @param meanAbsolute the mean over examples of their absolute values; of a kernel's entry the
 *     absolute values are summed
 */
public record WeightRelevance(String layerId, INDArray mean, INDArray meanAbsolute) {}
