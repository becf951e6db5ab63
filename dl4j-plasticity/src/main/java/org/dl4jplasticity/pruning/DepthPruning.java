package org.dl4jplasticity.pruning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.Model;
import org.dl4jplasticity.surgery.NetworkOutline;
import org.dl4jplasticity.surgery.NetworkOutline.Part;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Removes whole layers and residual branches: those without which a network represents examples
 * most as it did.
 *
 * <pre>{@code
 * Shortened shortened = DepthPruning.byCka(examples).atLeastSimilar(0.999).applyTo(network);
 * Shortened twoLess = DepthPruning.byCka(examples).atMost(2).applyTo(network);
 * }</pre>
 *
 * <p>Pons, Yamamoto, Reali Costa and Jordao, "Effective Layer Pruning Through Similarity Metric
 * Perspective" (2024): for each {@linkplain LayerRemoval#candidates part that can go} the {@link
 * LinearCka} between what the network's output layers get with it and without it. The part of
 * highest similarity goes (of equal ones the first), and so on. Here the network is compared with
 * the one given in every round, so that small losses can't add up unseen, and nothing is trained in
 * between: a step of several rounds with training is several prunings. Where there are several
 * outputs the least similar representation counts.
 *
 * <p>The answer is a new network, as {@link LayerRemoval} makes it, which retraining may follow;
 * the given one stays as it is. Each round runs all examples through a copy of the network for
 * every candidate: some hundred examples are enough.
 */
public final class DepthPruning {
    private static final int FEWEST_EXAMPLES = 3;

    private final MultiDataSet examples;
    private final int atMost;
    private final double atLeastSimilar;
    private final Set<String> only;

    private DepthPruning(
            MultiDataSet examples, int atMost, double atLeastSimilar, Set<String> only) {
        this.examples = examples;
        this.atMost = atMost;
        this.atLeastSimilar = atLeastSimilar;
        this.only = only;
    }

    /** How much goes. */
    public static final class Stop {
        private final DepthPruning all;

        private Stop(DepthPruning all) {
            this.all = all;
        }

        /**
         * {@return pruning by a number of parts, or as many as can go}
         *
         * @param parts at least 1
         * @throws IllegalArgumentException if it is less
         * @see DepthPruning#atMost
         */
        public DepthPruning atMost(int parts) {
            return all.atMost(parts);
        }

        /**
         * {@return pruning until no part can go without the similarity falling below a number}
         *
         * @param similarity in [0, 1]
         * @throws IllegalArgumentException if it is out of its range
         * @see DepthPruning#atLeastSimilar
         */
        public DepthPruning atLeastSimilar(double similarity) {
            return all.atLeastSimilar(similarity);
        }
    }

    /**
     * {@return pruning by the similarity of representations}
     *
     * @param examples features of at least 3, since all representations of fewer are alike; without
     *     masks. Labels aren't looked at.
     * @throws IllegalArgumentException if they are fewer
     */
    public static Stop byCka(DataSet examples) {
        return byCka(examples.toMultiDataSet());
    }

    /**
     * {@return pruning by the similarity of representations, for a graph of several inputs}
     *
     * @param examples features of at least 3, without masks
     * @throws IllegalArgumentException if they are fewer
     * @see #byCka(DataSet)
     */
    public static Stop byCka(MultiDataSet examples) {
        long count = examples.getFeatures(0).size(0);
        if (count < FEWEST_EXAMPLES) {
            throw new IllegalArgumentException(
                    "similarity of representations: expected at least %d examples, since all representations of fewer are alike, got %d"
                            .formatted(FEWEST_EXAMPLES, count));
        }
        return new Stop(new DepthPruning(examples, Integer.MAX_VALUE, 0, Set.of()));
    }

    /**
     * {@return the same pruning that removes no more than some parts}
     *
     * @param parts at least 1
     * @throws IllegalArgumentException if it is less
     */
    public DepthPruning atMost(int parts) {
        if (parts < 1) {
            throw new IllegalArgumentException(
                    "the number of parts to remove must be at least 1, got %d".formatted(parts));
        }
        return new DepthPruning(examples, parts, atLeastSimilar, only);
    }

    /**
     * {@return the same pruning that ends before the similarity falls below a number}
     *
     * @param similarity in [0, 1]
     * @throws IllegalArgumentException if it is out of its range
     */
    public DepthPruning atLeastSimilar(double similarity) {
        if (!(similarity >= 0 && similarity <= 1)) {
            throw new IllegalArgumentException(
                    "the least similarity must be in [0, 1], got " + similarity);
        }
        return new DepthPruning(examples, atMost, similarity, only);
    }

    /**
     * {@return the same pruning of some parts only} Unless it is called, of all that can go.
     *
     * @param ids of {@link LayerRemoval#candidates}
     */
    public DepthPruning only(String... ids) {
        return new DepthPruning(examples, atMost, atLeastSimilar, Set.of(ids));
    }

    /**
     * {@return a new network without what could go, and what that was}
     *
     * @param network an initialized {@code MultiLayerNetwork} or {@code ComputationGraph}, which
     *     stays as it is
     * @throws IllegalArgumentException if it is anything else, a part named can't go, or the
     *     examples have masks
     */
    public Shortened applyTo(Model network) {
        NetworkOutline outline = NetworkOutline.of(network);
        Set<String> candidates = new RemovableParts(outline).all().keySet();
        for (String id : only) {
            if (!candidates.contains(id)) {
                throw new IllegalArgumentException(
                        "expected some of %s, which can be removed, got '%s'"
                                .formatted(candidates, id));
            }
        }
        Map<String, double[][]> before = representations(network, outline);
        List<Shortened.Removed> removed = new ArrayList<>();
        while (removed.size() < atMost) {
            Shortened.Removed best = mostSimilar(outline, before);
            if (best == null || best.similarity() < atLeastSimilar) {
                break;
            }
            new RemovableParts(outline).remove(best.part().id());
            removed.add(best);
        }
        return new Shortened(outline.build(0), removed); // nothing is new
    }

    /** {@return what had best go next, without removing it; null if nothing can go} */
    private Shortened.Removed mostSimilar(NetworkOutline outline, Map<String, double[][]> before) {
        Shortened.Removed best = null;
        for (String id : new RemovableParts(outline).all().keySet()) {
            if (only.isEmpty() || only.contains(id)) {
                NetworkOutline without = outline.copy();
                Removable part = new RemovableParts(without).remove(id);
                double similarity = similarity(without, before);
                if (best == null || similarity > best.similarity()) {
                    best = new Shortened.Removed(part, similarity);
                }
            }
        }
        return best;
    }

    private double similarity(NetworkOutline outline, Map<String, double[][]> before) {
        return representations(outline.build(0), outline).entrySet().stream()
                .mapToDouble(after -> LinearCka.of(before.get(after.getKey()), after.getValue()))
                .min()
                .orElseThrow();
    }

    /**
     * {@return what each output layer gets, by the output's id}
     *
     * @param network built as the outline has it
     */
    private Map<String, double[][]> representations(Model network, NetworkOutline outline) {
        Map<String, double[][]> representations = new LinkedHashMap<>();
        for (Part part : outline.parts().values()) {
            if (part.node().isOutput()) {
                List<String> inputs =
                        part.inputs().stream()
                                .map(
                                        input ->
                                                outline.parts().containsKey(input)
                                                        ? outline.idInBuilt(input)
                                                        : input)
                                .toList();
                representations.put(
                        part.id(), joined(Representation.of(network, inputs, examples)));
            }
        }
        return representations;
    }

    /** {@return the features of all, one after the other} */
    private static double[][] joined(List<double[][]> all) {
        double[][] rows = new double[all.get(0).length][];
        for (int example = 0; example < rows.length; example++) {
            int row = example;
            rows[example] =
                    all.stream().flatMapToDouble(each -> Arrays.stream(each[row])).toArray();
        }
        return rows;
    }
}
