/**
 * Changing an initialized network in place. {@link org.dl4jplasticity.surgery.PlasticNetwork} is
 * the one view of DL4J's two network classes that the rules of this project work through.
 */
package org.dl4jplasticity.surgery;
