/**
 * The command {@code grow}: networks whose widths change while they train, beside their controls.
 */
package org.dl4jplasticity.experiments.grow;
