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
 * {@link org.dl4jplasticity.pruning.DepthPruning} removes whole layers and residual branches, those
 * without which the network represents examples as it did; {@link
 * org.dl4jplasticity.pruning.LayerRemoval} those one names, {@link
 * org.dl4jplasticity.pruning.LinearMerging} makes one layer of two with no activation function in
 * between, and a {@link org.dl4jplasticity.pruning.TranslatorConvolution} stands for a whole block.
 *
 * <p>{@link org.dl4jplasticity.pruning.IterativePruning} takes a share of a trained network's
 * connections level by level, and a {@link org.dl4jplasticity.pruning.LotteryTicket} trains what is
 * left over from its initial values: lottery tickets and their controls.
 */
package org.dl4jplasticity.pruning;
