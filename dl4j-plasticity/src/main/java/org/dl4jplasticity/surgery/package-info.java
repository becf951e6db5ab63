/**
 * Changing an initialized network in place. {@link org.dl4jplasticity.surgery.NetworkSurgery} adds
 * units to layers and takes them away; {@link org.dl4jplasticity.surgery.Units} are a layer's units
 * as the rows and columns of parameters they are. {@link org.dl4jplasticity.surgery.PlasticNetwork}
 * is the one view of DL4J's two network classes that the rules of this project work through.
 *
 * <p>A change of units is an index map. {@code LayerAxes} knows which axes of a layer's parameters
 * count its inputs and its units, {@code WidthPropagation} how the map travels through a network,
 * and {@code ResizedParameter} applies it to values, optimizer slots and sparse connections alike.
 */
package org.dl4jplasticity.surgery;
