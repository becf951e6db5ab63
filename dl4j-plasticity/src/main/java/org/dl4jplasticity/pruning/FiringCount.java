package org.dl4jplasticity.pruning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.dl4jplasticity.surgery.NetworkSurgery;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Activation pruning (Ganguli and Chong 2024): counts, while a network trains, how often each unit
 * is active, which is to put out anything but 0, as ReLU's units do. The score of a unit is that
 * count over all examples, and positions, of all iterations since this listener was added: a share
 * in [0, 1]. Units of low counts go, or weights of low {@linkplain
 * ConnectionScore#magnitudeTimesFiring(UnitScore) magnitude times count}.
 *
 * <pre>{@code
 * FiringCount firing = new FiringCount();
 * network.addListeners(firing);
 * network.fit(data, 3);
 * Narrowing.by(firing).fraction(0.2).applyTo(network);
 * Pruning.by(ConnectionScore.magnitudeTimesFiring(firing)).applyTo(network, 0.9);
 * }</pre>
 *
 * <p>What a unit puts out is what {@link UnitScore#activation(org.nd4j.linalg.dataset.api.DataSet)}
 * says, here in the forward passes of training, with the dropout of layers before. For one network.
 * Counts start anew for a layer that is widened or narrowed. Not for use by several threads, as
 * workers of a {@code ParallelWrapper} are.
 */
public final class FiringCount extends BaseTrainingListener implements UnitScore {
    private final Map<String, Count> counts = new HashMap<>();

    /** What is looked at; found again when a width has changed. */
    private final List<Place> places = new ArrayList<>();

    /**
     * Where the outputs of a group of units are seen.
     *
     * @param group the group's id
     * @param id of a layer or vertex
     * @param producer the group's first layer
     * @param units their number
     */
    private record Place(String group, String id, Layer producer, int units) {}

    /** Of the units of a group. */
    private static final class Count {
        private final double[] active;
        private double all;

        Count(int units) {
            active = new double[units];
        }

        void add(double[] shares, double outputs) {
            Arrays.setAll(active, unit -> active[unit] + outputs * shares[unit]);
            all += outputs;
        }
    }

    /** Starts with nothing counted. */
    public FiringCount() {
        // nothing seen yet
    }

    /**
     * Counts.
     *
     * @param model the network
     * @param activations its input and what its layers put out, in their order
     */
    @Override
    public void onForwardPass(Model model, List<INDArray> activations) {
        Map<String, INDArray> byId = new HashMap<>();
        for (int i = 1; i < activations.size(); i++) {
            byId.put(Integer.toString(i - 1), activations.get(i));
        }
        onForwardPass(model, byId);
    }

    /**
     * Counts.
     *
     * @param model the network
     * @param activations what its layers and vertices put out, by name
     */
    @Override
    public void onForwardPass(Model model, Map<String, INDArray> activations) {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            if (places.isEmpty() || hasOtherWidths(model)) {
                look(model);
            }
            for (Place place : places) {
                INDArray outputs = activations.get(place.id());
                double[] shares =
                        Inference.means(
                                outputs,
                                place.producer(),
                                place.units(),
                                output -> output == 0 ? 0 : 1);
                counts.get(place.group()).add(shares, outputs.length() / (double) place.units());
            }
        }
    }

    private boolean hasOtherWidths(Model model) {
        NetworkSurgery surgery = NetworkSurgery.of(model);
        return places.stream().anyMatch(place -> surgery.width(place.group()) != place.units());
    }

    private void look(Model model) {
        PlasticNetwork network = PlasticNetwork.of(model);
        places.clear();
        for (UnitGroup group : UnitGroup.of(model)) {
            int units = group.units().count();
            places.add(
                    new Place(
                            group.id(),
                            UnitPassage.of(network, group).activation(),
                            group.units().layers().get(0),
                            units));
            Count known = counts.get(group.id());
            if (known == null || known.active.length != units) {
                counts.put(group.id(), new Count(units));
            }
        }
    }

    /**
     * {@return the share of its outputs so far that each unit was active for}
     *
     * @throws IllegalArgumentException if nothing was counted for some of the units
     */
    @Override
    public double[][] of(Model network, List<UnitGroup> groups) {
        double[][] shares = new double[groups.size()][];
        for (int i = 0; i < shares.length; i++) {
            UnitGroup group = groups.get(i);
            Count count = counts.get(group.id());
            int units = group.units().count();
            if (count == null || count.all == 0 || count.active.length != units) {
                throw new IllegalArgumentException(
                        ("Layer %s: expected to have counted the activity of %d units, got that of"
                                        + " %d; train the network with this listener first")
                                .formatted(
                                        group.id(),
                                        units,
                                        count == null ? 0 : count.active.length));
            }
            shares[i] = Arrays.stream(count.active).map(active -> active / count.all).toArray();
        }
        return shares;
    }
}
