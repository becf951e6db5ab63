/**
 * What changes in a network's structure, in the storage of DL4J's training UI. A {@link
 * org.dl4jplasticity.statistics.StructureListener} beside DL4J's own statistics listener posts
 * widths, active connections, and connections dropped and grown, and keeps the page of the model up
 * to date when widths change. It is a module of its own, for the library does without DL4J's UI.
 */
package org.dl4jplasticity.statistics;
