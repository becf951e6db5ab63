package org.dl4jplasticity.relevance;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.dl4jplasticity.dropout.ExcitationDropout;
import org.dl4jplasticity.surgery.NetworkNode;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Tells every {@link ExcitationDropout} of a network how relevant the units are that it drops:
 *
 * <pre>{@code
 * model.addListeners(ExcitationSaliency.of(model));
 * }</pre>
 *
 * <p>Relevance is that of excitation backpropagation (Zhang et al. 2018, arXiv:1608.00507), which
 * is the z+ rule: one unit of relevance at each example's labels goes back along what speaks for
 * them; positive biases take their share of it, which the original doesn't grant them. The paper
 * tells the relevance of a minibatch before it trains on it, and for each example. A listener comes
 * after: here the mean over the examples of one iteration decides what is dropped in the next.
 *
 * <p>The network is one that {@link Relevance} takes, with labels [minibatch, classes].
 */
public final class ExcitationSaliency extends BaseTrainingListener {
    private final int every;

    private ExcitationSaliency(int every) {
        this.every = every;
    }

    /**
     * {@return a listener that tells relevance after every iteration}
     *
     * @param model an initialized MultiLayerNetwork or ComputationGraph, to which it will be added
     * @throws IllegalArgumentException if {@link Relevance} doesn't take the network
     */
    public static ExcitationSaliency of(Model model) {
        return of(model, 1);
    }

    /**
     * {@return a listener that tells relevance now and then, which is cheaper}
     *
     * @param model an initialized MultiLayerNetwork or ComputationGraph, to which it will be added
     * @param every after how many iterations, at least 1
     * @throws IllegalArgumentException if {@link Relevance} doesn't take the network, or the number
     *     is out of its range
     */
    public static ExcitationSaliency of(Model model, int every) {
        if (every < 1) {
            throw new IllegalArgumentException(
                    "the iterations between two looks at relevance must be at least 1, got "
                            + every);
        }
        NetworkReader.read(model);
        for (NetworkNode node : NetworkNode.of(PlasticNetwork.of(model)).values()) {
            if (dropout(node) != null) {
                dropout(node).attend();
            }
        }
        return new ExcitationSaliency(every);
    }

    /** {@return a layer's dropout; null if it has no such dropout, or is none} */
    private static ExcitationDropout dropout(NetworkNode node) {
        return node.isLayer() && node.layerConf().getIDropout() instanceof ExcitationDropout own
                ? own
                : null;
    }

    /** Later in an iteration a graph has no labels any more. */
    @Override
    public void onBackwardPass(Model model) {
        PlasticNetwork network = PlasticNetwork.of(model);
        if ((network.iteration() + 1) % every != 0) {
            return;
        }
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            Explanation explanation =
                    Relevance.of(model)
                            .rules(layer -> RelevanceRule.zPlus())
                            .withNeurons()
                            .explain(features(model), RelevanceStart.of(labels(model)));
            for (NetworkNode node : NetworkNode.of(network).values()) {
                if (dropout(node) != null) {
                    dropout(node).feed(amounts(input(node, network.inputs(), explanation)));
                }
            }
        }
    }

    private static INDArray[] features(Model model) {
        return model instanceof ComputationGraph graph
                ? graph.getInputs()
                : new INDArray[] {((MultiLayerNetwork) model).getInput()};
    }

    private static INDArray labels(Model model) {
        return model instanceof ComputationGraph graph
                ? ((IOutputLayer) graph.getOutputLayer(0)).getLabels()
                : ((MultiLayerNetwork) model).getLabels();
    }

    private static INDArray input(
            NetworkNode node, List<String> networkInputs, Explanation explanation) {
        String source = node.inputs().get(0);
        int own = networkInputs.indexOf(source);
        return own >= 0 ? explanation.inputs(own) : explanation.neurons(source);
    }

    /** {@return the mean over examples, in the order in which a layer sees one example's values} */
    private static double[] amounts(INDArray relevance) {
        double[] values = relevance.dup('c').data().asDouble();
        double[] sums = new double[(int) (values.length / relevance.size(0))];
        for (int i = 0; i < values.length; i++) {
            sums[i % sums.length] += values[i];
        }
        // Rounding alone can make amounts negative.
        return Arrays.stream(sums).map(sum -> Math.max(0, sum) / relevance.size(0)).toArray();
    }
}
