package org.dl4jplasticity.growth;

import java.util.List;
import java.util.random.RandomGenerator;
import org.dl4jplasticity.surgery.UnitInitialization;
import org.dl4jplasticity.surgery.UnitVectors;

/** See {@link NewUnits#random()}. */
record RandomUnits() implements UnitInitialization {

    @Override
    public Plan plan(Site site, int added, RandomGenerator random) {
        List<WeightSpread> incoming = WeightSpread.incoming(site);
        List<WeightSpread> outgoing = WeightSpread.outgoing(site);
        return (units, firstNew) -> {
            draw(units.incoming(), incoming, firstNew, units.count(), random);
            draw(units.outgoing(), outgoing, firstNew, units.count(), random);
        };
    }

    /** Draws all weights of some units. */
    static void draw(
            List<UnitVectors> groups,
            List<WeightSpread> spreads,
            int from,
            int to,
            RandomGenerator random) {
        for (int group = 0; group < groups.size(); group++) {
            for (int unit = from; unit < to; unit++) {
                UnitVectors vectors = groups.get(group);
                vectors.set(unit, spreads.get(group).draw(vectors.length(), random));
            }
        }
    }

    @Override
    public String toString() {
        return "random";
    }
}
