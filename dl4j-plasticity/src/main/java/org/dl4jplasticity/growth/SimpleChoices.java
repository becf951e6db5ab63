package org.dl4jplasticity.growth;

import java.util.List;
import java.util.Map;

/** Choices that don't look at the network. */
final class SimpleChoices {
    private SimpleChoices() {}

    record Random() implements LayerChoice {
        @Override
        public Decision choose(Situation situation) {
            List<String> layers = situation.layers();
            return only(layers.get(situation.random().nextInt(layers.size())));
        }
    }

    record RoundRobin() implements LayerChoice {
        @Override
        public Decision choose(Situation situation) {
            List<String> layers = situation.layers();
            return only(layers.get(situation.growths() % layers.size()));
        }
    }

    record Always(String layerId) implements LayerChoice {
        @Override
        public Decision choose(Situation situation) {
            return situation.layers().contains(layerId)
                    ? only(layerId)
                    : new Decision(List.of(), Map.of());
        }
    }

    private static LayerChoice.Decision only(String layer) {
        return new LayerChoice.Decision(List.of(layer), Map.of());
    }
}
