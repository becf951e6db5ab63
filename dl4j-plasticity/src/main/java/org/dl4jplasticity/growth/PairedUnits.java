package org.dl4jplasticity.growth;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.dl4jplasticity.surgery.UnitInitialization;
import org.dl4jplasticity.surgery.UnitVectors;
import org.dl4jplasticity.surgery.Units;

/** See {@link NewUnits#paired()}. */
record PairedUnits() implements UnitInitialization {

    @Override
    public Plan plan(Site site, int added, RandomGenerator random) {
        if (added % 2 != 0) {
            throw new IllegalArgumentException(
                    "Layer %s: units that start in pairs are added by an even number, got %d"
                            .formatted(site.layerId(), added));
        }
        return new Pairs(WeightSpread.incoming(site), WeightSpread.outgoing(site), random);
    }

    private record Pairs(
            List<WeightSpread> incoming, List<WeightSpread> outgoing, RandomGenerator random)
            implements Plan {

        @Override
        public void write(Units units, int firstNew) {
            write(units.incoming(), incoming, units.count(), firstNew, 1);
            write(units.outgoing(), outgoing, units.count(), firstNew, -1);
        }

        private void write(
                List<UnitVectors> groups,
                List<WeightSpread> spreads,
                int count,
                int firstNew,
                double sign) {
            for (int group = 0; group < groups.size(); group++) {
                UnitVectors vectors = groups.get(group);
                for (int unit = firstNew; unit < count; unit += 2) {
                    double[] drawn = spreads.get(group).draw(vectors.length(), random);
                    double[] both = Sharing.masked(vectors, drawn, unit, unit + 1);
                    vectors.set(unit, both);
                    vectors.set(unit + 1, Matrices.scaled(both, sign));
                }
            }
        }

        @Override
        public int[] templates(int firstNew, int added) {
            int[] templates = new int[added];
            Arrays.setAll(templates, i -> i % 2 == 0 ? -1 : firstNew + i - 1);
            return templates;
        }
    }

    @Override
    public String toString() {
        return "paired";
    }
}
