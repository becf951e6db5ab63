/**
 * DL4J layers whose weight matrices are sparse: parameter "W" is the vector of active values and
 * nothing else, so gradients and optimizer state are as small. The topology is part of the layer's
 * configuration; whatever copies or saves a configuration carries it. {@link
 * org.dl4jplasticity.layers.ActivationPruningLayer} has no weights: it prunes the activations of
 * any layer before it, at run time.
 */
package org.dl4jplasticity.layers;
