/**
 * What is measured against what a user would pick instead. {@link
 * org.dl4jplasticity.benchmarks.ArenaContestant} puts dense DL4J and this project's packed networks
 * into the arena, whose driver (in Python) lets processes take turns over a {@link
 * org.dl4jplasticity.benchmarks.LineProtocol}; {@link org.dl4jplasticity.benchmarks.KernelTable}
 * measures the kernels by JMH beside the two roofs of the machine.
 */
package org.dl4jplasticity.benchmarks;
