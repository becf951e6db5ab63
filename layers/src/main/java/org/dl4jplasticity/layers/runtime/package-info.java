/**
 * The sparse layers at work: what DL4J instantiates from the configurations of the package above.
 * {@link org.dl4jplasticity.layers.runtime.LayerComputation} is the mathematics of one layer, on
 * heap arrays or in ND4J operations; the layer classes fit it into DL4J's forward and backward
 * passes.
 */
package org.dl4jplasticity.layers.runtime;
