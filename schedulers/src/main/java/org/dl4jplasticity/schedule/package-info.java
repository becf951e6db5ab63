/**
 * When a network's structure changes, by how much, and where: plain Java over numbers, with no
 * dependency, so that every definition can be tested without a network.
 *
 * <ul>
 *   <li><em>When</em>: {@link org.dl4jplasticity.schedule.UpdateSchedule}, the iterations or epochs
 *       at which connections are dropped and grown.
 *   <li><em>How much</em>: {@link org.dl4jplasticity.schedule.DropFraction}, the share of the
 *       active weights one update replaces, and {@link
 *       org.dl4jplasticity.schedule.SparsitySchedule}, the sparsity to reach over time.
 *   <li><em>Where</em>: {@link org.dl4jplasticity.schedule.SparsityDistribution}, how one sparsity
 *       for a network becomes an exact number of active connections for each {@link
 *       org.dl4jplasticity.schedule.LayerShape}.
 * </ul>
 *
 * <p>Every type is an immutable value that refuses a number out of range with a sentence naming the
 * range and the number. Iterations and epochs are counted from 0, as Deeplearning4j counts them.
 */
package org.dl4jplasticity.schedule;
