/**
 * The layers of the package above at work: what DL4J instantiates from their configurations. {@link
 * org.dl4jplasticity.layers.runtime.LayerComputation} is the mathematics of a sparse layer, on heap
 * arrays or in ND4J operations; the layer classes fit it into DL4J's forward and backward passes.
 */
package org.dl4jplasticity.layers.runtime;
