/**
 * Pruning: weights removed for good. {@link org.dl4jplasticity.pruning.PruningAtInitialization}
 * finds a sparse network before any training: a {@link org.dl4jplasticity.pruning.ConnectionScore}
 * rates every connection (SNIP, GraSP and SynFlow are three of them), the best of the whole network
 * stay, at once or in rounds, and masks are laid over the rest. {@link
 * org.dl4jplasticity.pruning.Narrowing} removes whole units, neurons or channels, from a network at
 * any time: those that a {@link org.dl4jplasticity.pruning.UnitScore} calls least, dead ones and
 * duplicates.
 *
 * <p>{@link org.dl4jplasticity.pruning.IterativePruning} takes a share of a trained network's
 * connections level by level, and a {@link org.dl4jplasticity.pruning.LotteryTicket} trains what is
 * left over from its initial values: lottery tickets and their controls.
 */
package org.dl4jplasticity.pruning;
