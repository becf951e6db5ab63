package org.dl4jplasticity.experiments.prune;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.api.Layer;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.journal.MutationJournal;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.pruning.DepthPruning;
import org.dl4jplasticity.pruning.LayerRemoval;
import org.dl4jplasticity.pruning.Narrowing;
import org.dl4jplasticity.pruning.OnCollapse;
import org.dl4jplasticity.pruning.Pruning;
import org.dl4jplasticity.pruning.Removable;
import org.dl4jplasticity.pruning.Shortened;
import org.dl4jplasticity.surgery.NetworkSurgery;
import org.dl4jplasticity.surgery.PlasticNetwork;

/**
 * Takes connections, units or layers away as a run's settings say.
 *
 * @param settings of the run
 * @param examples to rate by
 */
record PruneMethod(PruneSettings settings, ScoringExamples examples) {

    /**
     * {@return the network, pruned: the one given but where layers go}
     *
     * @param network masks are laid over its weights, or it gets narrower
     * @param before the share that is gone already
     * @param after the share to be gone; neither is looked at where the settings have no target
     * @param journal for units that go
     * @throws IllegalArgumentException if it can't be done; the network is then unchanged
     */
    Network apply(Network network, double before, double after, MutationJournal journal) {
        double ofThoseLeft = 1 - (1 - after) / (1 - before);
        if (settings.granularity().isOfLayers()) {
            return shorten(network, ofThoseLeft);
        } else if (settings.granularity().isOfUnits()) {
            narrow(network, ofThoseLeft, journal);
        } else {
            mask(network, after);
        }
        return network;
    }

    private void mask(Network network, double sparsity) {
        Pruning pruning = pruning(network);
        if (settings.granularity() instanceof PruneGranularity.OfPattern chosen) {
            pruning.applyTo(network.model(), chosen.pattern());
        } else if (settings.granularity() instanceof PruneGranularity.Connections chosen) {
            pruning.granularity(chosen.granularity()).applyTo(network.model(), sparsity);
        }
    }

    private Pruning pruning(Network network) {
        Pruning pruning =
                settings.criterion().pruning(examples, settings.granularity().isOfPattern());
        pruning = settings.global() ? pruning.globally() : pruning.eachLayer();
        if (settings.onCollapse() == PruneSettings.CollapseChoice.REPORT) {
            pruning = pruning.onCollapse(OnCollapse.report());
        }
        Set<String> layers =
                chosen(
                        network,
                        MaskableWeights.of(network.model()).stream()
                                .map(MaskableWeights::layerId)
                                .toList());
        return pruning.only(weights -> layers.contains(weights.layerId()));
    }

    private void narrow(Network network, double share, MutationJournal journal) {
        List<String> layers = NetworkSurgery.of(network.model()).layers();
        if (layers.isEmpty()) {
            throw new IllegalArgumentException(
                    "MODEL: %s has no hidden layer whose width can change"
                            .formatted(settings.model()));
        }
        Narrowing narrowing = settings.criterion().narrowing(examples, share, settings.global());
        if (!settings.only().isEmpty()) {
            narrowing = narrowing.only(chosen(network, layers).toArray(new String[0]));
        }
        narrowing.recordTo(journal).applyTo(network.model());
    }

    private Network shorten(Network network, double share) {
        List<String> parts =
                LayerRemoval.candidates(network.model()).stream().map(Removable::id).toList();
        if (parts.isEmpty()) {
            throw new IllegalArgumentException(
                    "MODEL: %s has no layer that can go: none has outputs of the shape of its inputs, and no residual branch"
                            .formatted(settings.model()));
        }
        Set<String> chosen = chosen(network, parts);
        int count = (int) Math.round(share * chosen.size());
        if (count == 0) {
            return network;
        }
        Shortened shortened =
                DepthPruning.byCka(examples.all())
                        .atMost(count)
                        .only(chosen.toArray(new String[0]))
                        .applyTo(network.model());
        PruneConsole.removed(shortened.removed());
        return new Network(shortened.network());
    }

    /** {@return those of some layers, given by id, that are to be pruned} */
    private Set<String> chosen(Network network, List<String> layers) {
        if (settings.only().isEmpty()) {
            return new LinkedHashSet<>(layers);
        }
        Map<String, String> names = names(network, layers);
        Set<String> chosen = new LinkedHashSet<>();
        for (String wanted : settings.only()) {
            List<String> found = new ArrayList<>();
            names.forEach(
                    (id, name) -> {
                        if (id.equals(wanted) || glob(wanted).matcher(name).matches()) {
                            found.add(id);
                        }
                    });
            if (found.isEmpty()) {
                throw new IllegalArgumentException(
                        "--only: expected layers that can be pruned, of %s, got '%s'"
                                .formatted(
                                        names.entrySet().stream()
                                                .map(PruneMethod::told)
                                                .collect(Collectors.joining(", ")),
                                        wanted));
            }
            chosen.addAll(found);
        }
        return chosen;
    }

    private static String told(Map.Entry<String, String> layer) {
        return layer.getKey().equals(layer.getValue())
                ? layer.getKey()
                : layer.getKey() + " (" + layer.getValue() + ")";
    }

    private static Map<String, String> names(Network network, List<String> layers) {
        PlasticNetwork view = PlasticNetwork.of(network.model());
        Map<String, String> byId = new LinkedHashMap<>();
        for (Layer layer : view.layers()) {
            String name = layer.conf().getLayer().getLayerName();
            byId.put(view.layerId(layer), name == null ? view.layerId(layer) : name);
        }
        Map<String, String> names = new LinkedHashMap<>();
        layers.forEach(id -> names.put(id, byId.getOrDefault(id, id)));
        return names;
    }

    private static Pattern glob(String text) {
        String quoted = Pattern.quote(text).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
        return Pattern.compile(quoted);
    }
}
