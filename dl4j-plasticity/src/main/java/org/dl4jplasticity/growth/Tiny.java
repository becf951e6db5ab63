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
        TinyDirections directions =
                TinyDirections.of(GrowthStatistics.of(growth, examples), threshold, added);
        double amplitude =
                directions.count() == 0 ? 0 : amplitude(site, directions, constant, examples);
        if (amplitude == 0) {
            return new ZeroOutgoing().plan(site, added, random);
        }
        Extension extension = new Extension(directions, amplitude, constant);
        List<WeightSpread> spreads = WeightSpread.incoming(site);
        return (units, firstNew) -> {
            extension.write(units, firstNew);
            int rest = firstNew + directions.count();
            RandomUnits.draw(units.incoming(), spreads, rest, units.count(), random);
        };
    }

    /** Tries the directions on a copy of the network that has the new units. */
    private static double amplitude(
            Site site, TinyDirections directions, Constant constant, MultiDataSet batch) {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            Model copy = DoubleCopy.withoutNoise(site.model());
            MultiDataSet doubles = Networks.doubles(batch);
            double without = Networks.loss(copy, doubles);
            int firstNew = site.units().count();
            NetworkSurgery surgery = NetworkSurgery.of(copy);
            Plan nothing = (units, first) -> {};
            surgery.widen(site.layerId(), directions.count(), (old, added, random) -> nothing, 0);
            Units units = surgery.units(site.layerId());
            return Amplitude.search(
                    without,
                    amplitude -> {
                        new Extension(directions, amplitude, constant).write(units, firstNew);
                        return Networks.loss(copy, doubles);
                    });
        }
    }

    /** New units in the directions, at an amplitude. */
    private record Extension(TinyDirections directions, double amplitude, Constant constant) {

        void write(Units units, int firstNew) {
            UnitVectors incoming = units.incoming().get(0);
            for (int i = 0; i < directions.count(); i++) {
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
    }

    @Override
    public String toString() {
        return "TINY(threshold %s)".formatted(threshold);
    }
}
