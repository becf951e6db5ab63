/**
 * When a network's structure changes, by how much, and where: update schedules, drop fractions,
 * sparsity over time, and the distribution of a sparsity over layers. Plain Java over numbers, with
 * no dependency, so that every definition can be tested without a network.
 */
package org.dl4jplasticity.schedule;
