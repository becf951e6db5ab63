package org.dl4jplasticity.growth;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.deeplearning4j.nn.api.Model;
import org.dl4jplasticity.pruning.DoubleCopy;
import org.dl4jplasticity.surgery.NetworkSurgery;
import org.dl4jplasticity.surgery.UnitInitialization;
import org.dl4jplasticity.surgery.UnitVectors;
import org.dl4jplasticity.surgery.Units;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * See {@link NewUnits#tiny(Supplier, double)}.
 *
 * @param batch gives the examples
 * @param threshold singular values below it are no directions
 */
record Tiny(Supplier<? extends MultiDataSet> batch, double threshold)
        implements UnitInitialization {

    Tiny {
        if (!(threshold >= 0 && Double.isFinite(threshold))) {
            throw new IllegalArgumentException(
                    "the threshold of singular values must be at least 0, got " + threshold);
        }
    }

    @Override
    public Plan plan(Site site, int added, RandomGenerator random) {
        GrowthSite growth = GrowthSite.of(site, "TINY");
        Constant constant = Constant.of(site, growth, "TINY", 0);
        MultiDataSet examples = batch.get();
        GrowthStatistics statistics = GrowthStatistics.of(growth, examples);
        TinyDirections directions =
                TinyDirections.of(statistics, threshold, added)
                        .oriented(statistics, growth.function());
        if (directions.count() == 0) {
            return new ZeroOutgoing().plan(site, added, random);
        }
        // Connections like those of old units are known before the line search.
        int[] templates = random.ints(added, 0, site.units().count()).toArray();
        Extension shape = new Extension(directions, 0, constant, templates);
        double amplitude = amplitude(site, shape, examples);
        if (amplitude == 0) {
            return new ZeroOutgoing().plan(site, added, random);
        }
        return new Extended(shape.at(amplitude), WeightSpread.incoming(site), random);
    }

    /** Tries units on a copy of the network that has them. */
    private static double amplitude(Site site, Extension shape, MultiDataSet batch) {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            Model copy = DoubleCopy.withoutNoise(site.model());
            MultiDataSet doubles = Networks.doubles(batch);
            double without = Networks.loss(copy, doubles);
            NetworkSurgery surgery = NetworkSurgery.of(copy);
            surgery.widen(site.layerId(), shape.count(), (old, added, random) -> shape, 0);
            Units units = surgery.units(site.layerId());
            return Amplitude.search(
                    without,
                    amplitude -> {
                        shape.at(amplitude).write(units, site.units().count());
                        return Networks.loss(copy, doubles);
                    });
        }
    }

    /** New units in the directions, at an amplitude. */
    @SuppressWarnings("ArrayRecordComponent") // handed on, compared by nobody
    private record Extension(
            TinyDirections directions, double amplitude, Constant constant, int[] templates)
            implements Plan {

        Extension at(double other) {
            return new Extension(directions, other, constant, templates);
        }

        int count() {
            return directions.count();
        }

        @Override
        public void write(Units units, int firstNew) {
            UnitVectors incoming = units.incoming().get(0);
            for (int i = 0; i < count(); i++) {
                double[] all = Matrices.scaled(directions.incoming()[i], amplitude);
                incoming.set(firstNew + i, Arrays.copyOf(all, incoming.length()));
                for (UnitVectors biases : units.biases()) {
                    biases.set(firstNew + i, new double[] {all[incoming.length()]});
                }
                constant.write(
                        units.outgoing().get(0),
                        firstNew + i,
                        Matrices.scaled(directions.outgoing()[i], amplitude));
            }
        }

        @Override
        public int[] templates(int firstNew, int added) {
            return Arrays.copyOf(templates, added);
        }
    }

    /** And others, if there are more than directions, without outgoing weights. */
    private record Extended(Extension extension, List<WeightSpread> spreads, RandomGenerator random)
            implements Plan {

        @Override
        public void write(Units units, int firstNew) {
            extension.write(units, firstNew);
            int rest = firstNew + extension.count();
            RandomUnits.draw(units.incoming(), spreads, rest, units.count(), random);
        }

        @Override
        public int[] templates(int firstNew, int added) {
            return extension.templates(firstNew, added);
        }
    }

    @Override
    public String toString() {
        return "TINY(threshold %s)".formatted(threshold);
    }
}
