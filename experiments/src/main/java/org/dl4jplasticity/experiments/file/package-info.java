/** A command and its options, written into a file: {@code plasticity run experiment.yaml}. */
package org.dl4jplasticity.experiments.file;
