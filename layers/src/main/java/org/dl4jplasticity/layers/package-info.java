/**
 * DL4J layers whose weight matrices are sparse: parameter "W" is the vector of active values and
 * nothing else, so gradients and optimizer state are as small. The topology is part of the layer's
 * configuration; whatever copies or saves a configuration carries it.
 */
package org.dl4jplasticity.layers;
