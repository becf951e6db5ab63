package org.dl4jplasticity.pruning;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.deeplearning4j.nn.api.Model;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * The mean of a function of what each unit puts out.
 *
 * @param examples what the network gets
 * @param function of one output
 */
record ActivationScore(MultiDataSet examples, DoubleUnaryOperator function) implements UnitScore {

    @Override
    public double[][] of(Model network, List<UnitGroup> groups) {
        PlasticNetwork plastic = PlasticNetwork.of(network);
        List<String> places =
                groups.stream().map(group -> UnitPassage.of(plastic, group).activation()).toList();
        double[][] means =
                groups.stream()
                        .map(group -> new double[group.units().count()])
                        .toArray(double[][]::new);
        long[] counts = new long[means.length];
        Inference.run(
                network,
                examples,
                outputs -> {
                    for (int i = 0; i < means.length; i++) {
                        INDArray seen = outputs.get(places.get(i));
                        double[] sums = means[i];
                        double[] some =
                                Inference.means(
                                        seen,
                                        groups.get(i).units().layers().get(0),
                                        sums.length,
                                        function);
                        counts[i] += seen.size(0);
                        Arrays.setAll(sums, unit -> sums[unit] + seen.size(0) * some[unit]);
                    }
                });
        for (int i = 0; i < means.length; i++) {
            double[] sums = means[i];
            long count = counts[i];
            Arrays.setAll(sums, unit -> sums[unit] / count);
        }
        return means;
    }
}
