/**
 * Masks: topologies laid over the dense weights of DL4J's own layers. {@link
 * org.dl4jplasticity.mask.MaskableWeights} finds the weight matrices and kernels of a network, a
 * {@link org.dl4jplasticity.mask.WeightFilter} chooses among them, and {@link
 * org.dl4jplasticity.mask.WeightMask} carries a layer's masks in its configuration as a constraint,
 * so that saving, loading, cloning, early stopping and transfer learning keep them.
 */
package org.dl4jplasticity.mask;
