package org.dl4jplasticity.pruning;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.dl4jplasticity.mask.MaskableWeights;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Movement pruning (Sanh, Wolf and Rush 2020, arXiv:2005.07683): the score of a connection is
 * {@code -sum_t g_t w_t}, over all iterations t since this listener was added, with the gradient g
 * of the loss, averaged over the examples of a batch. Weights that move away from 0 have a positive
 * score, those that shrink a negative one, whatever their size.
 *
 * <pre>{@code
 * Movement movement = new Movement();
 * network.addListeners(movement);
 * network.fit(data, 3);
 * Pruning.by(movement).applyTo(network, 0.9);
 * }</pre>
 *
 * <p>For one network. Sums are lost for weights that change their number, when a layer is widened
 * or narrowed. Not for use by several threads, as workers of a {@code ParallelWrapper} are.
 */
public final class Movement extends BaseTrainingListener implements ConnectionScore {
    private final Map<String, double[]> sums = new HashMap<>();

    /** Starts with nothing collected. */
    public Movement() {
        // nothing seen yet
    }

    /**
     * Collects, at the weights the gradient was taken at.
     *
     * @param model the network
     */
    @Override
    public void onGradientCalculation(Model model) {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            Map<String, INDArray> gradients = model.gradient().gradientForVariable();
            double examples = model.batchSize();
            for (MaskableWeights weights : MaskableWeights.of(model)) {
                INDArray gradient = gradients.get(weights.layerId() + "_" + weights.parameter());
                if (gradient != null) { // there is none for what doesn't learn
                    add(weights, WeightScores.inOrder(weights, gradient), examples);
                }
            }
        }
    }

    private void add(MaskableWeights weights, double[] gradients, double examples) {
        double[] values = WeightScores.values(weights);
        double[] sum = sums.get(weights.id());
        if (sum == null || sum.length != values.length) {
            sum = new double[values.length];
            sums.put(weights.id(), sum);
        }
        for (int id = 0; id < sum.length; id++) {
            sum[id] -= gradients[id] / examples * values[id];
        }
    }

    /**
     * {@return the sums collected so far}
     *
     * @throws IllegalArgumentException if nothing was collected for some of the weights
     */
    @Override
    public Rating on(Model network, List<MaskableWeights> weights) {
        double[][] scores = new double[weights.size()][];
        for (int i = 0; i < scores.length; i++) {
            MaskableWeights each = weights.get(i);
            double[] sum = sums.get(each.id());
            int count = Math.multiplyExact(each.rowLength(), each.rows());
            if (sum == null || sum.length != count) {
                throw new IllegalArgumentException(
                        ("Layer %s, parameter %s: expected the movement of %d weights, got that of"
                                        + " %d; train the network with this listener first")
                                .formatted(
                                        each.layerName(),
                                        each.parameter(),
                                        count,
                                        sum == null ? 0 : sum.length));
            }
            scores[i] = sum.clone();
        }
        return active -> Connections.masked(scores, active);
    }
}
