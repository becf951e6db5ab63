package org.dl4jplasticity.relevance;

import java.util.ArrayList;
import java.util.List;
import org.dl4jplasticity.relevance.Step.Addition;
import org.dl4jplasticity.relevance.Step.Fixed;
import org.dl4jplasticity.relevance.Step.Sum;
import org.dl4jplasticity.relevance.Step.Weighted;

/**
 * What a network computes, as places in an order in which each comes after its inputs.
 *
 * @param places the network's inputs first, then its steps
 * @param inputs the number of the network's inputs
 * @param output the place of the logits
 */
record NetworkPlan(List<Place> places, int inputs, int output) {

    /**
     * A place.
     *
     * @param id the layer's or vertex' id; null for inputs and for what belongs to no layer
     * @param step what it does; null for an input
     * @param inputs the places of its inputs
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Place(String id, Step step, int[] inputs) {}

    /** {@return whether a place is a layer with units between the inputs and the output} */
    boolean isHidden(int place) {
        return places.get(place).step() instanceof Weighted && place != output;
    }

    /**
     * {@return what each place does, with the rules of a composite; null for inputs}
     *
     * @throws IllegalArgumentException if the composite gives a layer no rule or a wrong one
     */
    List<Node> nodes(RelevanceComposite composite) {
        List<Node> nodes = new ArrayList<>();
        boolean[] afterWeights = new boolean[places.size()];
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get(i);
            boolean first = true;
            for (int input : place.inputs()) {
                first &= !afterWeights[input];
            }
            afterWeights[i] = !first || place.step() instanceof Weighted;
            nodes.add(node(place, first, composite));
        }
        return nodes;
    }

    private static Node node(Place place, boolean first, RelevanceComposite composite) {
        if (place.step() instanceof Weighted weighted) {
            RelevanceRule rule =
                    composite.ruleFor(new RelevanceLayer(place.id(), weighted.kind(), first));
            if (rule == null) {
                throw new IllegalArgumentException(
                        "Layer %s: expected a rule from the composite, got none"
                                .formatted(place.id()));
            }
            return new LinearNode(weighted.map(), weighted.activation(), rule);
        } else if (place.step() instanceof Sum sum) {
            RulePart.stabilizerOf(composite.ruleForSums());
            return new LinearNode(sum.map(), null, composite.ruleForSums());
        } else if (place.step() instanceof Addition) {
            return new AdditionNode(RulePart.stabilizerOf(composite.ruleForSums()));
        }
        return place.step() instanceof Fixed fixed ? fixed.node() : null;
    }
}
