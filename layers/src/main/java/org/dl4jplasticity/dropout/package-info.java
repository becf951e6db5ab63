/**
 * Dropout in DL4J's own shape: what acts on a layer's input while it trains. {@link
 * org.dl4jplasticity.dropout.UnitGates} lets some units through at random, more of them as time
 * goes by, or none of them.
 */
package org.dl4jplasticity.dropout;
