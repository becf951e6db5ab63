/** The command {@code lottery}: tickets found by iterative pruning, beside their controls. */
package org.dl4jplasticity.experiments.lottery;
