package org.dl4jplasticity.growth;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.dl4jplasticity.surgery.UnitInitialization.Site;
import org.dl4jplasticity.surgery.UnitVectors;

/**
 * How far the weights of a parameter spread, to draw new ones alike: their standard deviation, or
 * where they are all the same that of He, Zhang, Ren, Sun (ICCV 2015), the square root of 2 over
 * the number of inputs.
 *
 * @param deviation greater than 0
 */
record WeightSpread(double deviation) {

    /** {@return the spread of each group of weights into the units of a layer} */
    static List<WeightSpread> incoming(Site site) {
        return site.units().incoming().stream().map(group -> of(site, group)).toList();
    }

    /** {@return the spread of each group of weights out of the units of a layer} */
    static List<WeightSpread> outgoing(Site site) {
        return site.units().outgoing().stream().map(group -> of(site, group)).toList();
    }

    private static WeightSpread of(Site site, UnitVectors weights) {
        double[] existing =
                IntStream.range(0, site.units().count())
                        .mapToObj(unit -> active(weights, unit))
                        .flatMapToDouble(Arrays::stream)
                        .toArray();
        return of(existing, fanIn(site, weights));
    }

    private static double[] active(UnitVectors weights, int unit) {
        double[] all = weights.get(unit);
        return IntStream.range(0, all.length)
                .filter(entry -> weights.isActive(unit, entry))
                .mapToDouble(entry -> all[entry])
                .toArray();
    }

    /**
     * {@return the spread of some weights}
     *
     * @param fanIn the number of inputs they have, for weights that are all the same
     */
    static WeightSpread of(double[] weights, double fanIn) {
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        double mean = weights.length == 0 ? 0 : sum / weights.length;
        double squares = 0;
        for (double weight : weights) {
            squares += (weight - mean) * (weight - mean);
        }
        return squares > 0
                ? new WeightSpread(Math.sqrt(squares / weights.length))
                : new WeightSpread(Math.sqrt(2 / fanIn));
    }

    private static double fanIn(Site site, UnitVectors weights) {
        Layer layer = Networks.layer(site.model(), weights.layerId()).conf().getLayer();
        double all = (double) site.units().count() * weights.length();
        return layer instanceof FeedForwardLayer sized ? all / sized.getNOut() : weights.length();
    }

    /** {@return normally distributed weights around 0} */
    double[] draw(int count, RandomGenerator random) {
        return IntStream.range(0, count)
                .mapToDouble(i -> random.nextGaussian(0, deviation))
                .toArray();
    }
}
