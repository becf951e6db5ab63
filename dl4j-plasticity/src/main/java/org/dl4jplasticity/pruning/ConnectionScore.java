package org.dl4jplasticity.pruning;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.dl4jplasticity.mask.MaskableWeights;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * How much each connection of an initialized network is worth: those of highest score stay. A score
 * only looks: the network, its optimizer, its listeners and ND4J's random generator are left as
 * they are. Dropout and weight noise are off while it looks.
 */
@FunctionalInterface
public interface ConnectionScore {

    /**
     * {@return the rating of some of a network's weights, with the values they have now}
     *
     * @param network an initialized {@code MultiLayerNetwork} or {@code ComputationGraph}
     * @param weights the weights to rate, of this network
     * @throws IllegalArgumentException if this score can't rate the network
     */
    Rating on(Model network, List<MaskableWeights> weights);

    /** The scores of a network's connections as some of them are removed. */
    @FunctionalInterface
    interface Rating {

        /**
         * {@return for each of the weights the scores of its connections, by connection id}
         *
         * @param active for each of the weights which connections are there; the others count as 0.
         *     Neither it nor the answer is kept
         */
        double[][] scores(boolean[][] active);
    }

    /** {@return the magnitude {@code |w|} (Han, Pool, Tran and Dally 2015, arXiv:1506.02626)} */
    static ConnectionScore magnitude() {
        return WeightScores::magnitude;
    }

    /**
     * {@return the layer-adaptive magnitude LAMP (Lee, Park, Mo, Ahn and Shin 2021,
     * arXiv:2010.07611): {@code w_u^2 / sum_(v >= u) w_v^2}, with the weights of a matrix or kernel
     * in ascending order of magnitude} The largest of each scores 1, so that comparing all layers
     * empties none. Of equal magnitudes the weight that comes first scores highest.
     */
    static ConnectionScore lamp() {
        return WeightScores::lamp;
    }

    /**
     * {@return random numbers: the control that other scores have to beat}
     *
     * @param seed any number; the same draws the same for the same network
     */
    static ConnectionScore random(long seed) {
        return (network, weights) -> WeightScores.random(seed, weights);
    }

    /**
     * {@return the mean over batches of {@code |g|}, with the gradient g of the loss averaged over
     * the examples of a batch}
     *
     * @param batches examples with labels, at least one batch
     */
    static ConnectionScore gradient(DataSet... batches) {
        return gradient(all(batches));
    }

    /**
     * {@return the mean over batches of {@code |g|}, for a graph of several inputs or outputs}
     *
     * @param batches examples with labels, at least one batch
     */
    static ConnectionScore gradient(MultiDataSet... batches) {
        return new GradientScore(List.of(batches), (gradient, weight) -> Math.abs(gradient));
    }

    /**
     * {@return the mean over batches of {@code |g w|}, by which the loss changes to first order if
     * the weight becomes 0 (Molchanov et al. 2017, arXiv:1611.06440, for single weights)} The
     * gradient g is averaged over the examples of a batch. With one batch it orders connections as
     * {@link #snip(DataSet)} does.
     *
     * @param batches examples with labels, at least one batch
     */
    static ConnectionScore taylor(DataSet... batches) {
        return taylor(all(batches));
    }

    /**
     * {@return the mean over batches of {@code |g w|}, for a graph of several inputs or outputs}
     *
     * @param batches examples with labels, at least one batch
     */
    static ConnectionScore taylor(MultiDataSet... batches) {
        return new GradientScore(
                List.of(batches), (gradient, weight) -> Math.abs(gradient * weight));
    }

    /**
     * {@return the magnitude times the share of examples, and positions, that the unit the
     * connection leads to is active for (Ganguli and Chong 2024)} Active is what isn't 0, as in
     * {@link UnitScore#firing(DataSet)}. Units of layers whose width can't change, such as output
     * layers, count as always active.
     *
     * @param examples features, without masks; labels aren't looked at
     */
    static ConnectionScore magnitudeTimesFiring(DataSet examples) {
        return magnitudeTimesFiring(examples.toMultiDataSet());
    }

    /**
     * {@return the magnitude times the share that the unit is active for, for a graph of several
     * inputs}
     *
     * @param examples features, without masks
     */
    static ConnectionScore magnitudeTimesFiring(MultiDataSet examples) {
        return magnitudeTimesFiring(UnitScore.firing(examples));
    }

    /**
     * {@return the magnitude times how often the unit the connection leads to is active} As {@link
     * #magnitudeTimesFiring(DataSet)}, for activity that was told otherwise.
     *
     * @param firing for each unit a share in [0, 1], such as what {@link FiringCount} counted while
     *     the network trained
     */
    static ConnectionScore magnitudeTimesFiring(UnitScore firing) {
        return new ActiveUnits(firing);
    }

    private static MultiDataSet[] all(DataSet... batches) {
        return Arrays.stream(batches).map(DataSet::toMultiDataSet).toArray(MultiDataSet[]::new);
    }

    /**
     * {@return the connection sensitivity of SNIP (Lee, Ajanthan and Torr 2019, arXiv:1810.02340):
     * {@code |g w|} divided by its sum, with the gradient g of the loss on one batch}
     *
     * @param batch examples with labels; the paper takes one minibatch of the training data
     */
    static ConnectionScore snip(DataSet batch) {
        return snip(batch.toMultiDataSet());
    }

    /**
     * {@return the connection sensitivity of SNIP, for a graph of several inputs or outputs}
     *
     * @param batch examples with labels
     */
    static ConnectionScore snip(MultiDataSet batch) {
        return new Snip(batch);
    }

    /**
     * {@return the gradient signal preservation of GraSP (Wang, Zhang and Grosse 2020,
     * arXiv:2002.07376): {@code w (H g)}} The gradient g and the Hessian H are those of the loss on
     * one batch with respect to the chosen weights, with the input of every output layer's
     * activation divided by a temperature of 200. The paper removes the weights of highest {@code
     * -w (H g)}, without which the gradient is longest: here they score lowest.
     *
     * <p>{@code H g} is the central difference of gradients in double precision, a millionth of the
     * weights' length to either side.
     *
     * @param batch examples with labels; the authors' program takes 25 of each class
     */
    static ConnectionScore grasp(DataSet batch) {
        return grasp(batch.toMultiDataSet());
    }

    /**
     * {@return the gradient signal preservation of GraSP, for a graph of several inputs or outputs}
     *
     * @param batch examples with labels
     */
    static ConnectionScore grasp(MultiDataSet batch) {
        return new GraSP(batch);
    }

    /**
     * {@return the synaptic flow of SynFlow (Tanaka, Kunin, Yamins and Ganguli 2020,
     * arXiv:2006.05467): {@code |w dR/dw|}} R is the sum of the outputs for an input of ones, when
     * every parameter has its absolute value and every activation function is the identity. No data
     * is needed. Batch normalization counts as the identity, which it nearly is at initialization.
     * In double precision, since R grows exponentially with the depth.
     *
     * <p>It is for networks that are linear but for their activation functions and pooling:
     * feed-forward and convolutional ones and simple recurrent layers, in graphs merged, added or
     * averaged. Networks with gates, attention or layer normalization are refused.
     *
     * @param inputs the types of the network's inputs, in their order; may be left out if each goes
     *     to a dense layer or is a flattened image
     */
    static ConnectionScore synflow(InputType... inputs) {
        return new SynFlow(List.of(inputs));
    }

    /**
     * {@return the mean over examples of {@code |a_i w_ij R_j / z_j|}, the relevance that passes a
     * connection} By LRP-epsilon from the logit of the true class (Bach et al. 2015); the weights
     * of least relevance are what neuroplasticity masks (Li, Milling, Schuller, arXiv:2503.21419,
     * Algorithm 3).
     *
     * @param examples features and one-hot labels, without masks
     */
    static ConnectionScore relevance(DataSet examples) {
        return new RelevanceScore(examples);
    }
}
