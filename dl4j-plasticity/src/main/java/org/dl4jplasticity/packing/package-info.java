/**
 * Between the two forms of sparse weights: a masked dense layer becomes a packed one, and back,
 * with its weights, optimizer state and configuration, and a network of either kind becomes one of
 * DL4J's own classes alone. {@link org.dl4jplasticity.packing.Packing} does all of it.
 */
package org.dl4jplasticity.packing;
