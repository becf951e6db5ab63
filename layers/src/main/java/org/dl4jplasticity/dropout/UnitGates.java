package org.dl4jplasticity.dropout;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastMulOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Lets some units of the layer before through by chance while training, each example for itself,
 * without scaling: units that come into a network by and by are trained as the reverse of dropout
 * ("randomly activates additional neurons", Li, Milling, Schuller, arXiv:2503.21419). At inference
 * all units count. What is let through depends on seed, iteration, example and unit alone, so that
 * the same run sees the same, and all layers that get a unit agree.
 *
 * <p>Inputs are [minibatch, features], or with positions or steps behind the features.
 */
public final class UnitGates implements IDropout {
    private static final long serialVersionUID = 1;

    private final long seed;
    private final int[] units;
    private final List<UnitGate> gates;
    private final int[] gateOfFeature;
    private final IDropout inner;

    /**
     * Makes gates.
     *
     * @param seed of all chances
     * @param units for every input feature the number of its unit, which decides its chances; -1
     *     for a feature without a gate; copied
     * @param gateOfFeature for every input feature its gate, an index into the gates; -1 for none;
     *     copied
     * @param gates the gates
     * @param inner another dropout that acts on the input first; null for none
     */
    @JsonCreator
    public UnitGates(
            @JsonProperty("seed") long seed,
            @JsonProperty("units") int[] units,
            @JsonProperty("gateOfFeature") int[] gateOfFeature,
            @JsonProperty("gates") List<UnitGate> gates,
            @JsonProperty("inner") IDropout inner) {
        if (units.length != gateOfFeature.length) {
            throw new IllegalArgumentException(
                    "gates need a unit and a gate for every feature, got %d and %d"
                            .formatted(units.length, gateOfFeature.length));
        }
        this.seed = seed;
        this.units = units.clone();
        this.gateOfFeature = gateOfFeature.clone();
        this.gates = List.copyOf(gates);
        this.inner = inner;
    }

    /**
     * {@return a dropout with one more gate, in place of those that the same features had, and
     * without those that are wide open}
     *
     * @param before what acts on the input so far; null for nothing
     * @param seed of all chances; that of gates there are already stays
     * @param units for every input feature the number of its unit; -1 for one without the new gate
     * @param gate the gate
     * @param iteration the iterations done
     */
    public static UnitGates with(
            IDropout before, long seed, int[] units, UnitGate gate, int iteration) {
        UnitGates known =
                before instanceof UnitGates own
                        ? own
                        : new UnitGates(
                                seed, none(units.length), none(units.length), List.of(), before);
        int[] allUnits = known.units.clone();
        int[] allGates = known.gateOfFeature.clone();
        List<UnitGate> gates = new ArrayList<>(known.gates);
        gates.add(gate);
        for (int feature = 0; feature < units.length; feature++) {
            if (units[feature] >= 0) {
                allUnits[feature] = units[feature];
                allGates[feature] = gates.size() - 1;
            } else if (allGates[feature] >= 0
                    && gates.get(allGates[feature]).openness(iteration) == 1) {
                allUnits[feature] = -1;
                allGates[feature] = -1;
            }
        }
        return new UnitGates(known.seed, allUnits, allGates, gates, known.inner);
    }

    private static int[] none(int length) {
        int[] none = new int[length];
        Arrays.fill(none, -1);
        return none;
    }

    /**
     * {@return the gates of what is left after features came and went; new ones have none}
     *
     * @param sources for every feature afterwards the one it was, or -1 if it is new
     */
    public UnitGates resized(int[] sources) {
        return new UnitGates(
                seed, carried(units, sources), carried(gateOfFeature, sources), gates, inner);
    }

    private static int[] carried(int[] of, int[] sources) {
        return Arrays.stream(sources).map(source -> source < 0 ? -1 : of[source]).toArray();
    }

    /** {@return the seed of all chances} */
    @JsonProperty("seed")
    public long seed() {
        return seed;
    }

    /** {@return for every input feature the number of its unit, or -1; a copy} */
    @JsonProperty("units")
    public int[] units() {
        return units.clone();
    }

    /** {@return for every input feature its gate, or -1; a copy} */
    @JsonProperty("gateOfFeature")
    public int[] gateOfFeature() {
        return gateOfFeature.clone();
    }

    /** {@return the gates} */
    @JsonProperty("gates")
    public List<UnitGate> gates() {
        return gates;
    }

    /** {@return the dropout that acts on the input first; null for none} */
    @JsonProperty("inner")
    public IDropout inner() {
        return inner;
    }

    @Override
    public INDArray applyDropout(
            INDArray input,
            INDArray result,
            int iteration,
            int epoch,
            LayerWorkspaceMgr workspaceMgr) {
        if (inner != null) {
            inner.applyDropout(input, result, iteration, epoch, workspaceMgr);
        } else if (input != result) {
            result.assign(input);
        }
        gate(result, iteration);
        return result;
    }

    @Override
    public INDArray backprop(
            INDArray gradientAtOutput, INDArray gradientAtInput, int iteration, int epoch) {
        if (gradientAtOutput != gradientAtInput) {
            gradientAtInput.assign(gradientAtOutput);
        }
        gate(gradientAtInput, iteration);
        if (inner != null) {
            inner.backprop(gradientAtInput, gradientAtInput, iteration, epoch);
        }
        return gradientAtInput;
    }

    /** Multiplies by what is let through. */
    private void gate(INDArray activations, int iteration) {
        if (activations.size(1) != units.length) {
            throw new IllegalStateException(
                    "gates are for %d features, got an input of %d"
                            .formatted(units.length, activations.size(1)));
        }
        int examples = (int) activations.size(0);
        float[] open = new float[Math.multiplyExact(examples, units.length)];
        for (int feature = 0; feature < units.length; feature++) {
            double chance =
                    gateOfFeature[feature] < 0
                            ? 1
                            : gates.get(gateOfFeature[feature]).openness(iteration);
            for (int example = 0; example < examples; example++) {
                boolean passes = chance == 1 || draw(iteration, example, units[feature]) < chance;
                open[example * units.length + feature] = passes ? 1 : 0;
            }
        }
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            INDArray mask =
                    Nd4j.createFromArray(open)
                            .reshape('c', new long[] {examples, units.length})
                            .castTo(activations.dataType());
            if (activations.rank() == 2) {
                activations.muli(mask);
            } else {
                Nd4j.exec(new BroadcastMulOp(activations, mask, activations, 0, 1));
            }
        }
    }

    /** {@return a number in [0, 1) that belongs to this iteration, example and unit} */
    private double draw(int iteration, int example, int unit) {
        long where = ((long) iteration << 40) ^ ((long) example << 20) ^ unit;
        return new SplittableRandom(seed ^ where * 0x9E3779B97F4A7C15L).nextDouble();
    }

    @Override
    public void clear() {
        if (inner != null) {
            inner.clear();
        }
    }

    @Override
    public UnitGates clone() {
        return new UnitGates(
                seed, units, gateOfFeature, gates, inner == null ? null : inner.clone());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UnitGates that
                && seed == that.seed
                && Arrays.equals(units, that.units)
                && Arrays.equals(gateOfFeature, that.gateOfFeature)
                && gates.equals(that.gates)
                && Objects.equals(inner, that.inner);
    }

    @Override
    public int hashCode() {
        return Objects.hash(seed, Arrays.hashCode(units), gates);
    }
}
