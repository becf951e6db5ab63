package org.dl4jplasticity.growth;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.dl4jplasticity.surgery.UnitInitialization;
import org.dl4jplasticity.surgery.UnitVectors;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * See {@link NewUnits#orthogonal(Supplier)}. With {@code S} the covariance of the layer's inputs
 * and {@code C} a root of its inverse, weights {@code C q} and weights {@code w} have orthogonal
 * pre-activations where {@code q} is orthogonal to {@code C^T S w}; a random {@code q} gives the
 * same distribution as the pseudo-inverse of the inputs times a random vector of pre-activations.
 *
 * @param batch gives the examples
 */
record Orthogonal(Supplier<? extends MultiDataSet> batch) implements UnitInitialization {

    /** What is left of a direction below this share of it is taken for rounding. */
    private static final double ROUNDING = 1e-6;

    @Override
    public Plan plan(Site site, int added, RandomGenerator random) {
        GrowthSite.requirePlain(site, "orthogonal initialization");
        UnitVectors weights = site.units().incoming().get(0);
        requireAllActive(site, weights);
        double[][] existing =
                IntStream.range(0, site.units().count())
                        .mapToObj(unit -> withBias(site, unit))
                        .toArray(double[][]::new);
        double[][] found = found(site, covariance(site), existing, added, random);
        double length =
                IntStream.range(0, existing.length)
                        .mapToDouble(unit -> Matrices.norm(weights.get(unit)))
                        .average()
                        .orElse(0);
        return (units, firstNew) -> {
            UnitVectors incoming = units.incoming().get(0);
            for (int i = 0; i < added; i++) {
                double[] vector = Arrays.copyOf(found[i], incoming.length());
                double factor = length / Matrices.norm(vector);
                incoming.set(firstNew + i, Matrices.scaled(vector, factor));
                for (UnitVectors biases : units.biases()) {
                    double bias = found[i][incoming.length()] * factor;
                    biases.set(firstNew + i, new double[] {bias});
                }
            }
        };
    }

    private static void requireAllActive(Site site, UnitVectors weights) {
        for (int unit = 0; unit < site.units().count(); unit++) {
            for (int entry = 0; entry < weights.length(); entry++) {
                if (!weights.isActive(unit, entry)) {
                    throw new IllegalArgumentException(
                            "Layer %s: orthogonal initialization expects that all connections are active, got a sparse layer"
                                    .formatted(site.layerId()));
                }
            }
        }
    }

    /** A unit's weights, and its bias if it has one. */
    private static double[] withBias(Site site, int unit) {
        List<UnitVectors> biases = site.units().biases();
        double[] weights = site.units().incoming().get(0).get(unit);
        double[] both = Arrays.copyOf(weights, weights.length + biases.size());
        for (int i = 0; i < biases.size(); i++) {
            both[weights.length + i] = biases.get(i).get(unit)[0];
        }
        return both;
    }

    private double[] covariance(Site site) {
        MultiDataSet examples = batch.get();
        Recording recording = Recording.of(site.model(), site.layerId(), examples);
        Layer layer = Networks.layer(recording.copy(), site.layerId()).conf().getLayer();
        LayerRows rows = LayerRows.of(layer, recording.input(), recording.preActivation().shape());
        return GrowthStatistics.covariance(
                rows,
                (int) recording.input().size(0),
                !site.units().biases().isEmpty(),
                (double) examples.getFeatures(0).size(0));
    }

    private static double[][] found(
            Site site,
            double[] covariance,
            double[][] existing,
            int added,
            RandomGenerator random) {
        InverseRoot root = InverseRoot.of(covariance, TinyDirections.EIGENVALUE);
        List<double[]> basis = new ArrayList<>();
        for (double[] weights : existing) {
            double[] image = Products.product(covariance, root.size(), root.size(), weights, 1);
            addOrthogonal(basis, root.reduced(image, 1));
        }
        if (basis.size() + added > root.rank()) {
            throw new IllegalArgumentException(
                    "Layer %s: the batch has room for %d orthogonal pre-activations and the layer's units take %d of them, so that %d more can't be had"
                            .formatted(site.layerId(), root.rank(), basis.size(), added));
        }
        double[][] found = new double[added][];
        for (int i = 0; i < added; i++) {
            while (!addOrthogonal(basis, gaussian(root.rank(), random))) {
                // What is drawn lies in the directions taken once in a blue moon.
            }
            found[i] =
                    Products.product(
                            root.root(), root.size(), root.rank(), basis.get(basis.size() - 1), 1);
        }
        return found;
    }

    private static double[] gaussian(int count, RandomGenerator random) {
        return IntStream.range(0, count).mapToDouble(i -> random.nextGaussian()).toArray();
    }

    /** Adds the direction of what a basis does not have of a vector; false if that is nothing. */
    private static boolean addOrthogonal(List<double[]> basis, double[] vector) {
        double[] rest = vector.clone();
        for (int pass = 0; pass < 2; pass++) { // a second one takes away what rounding left
            for (double[] other : basis) {
                Matrices.add(rest, -Matrices.product(other, rest), other);
            }
        }
        double norm = Matrices.norm(rest);
        if (norm <= ROUNDING * Matrices.norm(vector)) {
            return false;
        }
        basis.add(Matrices.scaled(rest, 1 / norm));
        return true;
    }

    @Override
    public String toString() {
        return "orthogonal";
    }
}
