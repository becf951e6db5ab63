/**
 * The command line, one package for each experiment. A command is a picocli class that turns its
 * options into one record of settings and hands that to the class that does the work.
 */
package org.dl4jplasticity.experiments;
