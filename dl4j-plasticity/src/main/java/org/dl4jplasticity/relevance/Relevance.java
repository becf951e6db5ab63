package org.dl4jplasticity.relevance;

import java.util.Objects;
import org.deeplearning4j.nn.api.Model;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Layer-wise relevance propagation through a network as it is when it is asked:
 *
 * <pre>{@code
 * Explanation explanation = Relevance.of(model)
 *         .rules(RelevanceComposite.epsilon(1e-6))
 *         .explain(features, RelevanceStart.trueLabel(labels));
 * INDArray relevance = explanation.inputs();
 * }</pre>
 *
 * <p>Both of DL4J's network classes, with dense, sparse, output, convolution, subsampling, global
 * pooling, batch normalization, activation, dropout and loss layers, frozen or not, flattening
 * preprocessors, and vertices that add or merge; one output. Anything else is refused before
 * anything is computed.
 *
 * <ul>
 *   <li>The network is read, not run: parameters, optimizer, listeners and random state stay as
 *       they are, and what layers hold of a training step too, so that it can be used in any
 *       listener. All is computed in double precision, as at inference: no dropout, no weight
 *       noise, running statistics. Features have no masks.
 *   <li>Relevance passes activation functions unchanged; it starts before that of the last layer.
 *   <li>Of max pooling the largest input takes all, and equal ones share equally. Average and sum
 *       pooling and addition give shares in their stabilized sum.
 *   <li>Batch normalization directly after a dense, sparse or convolution layer without an
 *       activation function is merged into it: W' = W gamma / sqrt(var + eps), b' = (b - mean)
 *       gamma / sqrt(var + eps) + beta. Relevance and balance of that layer are those of the merged
 *       one, and normalization passes relevance unchanged. Elsewhere (after an activation function,
 *       pooling, or where others use the layer's output too) normalization is a layer with one
 *       weight per unit or channel and the composite's rule for sums: with epsilon to 0 the same as
 *       merging it into a next layer with the epsilon rule.
 *   <li>A layer that leads to no output has relevance 0.
 * </ul>
 */
public final class Relevance {
    private final Model model;
    private final RelevanceComposite rules;
    private final boolean neurons;
    private final boolean weights;

    private Relevance(Model model, RelevanceComposite rules, boolean neurons, boolean weights) {
        this.model = model;
        this.rules = rules;
        this.neurons = neurons;
        this.weights = weights;
    }

    /**
     * {@return relevance of a network, with LRP-epsilon everywhere, epsilon = 1e-6}
     *
     * @param model an initialized MultiLayerNetwork or ComputationGraph
     */
    public static Relevance of(Model model) {
        return new Relevance(
                Objects.requireNonNull(model, "model"),
                RelevanceComposite.epsilon(1e-6),
                false,
                false);
    }

    /**
     * {@return the same with other rules}
     *
     * @param rules which layer gets which rule
     */
    public Relevance rules(RelevanceComposite rules) {
        return new Relevance(model, Objects.requireNonNull(rules, "rules"), neurons, weights);
    }

    /** {@return the same, where explanations hold the relevance of every neuron too} */
    public Relevance withNeurons() {
        return new Relevance(model, rules, true, weights);
    }

    /** {@return the same, where explanations hold the relevance of every weight too} */
    public Relevance withWeights() {
        return new Relevance(model, rules, neurons, true);
    }

    /**
     * {@return what made a network with one input say what it says} Examples are computed some at a
     * time; the relevance of all inputs is held, and that of all neurons where asked for.
     *
     * @param features [examples, inputs] or [examples, channels, height, width], of any number of
     *     examples
     * @param start the relevance of the logits
     * @throws IllegalArgumentException if the network has a layer or vertex that isn't supported,
     *     with its name and type, or if features or start don't fit it
     */
    public Explanation explain(INDArray features, RelevanceStart start) {
        return explain(new INDArray[] {features}, start);
    }

    /**
     * {@return what made a network with several inputs say what it says}
     *
     * @param features one array per input, in the network's order
     * @param start the relevance of the logits
     * @throws IllegalArgumentException as the other method
     */
    public Explanation explain(INDArray[] features, RelevanceStart start) {
        try (MemoryWorkspace none = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            NetworkPlan plan = NetworkReader.read(model);
            Propagation propagation = new Propagation(plan, rules, weights);
            return new Explanation(plan, propagation, neurons, start, features);
        }
    }
}
