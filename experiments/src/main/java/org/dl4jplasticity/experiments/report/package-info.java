/**
 * Pages for people: a run's folder told as {@code report.html}, one file with its pictures in it,
 * and every figure as PNG and CSV beside it.
 *
 * <p>A page is made from the files of the folder alone, so that it can be made anew at any time.
 * Each {@link org.dl4jplasticity.experiments.report.Section} tells what it finds the files of, and
 * is silent otherwise.
 */
package org.dl4jplasticity.experiments.report;
