/**
 * Fine-tuning with few parameters: low-rank adapters on the dense layers of a network that was
 * trained before, with dropout of their own. {@link org.dl4jplasticity.adapter.LowRankAdapters}
 * puts them on and merges them into the weights; {@link
 * org.dl4jplasticity.adapter.LowRankDenseLayer} is a layer that has one.
 */
package org.dl4jplasticity.adapter;
