/**
 * Pruning: weights removed for good. {@link org.dl4jplasticity.pruning.Pruning} finds a sparse
 * network before training or in a trained one: a {@link org.dl4jplasticity.pruning.ConnectionScore}
 * rates every connection, the best of the whole network or of each layer stay, one by one, in
 * {@linkplain org.dl4jplasticity.pruning.Granularity blocks} or in the pattern {@linkplain
 * org.dl4jplasticity.pruning.NofM N:M}, at once or in rounds, and masks are laid over the rest.
 * {@link org.dl4jplasticity.pruning.LayerCollapse} tells whether a network has fallen apart. {@link
 * org.dl4jplasticity.pruning.Narrowing} removes whole units, neurons or channels, from a network at
 * any time: those that a {@link org.dl4jplasticity.pruning.UnitScore} calls least, dead ones,
 * duplicates, and those that are similar to others. {@link
 * org.dl4jplasticity.pruning.GradualPruning} does either little by little while a network trains.
 *
 * <p>{@link org.dl4jplasticity.pruning.IterativePruning} takes a share of a trained network's
 * connections level by level, and a {@link org.dl4jplasticity.pruning.LotteryTicket} trains what is
 * left over from its initial values: lottery tickets and their controls.
 */
package org.dl4jplasticity.pruning;
