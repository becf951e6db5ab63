package org.dl4jplasticity.pruning;

import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.Model;
import org.dl4jplasticity.journal.MutationJournal;
import org.dl4jplasticity.surgery.NetworkSnapshot;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Removes units, neurons or channels, for good: those of lowest score, those that are dead, or
 * those that others can stand for. Layers get smaller in place, as {@link
 * org.dl4jplasticity.surgery.NetworkSurgery} has it, and so do the next ones.
 *
 * <pre>{@code
 * Narrowing.by(UnitScore.relevance(examples)).fraction(0.2).atLeast(4).applyTo(network);
 * Narrowing.deadUnits().applyTo(network);
 * Narrowing.duplicates(1e-6).applyTo(network);
 * Narrowing.similar(examples).correlation(0.98).applyTo(network);
 * }</pre>
 *
 * <p>Dead units and duplicates go without any change of what the network computes at inference, to
 * rounding; those for which that isn't possible stay, and the answer says why. Where the outputs of
 * several layers are added, their units come and go together. No layer is ever emptied. To be
 * applied at rest, in {@code iterationDone} or {@code onEpochEnd}.
 */
public final class Narrowing {
    private final NarrowingRule rule;
    private final int atLeast;
    private final Set<String> layers;
    private final MutationJournal journal;

    private Narrowing(
            NarrowingRule rule, int atLeast, Set<String> layers, MutationJournal journal) {
        this.rule = rule;
        this.atLeast = atLeast;
        this.layers = layers;
        this.journal = journal;
    }

    private static Narrowing by(NarrowingRule rule) {
        return new Narrowing(rule, 1, Set.of(), null);
    }

    /** How many of the units of lowest score go. */
    public static final class Least {
        private final UnitScore score;

        private Least(UnitScore score) {
            this.score = score;
        }

        /**
         * {@return narrowing by the same share of every layer: {@code round(fraction n)} of its n
         * units}
         *
         * @param fraction in [0, 1)
         * @throws IllegalArgumentException if it is out of its range
         */
        public Narrowing fraction(double fraction) {
            return by(new LeastUnits(score, new LeastUnits.OfEachLayer(fraction)));
        }

        /**
         * {@return narrowing by a share of all units together: {@code round(fraction n)} of the n
         * units of all layers that take part} Scores of different layers are compared as they are:
         * those of relevance and {@linkplain UnitScore#firing firing} can be, norms of weights
         * hardly. If layers at their least width are in the way, the next in line go.
         *
         * @param fraction in [0, 1)
         * @throws IllegalArgumentException if it is out of its range
         */
        public Narrowing fractionOfAll(double fraction) {
            return by(new LeastUnits(score, new LeastUnits.OfAll(fraction)));
        }

        /**
         * {@return narrowing by all units whose score is at most a number}
         *
         * @param threshold a finite number
         * @throws IllegalArgumentException if it isn't finite
         */
        public Narrowing threshold(double threshold) {
            return by(new LeastUnits(score, new LeastUnits.UpTo(threshold)));
        }

        /** {@return narrowing to given widths, by the ids of groups} */
        Narrowing downTo(Map<String, Integer> widths) {
            return by(new LeastUnits(score, new LeastUnits.DownTo(widths)));
        }
    }

    /**
     * {@return narrowing by the units of lowest score} Of equal scores the unit that comes first
     * stays.
     *
     * @param score what units are worth
     */
    public static Least by(UnitScore score) {
        return new Least(score);
    }

    /**
     * {@return narrowing by the units that put out the same for every input, and those whose output
     * nobody gets} A unit whose incoming weights are all 0 puts out act(b); what the next layer
     * gets from it is added to that layer's biases and the unit goes. Units whose outgoing weights
     * are all 0 just go. Both again and again, since a unit that goes may leave others dead.
     *
     * <p>The constant is carried exactly through activation functions, dropout, batch normalization
     * with its running statistics, learned slopes and factors, max and average pooling without
     * padding, global max and average pooling, upsampling and cropping; 0 also through padding, sum
     * pooling and vertices that add and the like. It can be added to the biases of dense, sparse,
     * recurrent and output layers, and of convolutions without padding. Elsewhere the unit stays:
     * before padded or transposed convolutions, layer normalization, layers without biases. Units
     * of recurrent layers go if their outgoing weights are 0, those of layers with layer
     * normalization never.
     */
    public static Narrowing deadUnits() {
        return by(new DeadUnits(null));
    }

    /**
     * {@return narrowing by dead units as {@link #deadUnits()} has it, and by those that put out 0
     * for each of some examples} Outputs stay as they are for these examples. What batch
     * normalization and the like make of the 0 goes into the next biases. Not for recurrent layers.
     *
     * @param examples features, without masks; labels aren't looked at
     */
    public static Narrowing deadUnits(DataSet examples) {
        return deadUnits(examples.toMultiDataSet());
    }

    /**
     * {@return narrowing by dead units, for a graph of several inputs}
     *
     * @param examples features, without masks
     * @see #deadUnits(DataSet)
     */
    public static Narrowing deadUnits(MultiDataSet examples) {
        return by(new DeadUnits(examples));
    }

    /**
     * {@return narrowing by units that compute what another unit of their layer does, or a positive
     * multiple} Their outgoing weights, times that multiple, are added to those of the other unit,
     * and they go: the inverse of Net2Wider. Of several the first stays.
     *
     * <p>Two units are the same if their incoming weights and biases are, and what belongs to each
     * of them on the way to the next layers (batch normalization, learned slopes). Multiples count
     * where all from the sum of the inputs to the next layers is positively homogeneous: ReLU,
     * leaky ReLU or no activation function, pooling, learned slopes, no batch normalization. Units
     * of layers with layer normalization stay. Sparse outgoing weights are merged where the unit
     * that stays has the connections.
     *
     * @param tolerance the largest distance of incoming weights and biases, as a share of their
     *     Euclidean norm, at least 0 and less than 1; with 0 outputs stay the same to rounding, and
     *     multiples are found only where they are exact
     * @throws IllegalArgumentException if it is out of its range
     */
    public static Narrowing duplicates(double tolerance) {
        return by(new DuplicateUnits(tolerance));
    }

    /** How similar units have to be, or how many go. */
    public static final class Similar {
        private final MultiDataSet examples;

        private Similar(MultiDataSet examples) {
            this.examples = examples;
        }

        /**
         * {@return merging of units whose outputs are correlated} By |rho| over examples and
         * positions, of either sign; where constants can't be folded into the next biases, by the
         * magnitude of the cosine of what they put out.
         *
         * @param threshold in [0, 1): those of more are merged
         * @throws IllegalArgumentException if it is out of its range
         */
        public Narrowing correlation(double threshold) {
            return by(new SimilarUnits(examples, new SimilarUnits.Correlation(threshold)));
        }

        /**
         * {@return merging of units whose incoming weights, and biases, point the same way}
         *
         * @param threshold in [0, 1): those whose cosine is larger are merged
         * @throws IllegalArgumentException if it is out of its range
         */
        public Narrowing cosine(double threshold) {
            return by(new SimilarUnits(examples, new SimilarUnits.Cosine(threshold)));
        }

        /**
         * {@return merging of {@code round(fraction n)} of the n units of every layer, those of
         * largest {@linkplain #correlation correlation}} Fewer go if nothing else is correlated.
         *
         * @param fraction in [0, 1)
         * @throws IllegalArgumentException if it is out of its range
         */
        public Narrowing fraction(double fraction) {
            return by(new SimilarUnits(examples, new SimilarUnits.Fraction(fraction)));
        }
    }

    /**
     * {@return narrowing by units that another unit of their layer can nearly stand for} Over some
     * examples, and positions, what the next layer gets from a unit is fitted to what it gets from
     * another one by least squares: {@code h_j ~ a h_i + b}. Then {@code w_i += a w_j} of outgoing
     * weights, the next biases get {@code b w_j}, and unit j goes. Where constants can't be folded
     * into the next biases, as before padded convolutions, b is 0.
     *
     * <p>The most similar pair is merged first, and of two units the first stays. A unit that
     * stands for others goes only into one that is similar enough to all of them, to which each is
     * fitted. Exact {@linkplain #duplicates duplicates} are always the most similar, and merged
     * without regard to the examples; units that don't vary over the examples are similar to none.
     * Layers are merged one after the other, each over what the network computes by then. Units of
     * recurrent layers and of layers with layer normalization stay. Of units whose outputs
     * something changes behind a flattening or a merge, such as batch normalization there, or that
     * a merge puts beside what else became of them, all but exact duplicates stay.
     *
     * @param examples features, without masks; labels aren't looked at
     */
    public static Similar similar(DataSet examples) {
        return similar(examples.toMultiDataSet());
    }

    /**
     * {@return narrowing by similar units, for a graph of several inputs}
     *
     * @param examples features, without masks
     * @see #similar(DataSet)
     */
    public static Similar similar(MultiDataSet examples) {
        return new Similar(examples);
    }

    /**
     * {@return the same narrowing that leaves each layer at least some units} Unless it is called,
     * 1. Layers that have no more keep all they have.
     *
     * @param units at least 1
     * @throws IllegalArgumentException if it is less
     */
    public Narrowing atLeast(int units) {
        if (units < 1) {
            throw new IllegalArgumentException(
                    "a layer must keep at least 1 unit, got %d".formatted(units));
        }
        return new Narrowing(rule, units, layers, journal);
    }

    /**
     * {@return the same narrowing of some layers only, and of those that share their units} Unless
     * it is called, of all whose width can change.
     *
     * @param layerIds indexes in a MultiLayerNetwork, vertices' names in a ComputationGraph
     */
    public Narrowing only(String... layerIds) {
        return new Narrowing(rule, atLeast, Set.of(layerIds), journal);
    }

    /**
     * {@return the same narrowing that writes what it removes to a journal}
     *
     * @param journal open for writing
     */
    public Narrowing recordTo(MutationJournal journal) {
        return new Narrowing(rule, atLeast, layers, journal);
    }

    /**
     * Narrows a network.
     *
     * @param network an initialized {@code MultiLayerNetwork} or {@code ComputationGraph}
     * @return what was removed, and what had to stay
     * @throws IllegalArgumentException if a layer named can't be narrowed, the score can't rate the
     *     network, or sparse weights would be left without a connection; the network has then the
     *     structure, parameters and optimizer state that it had
     */
    public Narrowed applyTo(Model network) {
        NarrowingRun run = new NarrowingRun(network, layers, atLeast, journal);
        NetworkSnapshot before = NetworkSnapshot.of(network);
        try {
            rule.apply(run);
        } catch (IllegalArgumentException refused) {
            if (run.hasChanged()) {
                before.restore(network);
            }
            throw refused;
        }
        return run.finish();
    }
}
