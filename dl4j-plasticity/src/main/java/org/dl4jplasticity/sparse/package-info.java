/**
 * Dynamic sparse training: connections are dropped and grown while a network trains. {@link
 * org.dl4jplasticity.sparse.DynamicSparseTraining} is a DL4J listener composed of an update
 * schedule, a drop fraction, a drop criterion, a grow criterion and a growth initialization; the
 * published methods are such compositions, and a criterion of one's own is a lambda. Rules see
 * weights through {@link org.dl4jplasticity.sparse.PlasticWeights} alone. {@link
 * org.dl4jplasticity.sparse.LatentWeightTraining} is for methods whose trained weights are not
 * those the network computes with.
 */
package org.dl4jplasticity.sparse;
