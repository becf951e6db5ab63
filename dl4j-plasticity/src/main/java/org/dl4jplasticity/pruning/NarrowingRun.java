package org.dl4jplasticity.pruning;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.Model;
import org.dl4jplasticity.journal.MutationJournal;
import org.dl4jplasticity.surgery.MutationRecorder;
import org.dl4jplasticity.surgery.NetworkSurgery;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.surgery.Resized;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One narrowing of one network: what takes part, what was done. */
final class NarrowingRun {
    private final PlasticNetwork network;
    private final NetworkSurgery surgery;
    private final int atLeast;
    private final List<String> groups;
    private final MutationRecorder recorder = new MutationRecorder();
    private final List<Resized> resized = new ArrayList<>();

    /** By group. */
    private final Map<String, List<Narrowed.Left>> left = new LinkedHashMap<>();

    NarrowingRun(Model model, Set<String> layers, int atLeast, MutationJournal journal) {
        network = PlasticNetwork.of(model);
        surgery = NetworkSurgery.of(model);
        this.atLeast = atLeast;
        List<UnitGroup> all = UnitGroup.of(model);
        for (String layer : layers) {
            if (all.stream().noneMatch(group -> group.layers().contains(layer))) {
                throw new IllegalArgumentException(
                        "expected one of the layers %s, whose width can change, got '%s'"
                                .formatted(surgery.layers(), layer));
            }
        }
        groups =
                all.stream()
                        .filter(
                                group ->
                                        layers.isEmpty()
                                                || group.layers().stream()
                                                        .anyMatch(layers::contains))
                        .map(UnitGroup::id)
                        .toList();
        recorder.recordTo(journal);
    }

    PlasticNetwork network() {
        return network;
    }

    /** {@return the ids of the groups that take part, in the order of the network} */
    List<String> groups() {
        return groups;
    }

    /** {@return a group as it is now; good until something is removed} */
    UnitGroup group(String id) {
        return UnitGroup.of(surgery, id);
    }

    /** {@return how many units a group of so many may lose} */
    int spare(int units) {
        return Math.max(0, units - atLeast);
    }

    boolean hasChanged() {
        return !resized.isEmpty();
    }

    /**
     * Removes units.
     *
     * @throws IllegalArgumentException if that can't be done; nothing has changed then
     */
    void remove(UnitGroup group, int[] units, long seed, Map<String, Double> scores) {
        Resized change = surgery.narrow(group.id(), units);
        resized.add(change);
        recorder.note(network, change, seed, scores);
    }

    /**
     * Removes units after their part was given to others, or puts everything back and leaves them.
     *
     * @param change gives their part to others
     * @return whether they are gone
     */
    boolean replace(UnitGroup group, int[] units, Map<String, Double> scores, Runnable change) {
        INDArray parameters = network.parameters();
        INDArray before = parameters.dup();
        change.run();
        try {
            remove(group, units, 0, scores);
            return true;
        } catch (IllegalArgumentException refused) {
            parameters.assign(before);
            lookAgain(group);
            for (int unit : units) {
                leave(group, unit, refused.getMessage());
            }
            return false;
        }
    }

    /** Forgets which units of a group had to stay, to look again. */
    void lookAgain(UnitGroup group) {
        left.put(group.id(), new ArrayList<>());
    }

    /** Takes note of a unit that had to stay, by its number as it is. */
    void leave(UnitGroup group, int unit, String reason) {
        left.computeIfAbsent(group.id(), id -> new ArrayList<>())
                .add(new Narrowed.Left(group.id(), unit, reason));
    }

    /** Writes to the journal and {@return what was done}. */
    Narrowed finish() {
        recorder.write();
        return new Narrowed(resized, left.values().stream().flatMap(List::stream).toList());
    }
}
