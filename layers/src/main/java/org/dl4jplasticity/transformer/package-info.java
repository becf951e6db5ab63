/**
 * A small transformer: {@link org.dl4jplasticity.transformer.TransformerBlockLayer}, a layer of
 * self-attention and a feed-forward part, whose two dropouts follow schedules.
 */
package org.dl4jplasticity.transformer;
