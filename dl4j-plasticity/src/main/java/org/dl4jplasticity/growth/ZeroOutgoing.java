package org.dl4jplasticity.growth;

import java.util.List;
import java.util.random.RandomGenerator;
import org.dl4jplasticity.surgery.UnitInitialization;
import org.dl4jplasticity.surgery.UnitVectors;

/** See {@link NewUnits#zeroOutgoing()}. */
record ZeroOutgoing() implements UnitInitialization {

    @Override
    public Plan plan(Site site, int added, RandomGenerator random) {
        List<WeightSpread> incoming = WeightSpread.incoming(site);
        return (units, firstNew) -> {
            RandomUnits.draw(units.incoming(), incoming, firstNew, units.count(), random);
            // Those of a recurrent layer to itself were just drawn as incoming ones.
            for (UnitVectors group : units.outgoing()) {
                for (int unit = firstNew; unit < units.count(); unit++) {
                    group.set(unit, new double[group.length()]);
                }
            }
        };
    }

    @Override
    public String toString() {
        return "zero outgoing";
    }
}
