/**
 * The command {@code search}: training runs whose settings are drawn from a space, one after the
 * other, and what came of them. Candidates are proposed by Arbiter 1.0.0-beta7, which nothing
 * outside of this package may know, and nothing in it but the classes below {@link Explorer}.
 */
package org.dl4jplasticity.experiments.search;
