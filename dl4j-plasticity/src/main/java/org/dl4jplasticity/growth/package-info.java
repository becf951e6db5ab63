/**
 * What new units of a layer start with. {@link org.dl4jplasticity.growth.NewUnits} has the methods:
 * random, with outgoing weights of zero, in pairs that cancel, as copies of others (Net2Wider), in
 * the directions the loss asks for (GradMax, TINY), orthogonal to what there is. The last three
 * look at a batch first; {@link org.dl4jplasticity.growth.GrowthStatistics} is what they see, and
 * {@link org.dl4jplasticity.growth.GrowthGain} what a layer's growth would be worth by it.
 */
package org.dl4jplasticity.growth;
