/**
 * Layers of Kolmogorov-Arnold networks: what is learned is a function on each edge, a spline, and
 * units only add. {@link org.dl4jplasticity.kan.KolmogorovArnoldLayer} is the layer, with the three
 * dropouts of DropKAN.
 */
package org.dl4jplasticity.kan;
