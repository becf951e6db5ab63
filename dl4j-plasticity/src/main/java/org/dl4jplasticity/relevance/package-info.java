/**
 * Layer-wise relevance propagation (LRP): how much each input, neuron and weight of a trained
 * network contributed to what it says (Bach et al. 2015, <em>On Pixel-Wise Explanations for
 * Non-Linear Classifier Decisions by Layer-Wise Relevance Propagation</em>; Montavon et al. 2019,
 * <em>Layer-Wise Relevance Propagation: An Overview</em>).
 *
 * <p>{@link org.dl4jplasticity.relevance.Relevance} explains a network's logits: a {@link
 * org.dl4jplasticity.relevance.RelevanceStart} puts relevance on them, a {@link
 * org.dl4jplasticity.relevance.RelevanceComposite} gives each layer its {@link
 * org.dl4jplasticity.relevance.RelevanceRule}, and an {@link
 * org.dl4jplasticity.relevance.Explanation} holds what reached the inputs. What growth and pruning
 * need, one score per layer and neuron, is {@link org.dl4jplasticity.relevance.LayerRelevance};
 * {@link org.dl4jplasticity.relevance.HeatMap} draws the relevance of an image. {@link
 * org.dl4jplasticity.relevance.ExcitationSaliency} tells excitation dropout what to drop.
 *
 * <p>Everything is computed in double precision from a copy of the parameters: the network is only
 * read, never run.
 */
package org.dl4jplasticity.relevance;
