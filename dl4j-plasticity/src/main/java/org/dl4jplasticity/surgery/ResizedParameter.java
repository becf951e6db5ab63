package org.dl4jplasticity.surgery;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.dl4jplasticity.topology.SparseTopology;
import org.dl4jplasticity.topology.TopologyChange;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** One parameter of a layer that a change of width reaches: what it was and what it becomes. */
final class ResizedParameter {
    /** Told while the network is as it was. */
    private final String id;

    private final NetworkParameter parameter;
    private final ParameterAxes axes;

    /** The active connections before; null if all are. */
    private final SparseTopology before;

    private final boolean packed;

    /** The connections that stay; new inputs and outputs have none. Null if all are active. */
    private TopologyChange kept;

    /** The connections afterwards. */
    private TopologyChange after;

    /** For every place of the parameter afterwards the place before, or -1. */
    private int[] sources;

    private double[] values;

    private ResizedParameter(
            NetworkParameter parameter, ParameterAxes axes, SparseTopology before, boolean packed) {
        this.id = parameter.id();
        this.parameter = parameter;
        this.axes = axes;
        this.before = before;
        this.packed = packed;
    }

    static ResizedParameter dense(NetworkParameter parameter, ParameterAxes axes) {
        return new ResizedParameter(parameter, axes, null, false);
    }

    static ResizedParameter masked(
            NetworkParameter parameter, ParameterAxes axes, SparseTopology mask) {
        return new ResizedParameter(parameter, axes, mask, false);
    }

    static ResizedParameter packed(
            NetworkParameter parameter, ParameterAxes axes, SparseTopology topology) {
        return new ResizedParameter(parameter, axes, topology, true);
    }

    NetworkParameter parameter() {
        return parameter;
    }

    ParameterAxes axes() {
        return axes;
    }

    boolean isPacked() {
        return packed;
    }

    /**
     * Works out the parameter after the change: what stays keeps its value, what is new starts as
     * the layer's configuration says, weights with 0.
     *
     * @param firstNew the first new unit
     * @param templates for every new unit the unit whose sparse connections it has, or -1
     * @param random draws the connections of the others
     */
    void resize(int firstNew, int[] templates, RandomGenerator random) {
        if (before != null) {
            kept = kept();
            TopologyChange grown =
                    kept.topology().rewire(new int[0], newConnections(firstNew, templates, random));
            int[] positions =
                    IntStream.of(grown.sources())
                            .map(it -> it < 0 ? -1 : kept.sources()[it])
                            .toArray();
            after = new TopologyChange(grown.topology(), positions);
        }
        sources = packed ? after.sources() : axes.sources();
        double[] old = parameter.values().toDoubleVector();
        values = new double[sources.length];
        Arrays.setAll(
                values,
                place ->
                        sources[place] < 0
                                ? axes.fresh().applyAsDouble(place)
                                : old[sources[place]]);
    }

    /** {@return how much longer it will be; of sparse weights about} */
    long cost() {
        double density = packed ? before.density() : 1;
        return Math.round(density * ((double) axes.lengthAfter() - axes.lengthBefore()));
    }

    /** {@return the connections that stay, in the new shape} */
    private TopologyChange kept() {
        int last = axes.axes().size() - 1;
        ParameterAxes faster =
                new ParameterAxes(
                        axes.key(), axes.kind(), axes.axes().subList(0, last), axes.fresh());
        return before.resize(faster.sources(), axes.axes().get(last).features().sources());
    }

    /** {@return what stays of the sparse connections; empty if there are none} */
    Optional<ResizedTopology> reshaped() {
        return before == null
                ? Optional.empty()
                : Optional.of(
                        new ResizedTopology(id, before, kept().topology(), kept().topology()));
    }

    private long[] newConnections(int firstNew, int[] templates, RandomGenerator random) {
        TreeSet<Long> grown = new TreeSet<>();
        int units = firstNew + templates.length;
        for (ParameterAxes.End end : ParameterAxes.End.values()) {
            axes.positions(end, units, this::place)
                    .ifPresent(
                            positions -> {
                                for (int i = 0; i < templates.length; i++) {
                                    int unit = firstNew + i;
                                    entries(positions, templates[i], grown, random)
                                            .forEach(
                                                    entry ->
                                                            grown.add(
                                                                    positions.whole(unit, entry)));
                                }
                            });
        }
        return grown.stream().mapToLong(Long::longValue).toArray();
    }

    /** {@return which entries of a new unit are active} */
    private IntStream entries(
            UnitPositions positions, int template, Set<Long> grown, RandomGenerator random) {
        int length = positions.length();
        if (template < 0) {
            long active = Math.max(1, Math.round(before.density() * length));
            return IntStream.of(SparseTopology.random(length, 1, active, random).columns());
        }
        int[] entries =
                IntStream.range(0, length)
                        .filter(
                                entry -> {
                                    long id = positions.whole(template, entry);
                                    return kept.topology().contains(id) || grown.contains(id);
                                })
                        .toArray();
        return IntStream.of(entries);
    }

    /** {@return the place of an entry of the whole in the parameter, -1 if it is inactive} */
    private int place(long id) {
        SparseTopology now = after == null ? before : after.topology();
        if (now == null) {
            return (int) id;
        } else if (packed) {
            return now.positionOf(id);
        }
        return id >= now.possibleCount() || now.contains(id) ? (int) id : -1;
    }

    /**
     * {@return the parameter seen from units: as it is, or once {@link #resize} was called as it
     * will be; empty if they have no part in its axis of that end}
     */
    Optional<UnitVectors> view(ParameterAxes.End end, int units, UnitVectors.NextBias nextBias) {
        return axes.positions(end, units, this::place)
                .map(
                        positions ->
                                new UnitVectors(
                                        id, positions, storage(), slots(), nextBias, axes.fresh()));
    }

    /** {@return the numbers as they are, to be changed in place, or as they will be} */
    UnitVectors.Values storage() {
        return values == null ? live(parameter.values()) : resized();
    }

    private List<UnitVectors.Values> slots() {
        return values == null
                ? parameter.slots().stream().map(ResizedParameter::live).toList()
                : List.of();
    }

    private UnitVectors.Values resized() {
        return new UnitVectors.Values() {
            @Override
            public double get(int place) {
                return values[place];
            }

            @Override
            public void set(int place, double value) {
                values[place] = value;
            }

            @Override
            public double[] all() {
                return values;
            }
        };
    }

    private static UnitVectors.Values live(INDArray vector) {
        return new UnitVectors.Values() {
            @Override
            public double get(int place) {
                return vector.getDouble(place);
            }

            @Override
            public void set(int place, double value) {
                vector.putScalar(place, value);
            }

            @Override
            public double[] all() {
                return vector.dup().data().asDouble();
            }
        };
    }

    /** {@return what becomes of the sparse connections; empty if there are none} */
    Optional<ResizedTopology> topology() {
        return before == null
                ? Optional.empty()
                : Optional.of(new ResizedTopology(id, before, kept.topology(), after.topology()));
    }

    /** {@return the values after the change} */
    INDArray values(INDArray old) {
        return like(old, values);
    }

    /** {@return a component of the optimizer's state after the change: what is new has zeros} */
    INDArray slots(INDArray old) {
        double[] from = old.toDoubleVector();
        return like(old, IntStream.of(sources).mapToDouble(it -> it < 0 ? 0 : from[it]).toArray());
    }

    private static INDArray like(INDArray array, double[] values) {
        return Nd4j.createFromArray(values).castTo(array.dataType());
    }
}
