/**
 * The dropout family in DL4J's own shape: what disturbs a network while it trains, put where DL4J
 * accepts it already. Draws come from a seed of each part's own and the number of iterations done;
 * all of it is saved with the configuration, and copies share nothing that changes.
 *
 * <table>
 * <caption>Which technique is where</caption>
 * <tr><th>technique</th><th>class</th><th>put into a layer by</th></tr>
 * <tr><td>dropout, scaled in training (Srivastava 2014)</td>
 *     <td>DL4J's {@code Dropout}</td><td>{@code dropOut}</td></tr>
 * <tr><td>dropout as published, scaled at inference (Algorithm 2)</td>
 *     <td>{@link org.dl4jplasticity.dropout.UnscaledDropout} and
 *     {@link org.dl4jplasticity.dropout.ScaledAtInference}</td>
 *     <td>{@code dropOut} and {@code weightNoise}</td></tr>
 * <tr><td>spatial dropout (Tompson 2015)</td>
 *     <td>DL4J's {@code SpatialDropout}</td><td>{@code dropOut}</td></tr>
 * <tr><td>Gaussian dropout (Srivastava 2014, sec. 10)</td>
 *     <td>DL4J's {@code GaussianDropout}</td><td>{@code dropOut}</td></tr>
 * <tr><td>alpha dropout, for SELU (Klambauer 2017)</td>
 *     <td>DL4J's {@code AlphaDropout}</td><td>{@code dropOut}</td></tr>
 * <tr><td>additive noise</td>
 *     <td>DL4J's {@code GaussianNoise}, {@code WeightNoise}</td>
 *     <td>{@code dropOut}, {@code weightNoise}</td></tr>
 * <tr><td>continuous dropout (Shen 2018)</td>
 *     <td>{@link org.dl4jplasticity.dropout.ContinuousDropout}</td><td>{@code dropOut}</td></tr>
 * <tr><td>controlled dropout, its mask (Ko 2017)</td>
 *     <td>{@link org.dl4jplasticity.dropout.ControlledDropout}</td><td>{@code dropOut}</td></tr>
 * <tr><td>controlled dropout with the smaller matrices (Ko 2017)</td>
 *     <td>{@link org.dl4jplasticity.dropout.ControlledDenseLayer}</td><td>a layer</td></tr>
 * <tr><td>excitation dropout (Zunino 2021)</td>
 *     <td>{@link org.dl4jplasticity.dropout.ExcitationDropout}</td>
 *     <td>{@code dropOut}, and a listener that tells relevance</td></tr>
 * <tr><td>concrete dropout (Gal 2017)</td>
 *     <td>{@link org.dl4jplasticity.dropout.ConcreteDropout}</td>
 *     <td>{@code dropOut}, and {@link org.dl4jplasticity.dropout.DropoutTraining}</td></tr>
 * <tr><td>generalized dropout, Dropout++ (Srinivas 2016)</td>
 *     <td>{@link org.dl4jplasticity.dropout.GeneralizedDropout} and
 *     {@link org.dl4jplasticity.dropout.ScaledAtInference}</td>
 *     <td>{@code dropOut}, {@code weightNoise}, and
 *     {@link org.dl4jplasticity.dropout.DropoutTraining}</td></tr>
 * <tr><td>curriculum dropout (Morerio 2017)</td>
 *     <td>{@link org.dl4jplasticity.dropout.CurriculumKeep}</td>
 *     <td>a schedule of DL4J's {@code Dropout} or of ours</td></tr>
 * <tr><td>dynamic dropout (Yan 2024)</td>
 *     <td>{@link org.dl4jplasticity.dropout.LinearKeep},
 *     {@link org.dl4jplasticity.dropout.ExponentialKeep},
 *     {@link org.dl4jplasticity.dropout.ValidationKeep}</td>
 *     <td>a schedule of DL4J's {@code Dropout} or of ours</td></tr>
 * <tr><td>DropConnect (Wan 2013)</td>
 *     <td>{@link org.dl4jplasticity.dropout.MaskedDropConnect}; DL4J's {@code DropConnect} neither
 *     scales nor masks the gradient</td>
 *     <td>{@code weightNoise}, and {@link org.dl4jplasticity.dropout.DropoutTraining}</td></tr>
 * <tr><td>DropConnect's inference by moments (Wan 2013)</td>
 *     <td>{@link org.dl4jplasticity.dropout.GaussianMoments}</td><td>{@code activation}</td></tr>
 * <tr><td>maxout with its dropout (Goodfellow 2013)</td>
 *     <td>{@link org.dl4jplasticity.dropout.MaxoutLayer}</td>
 *     <td>a layer, and DL4J's {@code Dropout} of its input</td></tr>
 * <tr><td>fast dropout (Wang 2013)</td>
 *     <td>{@link org.dl4jplasticity.dropout.FastDropoutLayer}</td><td>a layer</td></tr>
 * <tr><td>variational dropout (Kingma 2015), sparse variational dropout (Molchanov 2017)</td>
 *     <td>{@link org.dl4jplasticity.dropout.VariationalDenseLayer},
 *     {@link org.dl4jplasticity.dropout.VariationalPruning}</td><td>a layer</td></tr>
 * <tr><td>activation by interval-wise dropout (Park 2025)</td>
 *     <td>{@link org.dl4jplasticity.dropout.IntervalDropout}</td><td>{@code activation}</td></tr>
 * <tr><td>R-Drop (Liang 2021)</td>
 *     <td>{@link org.dl4jplasticity.dropout.RDropLoss} and
 *     {@link org.dl4jplasticity.dropout.DoubledBatch}</td>
 *     <td>the loss, and the iterator's preprocessor</td></tr>
 * <tr><td>recurrent dropout without memory loss (Semeniuta 2016)</td>
 *     <td>{@link org.dl4jplasticity.dropout.RecurrentDropoutLSTM}</td><td>the layer</td></tr>
 * <tr><td>low-rank adapters with LoRA dropout (Lin 2024)</td>
 *     <td>{@link org.dl4jplasticity.adapter.LowRankAdapters}</td>
 *     <td>a trained network, or the layer</td></tr>
 * <tr><td>DropKAN, in Kolmogorov-Arnold networks (Altarabichi 2024)</td>
 *     <td>{@link org.dl4jplasticity.kan.KolmogorovArnoldLayer}</td><td>the layer</td></tr>
 * <tr><td>dropped attention weights and feed-forward units, on schedules (Yan 2024)</td>
 *     <td>{@link org.dl4jplasticity.transformer.TransformerBlockLayer}</td><td>the layer</td></tr>
 * <tr><td>conditioning dropout, that of DOSE (Tai 2023)</td>
 *     <td>{@link org.dl4jplasticity.dropout.ConditioningDropoutVertex}</td>
 *     <td>a graph's vertex</td></tr>
 * <tr><td>dropin of new units (Li 2025)</td>
 *     <td>{@link org.dl4jplasticity.dropout.UnitGates}</td>
 *     <td>{@code dropOut}, by a rule of growth</td></tr>
 * </table>
 *
 * <p>All work on dense, convolution and recurrent layers and on sparse ones, in both network
 * classes, but for what their own pages say: what is a layer is a dense one, scaling at inference
 * is for some kinds of layers, shares of excitation for inputs whose size stays, R-Drop for softmax
 * over classes.
 */
package org.dl4jplasticity.dropout;
