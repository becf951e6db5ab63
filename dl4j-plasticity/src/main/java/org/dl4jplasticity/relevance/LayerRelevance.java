package org.dl4jplasticity.relevance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How relevant a hidden layer and its neurons are: what growth and pruning choose by. A neuron is a
 * unit of a dense or sparse layer or an output channel of a convolution, whose amounts of relevance
 * are summed over its positions.
 *
 * <p>Mean amounts per neuron under the epsilon rule tell layers apart: sums of relevance are the
 * same in all layers but for what biases absorb, sums of amounts grow with width, and under z+
 * layers of equal width tie.
 *
 * @param layerId the layer's index in a MultiLayerNetwork, its vertex' name in a ComputationGraph
 * @param score the mean of {@code perNeuron}: {@code sum_x sum_j |R_j(x)| / (N n)}; at least 0
 * @param utilisation how evenly relevance is spread over the n neurons, {@code (sum_j r_j)^2 / (n
 *     sum_j r_j^2)} of the {@code r} in {@code perNeuron}: 1 where all have the same, 1/n where one
 *     has all; 0 where none has any
 * @param perNeuron the mean over examples of {@code |R_j|}; length n
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record LayerRelevance(String layerId, double score, double utilisation, double[] perNeuron) {

    /**
     * {@return the relevance of every hidden layer that has units (dense, sparse, convolution), in
     * the network's order} By LRP-epsilon with epsilon = 1e-6, starting from the logit of the true
     * class. Examples are computed some at a time; nothing is held of them.
     *
     * @param model an initialized MultiLayerNetwork or ComputationGraph with one input
     * @param examples features and one-hot labels, without masks
     * @throws IllegalArgumentException if the network isn't supported (see {@link Relevance}), the
     *     examples don't fit it or have masks
     */
    public static List<LayerRelevance> of(Model model, DataSet examples) {
        if (examples.getFeaturesMaskArray() != null) {
            throw new IllegalArgumentException("expected features without a mask, got one");
        }
        try (MemoryWorkspace none = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            NetworkPlan plan = NetworkReader.read(model);
            Propagation propagation =
                    new Propagation(plan, RelevanceComposite.epsilon(1e-6), false);
            double[][] amounts = new double[plan.places().size()][];
            propagation.run(
                    RelevanceStart.trueLabel(examples.getLabels()),
                    (place, first, relevance) -> {
                        if (plan.isHidden(place)) {
                            amounts[place] = add(amounts[place], relevance);
                        }
                    },
                    examples.getFeatures());
            List<LayerRelevance> layers = new ArrayList<>();
            for (int place = 0; place < amounts.length; place++) {
                if (amounts[place] != null) {
                    layers.add(
                            of(
                                    plan.places().get(place).id(),
                                    amounts[place],
                                    examples.getFeatures().size(0)));
                }
            }
            return layers;
        }
    }

    private static double[] add(double[] amounts, Values relevance) {
        int neurons = relevance.shape()[0];
        int positions = Values.positions(relevance.shape());
        double[] sums = amounts == null ? new double[neurons] : amounts;
        for (int i = 0; i < relevance.data().length; i++) {
            sums[i / positions % neurons] += Math.abs(relevance.data()[i]);
        }
        return sums;
    }

    private static LayerRelevance of(String id, double[] amounts, long examples) {
        double[] perNeuron = Arrays.stream(amounts).map(amount -> amount / examples).toArray();
        double sum = Arrays.stream(perNeuron).sum();
        double squares = Arrays.stream(perNeuron).map(r -> r * r).sum();
        return new LayerRelevance(
                id,
                sum / perNeuron.length,
                squares == 0 ? 0 : sum * sum / (perNeuron.length * squares),
                perNeuron);
    }
}
