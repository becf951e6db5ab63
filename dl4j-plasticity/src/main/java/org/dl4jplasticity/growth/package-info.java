/**
 * Units that come, go and start anew while a network trains. {@link
 * org.dl4jplasticity.growth.DropIn} adds them when the loss stalls or new data arrives, where a
 * {@link org.dl4jplasticity.growth.LayerChoice} says; {@link org.dl4jplasticity.growth.NewUnits} is
 * what they start with. At constant width {@link org.dl4jplasticity.growth.DormantUnits} recycles
 * units that say nothing, and {@link org.dl4jplasticity.growth.ContinualBackprop} those of least
 * utility; {@link org.dl4jplasticity.growth.PlasticityMetrics} tells how much of its ability to
 * learn a network has kept.
 */
package org.dl4jplasticity.growth;
