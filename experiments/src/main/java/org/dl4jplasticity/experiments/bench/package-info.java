/**
 * The commands {@code bench} and {@code scale}: the time of a training step, contestants in turn.
 */
package org.dl4jplasticity.experiments.bench;
