package org.dl4jplasticity.pruning;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.api.Model;
import org.dl4jplasticity.journal.MutationJournal;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.surgery.MutationRecorder;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.dl4jplasticity.topology.TopologyChange;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** What an update of {@link GradualPruning} takes away. */
sealed interface GradualStep {

    /**
     * Prunes to a sparsity.
     *
     * @param journal to write to; null for none
     */
    void apply(Model model, double sparsity, MutationJournal journal);

    /** {@return what is pruned, for a checkpoint to compare} */
    String what();

    /** Looks at the network before the first iteration. */
    void begin(Model model);

    /** {@return the widths that shares are told of, by group} */
    Map<String, Integer> widths();

    /**
     * Takes widths up in place of the network's.
     *
     * @throws IllegalArgumentException if they aren't widths of this network
     */
    void resume(Model model, ObjectNode widths);

    /** {@return the same step that has looked at no network} */
    GradualStep unused();

    /**
     * Masks connections.
     *
     * @param pruning how
     */
    record OfConnections(Pruning pruning) implements GradualStep {

        @Override
        public void apply(Model model, double sparsity, MutationJournal journal) {
            List<MaskableWeights> weights = MaskableWeights.of(model);
            List<SparseTopology> before = new ArrayList<>();
            if (journal != null) {
                weights.forEach(each -> before.add(topology(each)));
            }
            pruning.applyAtLeast(model, sparsity);
            MutationRecorder recorder = new MutationRecorder();
            recorder.recordTo(journal);
            for (int i = 0; i < before.size(); i++) {
                SparseTopology then = before.get(i);
                recorder.note(
                        PlasticNetwork.of(model),
                        weights.get(i).id(),
                        then,
                        TopologyChange.between(then, topology(weights.get(i))),
                        0,
                        Map.of("sparsity", sparsity));
            }
            recorder.write();
        }

        private static SparseTopology topology(MaskableWeights weights) {
            return weights.mask()
                    .orElseGet(() -> SparseTopology.dense(weights.rowLength(), weights.rows()));
        }

        @Override
        public String what() {
            return "connections";
        }

        @Override
        public void begin(Model model) {
            // nothing is remembered
        }

        @Override
        public Map<String, Integer> widths() {
            return Map.of();
        }

        @Override
        public void resume(Model model, ObjectNode widths) {
            // nothing is remembered
        }

        @Override
        public GradualStep unused() {
            return this;
        }
    }

    /** Removes units. */
    final class OfUnits implements GradualStep {
        private final Narrowing.Least narrowing;
        private final List<String> layers;

        /** At the first iteration, by group. */
        private final Map<String, Integer> widths = new TreeMap<>();

        OfUnits(Narrowing.Least narrowing, List<String> layers) {
            this.narrowing = narrowing;
            this.layers = layers;
        }

        @Override
        public void apply(Model model, double sparsity, MutationJournal journal) {
            Map<String, Integer> targets = new LinkedHashMap<>();
            widths.forEach(
                    (group, width) ->
                            targets.put(
                                    group, (int) Math.max(1, Math.round((1 - sparsity) * width))));
            narrowing
                    .downTo(targets)
                    .only(layers.toArray(String[]::new))
                    .recordTo(journal)
                    .applyTo(model);
        }

        @Override
        public String what() {
            return "units of " + (layers.isEmpty() ? "all layers" : "layers " + layers);
        }

        @Override
        public void begin(Model model) {
            UnitGroup.of(model).forEach(group -> widths.put(group.id(), group.units().count()));
        }

        @Override
        public Map<String, Integer> widths() {
            return widths;
        }

        @Override
        public void resume(Model model, ObjectNode saved) {
            Map<String, Integer> read = new TreeMap<>();
            for (UnitGroup group : UnitGroup.of(model)) {
                int width = saved.path(group.id()).asInt();
                if (width < 1) {
                    throw new IllegalArgumentException(
                            "Layer %s: expected its width at the start of a gradual pruning, got %s"
                                    .formatted(group.id(), saved.path(group.id())));
                }
                read.put(group.id(), width);
            }
            widths.putAll(read);
        }

        @Override
        public GradualStep unused() {
            return new OfUnits(narrowing, layers);
        }
    }
}
