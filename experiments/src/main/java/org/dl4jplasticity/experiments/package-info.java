/**
 * The command line and what it runs: training runs, benchmarks and fetching of data. Each command
 * is a picocli class that turns its options into one record of settings and hands that to the class
 * that does the work.
 */
package org.dl4jplasticity.experiments;
