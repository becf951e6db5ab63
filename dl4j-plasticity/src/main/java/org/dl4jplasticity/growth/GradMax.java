package org.dl4jplasticity.growth;

import java.util.Arrays;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.dl4jplasticity.surgery.UnitInitialization;
import org.dl4jplasticity.surgery.UnitVectors;
import org.dl4jplasticity.surgery.Units;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * See {@link NewUnits#gradMax(Supplier, double)}.
 *
 * @param batch gives the examples
 * @param scale the length of new units' outgoing weights, as a share of the mean of the others'
 */
record GradMax(Supplier<? extends MultiDataSet> batch, double scale) implements UnitInitialization {

    /** The bias where an activation function has no slope at 0. */
    static final double BIAS = 0.1;

    GradMax {
        if (!(scale > 0 && Double.isFinite(scale))) {
            throw new IllegalArgumentException("scale must be greater than 0, got " + scale);
        }
    }

    @Override
    public Plan plan(Site site, int added, RandomGenerator random) {
        GrowthSite growth = GrowthSite.of(site, "GradMax");
        double bias = bias(site, growth);
        Constant constant = Constant.of(site, growth, "GradMax", bias);
        GrowthStatistics statistics = GrowthStatistics.of(growth, batch.get());
        SingularVectors vectors = gradient(statistics);
        if (vectors.count() == 0) {
            throw new IllegalArgumentException(
                    "Layer %s: GradMax expects a batch on which new units have a gradient, got none but 0"
                            .formatted(site.layerId()));
        }
        double[][] directions = directions(vectors, added, random);
        double length = scale * meanLength(site);
        return (units, firstNew) -> write(units, firstNew, directions, length, bias, constant);
    }

    /** {@return the decomposition of the gradient by an auxiliary linear map} */
    static SingularVectors gradient(GrowthStatistics statistics) {
        return SingularVectors.of(
                statistics.gradient(), statistics.incomingLength(), statistics.outgoingLength());
    }

    /** Further units than there are directions get mixtures of them, so that no two are alike. */
    private static double[][] directions(
            SingularVectors vectors, int added, RandomGenerator random) {
        double[][] directions = Arrays.copyOf(vectors.right(), added);
        for (int unit = vectors.count(); unit < added; unit++) {
            double[] mixture = new double[vectors.right()[0].length];
            for (int i = 0; i < vectors.count(); i++) {
                double share = vectors.values()[i] * random.nextGaussian();
                Matrices.add(mixture, share, vectors.right()[i]);
            }
            directions[unit] = mixture;
        }
        return directions;
    }

    private static double bias(Site site, GrowthSite growth) {
        if (growth.function().slope(0) != 0) {
            return 0;
        }
        if (!growth.hasBias()) {
            throw new IllegalArgumentException(
                    "Layer %s: GradMax expects a layer with biases where the activation function has no slope at 0, got one without"
                            .formatted(site.layerId()));
        }
        if (growth.function().slope(BIAS) == 0) {
            throw new IllegalArgumentException(
                    "Layer %s: GradMax expects an activation function with a slope at 0 or %s, got none at either"
                            .formatted(site.layerId(), BIAS));
        }
        return BIAS;
    }

    private static double meanLength(Site site) {
        UnitVectors outgoing = site.units().outgoing().get(0);
        double mean =
                IntStream.range(0, site.units().count())
                        .mapToDouble(unit -> Matrices.norm(outgoing.get(unit)))
                        .average()
                        .orElse(0);
        return mean > 0
                ? mean
                : WeightSpread.outgoing(site).get(0).deviation() * Math.sqrt(outgoing.length());
    }

    private static void write(
            Units units,
            int firstNew,
            double[][] directions,
            double length,
            double bias,
            Constant constant) {
        UnitVectors outgoing = units.outgoing().get(0);
        for (int unit = firstNew; unit < units.count(); unit++) {
            units.incoming().get(0).set(unit, new double[units.incoming().get(0).length()]);
            for (UnitVectors biases : units.biases()) {
                biases.set(unit, new double[] {bias});
            }
            double[] direction = Sharing.masked(outgoing, directions[unit - firstNew], unit);
            double norm = Matrices.norm(direction);
            double factor = norm > 0 ? length / norm : 0;
            constant.write(outgoing, unit, Matrices.scaled(direction, factor));
        }
    }

    @Override
    public String toString() {
        return "GradMax(scale %s)".formatted(scale);
    }
}
