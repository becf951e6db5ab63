package org.dl4jplasticity.surgery;

import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;

/**
 * One parameter seen from the units of a layer: each unit has a vector of as many entries, which
 * are its entries of the parameter in the order of the flat parameter vector. Of a dense layer's
 * weights that is, for incoming ones, a column, one entry per input; for outgoing ones a row, one
 * entry per output; of a convolution's kernel its entries for one output channel (inputs, height,
 * width) or for one input channel (outputs, height, width). Behind a flattening a channel has a
 * stretch of rows, so that entries are by output, then by height and width. Entries of inactive
 * connections, packed or masked, are 0 and stay 0.
 */
public final class UnitVectors {
    private final String id;
    private final UnitPositions positions;
    private final Values values;
    private final List<Values> slots;
    private final NextBias nextBias;

    /** What a new entry is, by its place. */
    private final IntToDoubleFunction fresh;

    /** Numbers by place in the parameter. */
    interface Values {

        double get(int place);

        void set(int place, double value);

        /** {@return all of them, perhaps a copy: not to be written to} */
        double[] all();
    }

    /**
     * The biases that a constant output of a unit can be folded into.
     *
     * @param biases by index along the slower axis of the weights; null if there are none
     * @param obstacle why a constant can't be folded into them; null if it can
     */
    record NextBias(Values biases, String obstacle) {}

    UnitVectors(
            String id,
            UnitPositions positions,
            Values values,
            List<Values> slots,
            NextBias nextBias,
            IntToDoubleFunction fresh) {
        this.id = id;
        this.positions = positions;
        this.values = values;
        this.slots = List.copyOf(slots);
        this.nextBias = nextBias;
        this.fresh = fresh;
    }

    /** {@return layer and parameter, such as "1/W"} */
    public String id() {
        return id;
    }

    /** {@return the layer, such as "1"} */
    public String layerId() {
        return id.substring(0, id.lastIndexOf('/'));
    }

    /** {@return the parameter's name in its layer, such as "W"} */
    public String name() {
        return id.substring(id.lastIndexOf('/') + 1);
    }

    /** {@return the number of entries of every unit} */
    public int length() {
        return positions.length();
    }

    /**
     * {@return a unit's entries, a copy}
     *
     * @param unit which one, from 0
     */
    public double[] get(int unit) {
        double[] vector = new double[length()];
        for (int entry = 0; entry < vector.length; entry++) {
            int place = positions.at(unit, entry);
            vector[entry] = place < 0 ? 0 : values.get(place);
        }
        return vector;
    }

    /**
     * {@return for each of the first units the sum of the magnitudes of its entries} Much faster
     * than {@link #get} unit by unit.
     *
     * @param units how many
     */
    public double[] magnitudes(int units) {
        double[] all = values.all();
        double[] sums = new double[units];
        for (int unit = 0; unit < units; unit++) {
            sums[unit] = positions.sumOfMagnitudes(unit, all);
        }
        return sums;
    }

    /**
     * Sets a unit's entries; those of inactive connections stay 0.
     *
     * @param unit which one, from 0
     * @param vector one number per entry
     * @throws IllegalArgumentException if it has another length
     */
    public void set(int unit, double[] vector) {
        if (vector.length != length()) {
            throw new IllegalArgumentException(
                    "%s: expected %d entries for a unit, got %d"
                            .formatted(id, length(), vector.length));
        }
        for (int entry = 0; entry < vector.length; entry++) {
            int place = positions.at(unit, entry);
            if (place >= 0) {
                values.set(place, vector[entry]);
            }
        }
    }

    /**
     * {@return whether an entry's connection is active; true for every entry of a dense parameter}
     *
     * @param unit which one, from 0
     * @param entry which entry, from 0
     */
    public boolean isActive(int unit, int entry) {
        return positions.at(unit, entry) >= 0;
    }

    /**
     * Sets the optimizer's slots of a unit's entries to zero. Does nothing while a network is being
     * resized: slots of new units start with zero.
     *
     * @param unit which one, from 0
     */
    public void clearSlots(int unit) {
        for (Values slot : slots) {
            for (int entry = 0; entry < length(); entry++) {
                int place = positions.at(unit, entry);
                if (place >= 0) {
                    slot.set(place, 0);
                }
            }
        }
    }

    /**
     * Gives a unit's entries what those of a new layer start with, weights 0, and the optimizer's
     * slots of them 0.
     *
     * @param unit which one, from 0
     */
    public void reset(int unit) {
        for (int entry = 0; entry < length(); entry++) {
            int place = positions.at(unit, entry);
            if (place >= 0) {
                values.set(place, fresh.applyAsDouble(place));
            }
        }
        clearSlots(unit);
    }

    /**
     * {@return why a constant output of these units can't be folded into the biases of the layer
     * the weights lead to; empty if it can} Only outgoing weights have such biases.
     */
    public Optional<String> obstacleToFolding() {
        return Optional.ofNullable(nextBias.obstacle());
    }

    /**
     * Adds what the next layer gets from a unit of constant output to that layer's biases, so that
     * the unit could go, or its outgoing weights become 0, and nothing would change.
     *
     * @param unit which one, from 0
     * @param output what the layer gets from the unit, for every example
     * @throws IllegalArgumentException if that can't be done exactly
     */
    public void fold(int unit, double output) {
        if (nextBias.obstacle() != null) {
            throw new IllegalArgumentException(
                    "%s: a constant can't be folded into the biases: %s"
                            .formatted(id, nextBias.obstacle()));
        }
        double[] weights = get(unit);
        for (int entry = 0; entry < weights.length; entry++) {
            int bias = positions.slower(entry);
            nextBias.biases().set(bias, nextBias.biases().get(bias) + output * weights[entry]);
        }
    }
}
