/** The command {@code prune}: a trained network made smaller by the criteria asked for. */
package org.dl4jplasticity.experiments.prune;
