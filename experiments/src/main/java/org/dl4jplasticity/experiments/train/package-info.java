/**
 * The command {@code train}: one network trained by one method, and the settings and the report
 * that other experiments share with it.
 */
package org.dl4jplasticity.experiments.train;
