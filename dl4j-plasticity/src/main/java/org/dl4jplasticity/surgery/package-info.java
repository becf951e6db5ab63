/**
 * Changing an initialized network. {@link org.dl4jplasticity.surgery.NetworkSurgery} adds units to
 * layers in place and takes them away; {@link org.dl4jplasticity.surgery.Units} are a layer's units
 * as the rows and columns of parameters they are. {@link org.dl4jplasticity.surgery.PlasticNetwork}
 * is the one view of DL4J's two network classes that the rules of this project work through. {@link
 * org.dl4jplasticity.surgery.NetworkOutline} is for what can't be done in place: layers taken out,
 * put in or connected otherwise make a new network, to which the numbers of the others are carried.
 *
 * <p>A change of units is an index map. {@code LayerAxes} knows which axes of a layer's parameters
 * count its inputs and its units, {@code WidthPropagation} how the map travels through a network,
 * and {@code ResizedParameter} applies it to values, optimizer slots and sparse connections alike.
 */
package org.dl4jplasticity.surgery;
