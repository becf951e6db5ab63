/**
 * The command {@code dropout}: every technique of the dropout family that a perceptron can have,
 * trained alike, and a table of what each came to.
 */
package org.dl4jplasticity.experiments.dropout;
