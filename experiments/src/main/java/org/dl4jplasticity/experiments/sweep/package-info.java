/** The command {@code sweep}: methods against sparsities and seeds, and their table. */
package org.dl4jplasticity.experiments.sweep;
