package org.dl4jplasticity.growth;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.dl4jplasticity.surgery.UnitInitialization;
import org.dl4jplasticity.surgery.UnitVectors;
import org.dl4jplasticity.surgery.Units;

/**
 * See {@link NewUnits#net2Wider(double)}.
 *
 * @param noise the noise on the copies' incoming weights, as a share of the spread of the weights
 */
record Net2Wider(double noise) implements UnitInitialization {

    Net2Wider {
        if (!(noise >= 0 && Double.isFinite(noise))) {
            throw new IllegalArgumentException("noise must be at least 0, got " + noise);
        }
    }

    @Override
    public Plan plan(Site site, int added, RandomGenerator random) {
        int[] sources = random.ints(added, 0, site.units().count()).toArray();
        return new Copies(sources, noise, WeightSpread.incoming(site), random);
    }

    /**
     * Units that are copies.
     *
     * @param sources the unit each is a copy of
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, compared by nobody
    private record Copies(
            int[] sources, double noise, List<WeightSpread> spreads, RandomGenerator random)
            implements Plan {

        @Override
        public void write(Units units, int firstNew) {
            copy(units.incoming(), firstNew);
            copy(units.biases(), firstNew);
            copy(units.passing(), firstNew);
            if (noise > 0) {
                disturb(units.incoming(), firstNew);
            }
            for (UnitVectors outgoing : units.outgoing()) {
                share(outgoing, firstNew);
            }
        }

        private void copy(List<UnitVectors> groups, int firstNew) {
            for (UnitVectors vectors : groups) {
                for (int i = 0; i < sources.length; i++) {
                    vectors.set(firstNew + i, vectors.get(sources[i]));
                }
            }
        }

        private void disturb(List<UnitVectors> groups, int firstNew) {
            for (int group = 0; group < groups.size(); group++) {
                UnitVectors vectors = groups.get(group);
                for (int i = 0; i < sources.length; i++) {
                    double[] weights = vectors.get(firstNew + i);
                    double[] drawn = spreads.get(group).draw(weights.length, random);
                    Arrays.setAll(weights, entry -> weights[entry] + noise * drawn[entry]);
                    vectors.set(firstNew + i, weights);
                }
            }
        }

        private void share(UnitVectors outgoing, int firstNew) {
            for (int source = 0; source < firstNew; source++) {
                int unit = source;
                int[] copies =
                        IntStream.range(0, sources.length)
                                .filter(i -> sources[i] == unit)
                                .map(i -> firstNew + i)
                                .toArray();
                if (copies.length > 0) {
                    Sharing.split(outgoing, source, copies);
                }
            }
        }

        @Override
        public int[] templates(int firstNew, int added) {
            return sources.clone();
        }
    }

    @Override
    public String toString() {
        return "Net2Wider(noise %s)".formatted(noise);
    }
}
