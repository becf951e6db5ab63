package org.dl4jplasticity.growth;

import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.deeplearning4j.nn.api.Model;
import org.nd4j.linalg.dataset.DataSet;

/** Which layers of a network grow. */
@FunctionalInterface
public interface LayerChoice {

    /**
     * {@return the layers that grow now, and the numbers that decided}
     *
     * @param situation the network as it is
     */
    Decision choose(Situation situation);

    /**
     * What is known when a layer is chosen.
     *
     * @param model the network, not to be changed
     * @param layers the layers that may grow, in the network's order, at least one
     * @param units how many units each of them would get
     * @param growths how often the network has grown already
     * @param random the source of everything random
     */
    record Situation(
            Model model,
            List<String> layers,
            Map<String, Integer> units,
            int growths,
            RandomGenerator random) {}

    /**
     * A choice.
     *
     * @param layers the layers that grow, in this order; perhaps none
     * @param scores numbers that led to it, by name; they go to the journal
     */
    record Decision(List<String> layers, Map<String, Double> scores) {}

    /**
     * {@return the layer of most relevance per unit, if it has at least 1.1 times the mean of all
     * layers} See {@link #mostRelevant(DataSet, double)}.
     *
     * @param examples features and labels to tell relevance by
     */
    static LayerChoice mostRelevant(DataSet examples) {
        return mostRelevant(examples, 1.1);
    }

    /**
     * {@return the layer of most relevance per unit, if it has more than so many times the mean of
     * all layers} Dropin's choice (Li, Milling, Schuller, arXiv:2503.21419, Algorithm 1): relevance
     * is the mean absolute relevance of a unit by LRP-epsilon, started at the true class' logit. Of
     * equals the first.
     *
     * @param examples features and labels to tell relevance by
     * @param kappa how many times the mean, at least 0; 1 is the literal reading
     */
    static LayerChoice mostRelevant(DataSet examples, double kappa) {
        return new RelevanceChoice(examples, RelevanceChoice.Mode.LARGEST, kappa);
    }

    /**
     * {@return all layers with more relevance per unit than the mean of all layers}
     *
     * @param examples features and labels to tell relevance by
     */
    static LayerChoice allAboveMean(DataSet examples) {
        return new RelevanceChoice(examples, RelevanceChoice.Mode.ALL_ABOVE_MEAN, 1);
    }

    /**
     * {@return the layer whose units share its relevance most evenly, so that none could be spared}
     *
     * @param examples features and labels to tell relevance by
     */
    static LayerChoice mostUtilised(DataSet examples) {
        return new RelevanceChoice(examples, RelevanceChoice.Mode.UTILISATION, 0);
    }

    /**
     * {@return the layer whose new units would have the largest gradient, per unit} See {@link
     * GrowthGain#gradMax}; it refuses networks with layers it doesn't serve, so name the layers
     * that may grow.
     *
     * @param batch examples with labels
     */
    static LayerChoice gradMaxGain(DataSet batch) {
        return new GainChoice("gradmax", GrowthGain.gradMax(), batch);
    }

    /**
     * {@return the layer whose new units would lower the loss most to first order, per unit} See
     * {@link GrowthGain#tiny}; layers it doesn't serve are passed over.
     *
     * @param batch examples with labels
     */
    static LayerChoice tinyGain(DataSet batch) {
        return new GainChoice("tiny", GrowthGain.tiny(), batch);
    }

    /** {@return any layer, each as likely: the control that choices must beat} */
    static LayerChoice random() {
        return new SimpleChoices.Random();
    }

    /** {@return one layer after the other} */
    static LayerChoice roundRobin() {
        return new SimpleChoices.RoundRobin();
    }

    /**
     * {@return always the same layer}
     *
     * @param layerId the layer's index in a MultiLayerNetwork, its vertex' name in a
     *     ComputationGraph
     */
    static LayerChoice always(String layerId) {
        return new SimpleChoices.Always(layerId);
    }
}
