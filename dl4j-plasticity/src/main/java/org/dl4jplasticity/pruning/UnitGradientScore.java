package org.dl4jplasticity.pruning;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Model;
import org.dl4jplasticity.surgery.UnitVectors;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The mean over batches of what the weights of each unit and their gradients make.
 *
 * @param batches examples with labels, at least one batch
 * @param formula of the weights and gradients of one unit
 */
record UnitGradientScore(List<MultiDataSet> batches, Formula formula) implements UnitScore {

    UnitGradientScore {
        GradientScore.requireSome(batches);
    }

    /** What a unit's parameters and their gradients make. */
    sealed interface Formula {

        /** {@return the parameters that count} */
        List<UnitVectors> of(UnitGroup group);

        /** {@return a number for a unit} */
        double score(List<double[]> weights, List<double[]> gradients);
    }

    /**
     * Taylor: {@code |sum of w g|} over the outgoing weights. What a unit puts out, h, gets to the
     * rest of the network through them alone, as a product with each, so that this is {@code |sum
     * of h dL/dh|} over examples and positions.
     */
    record Outgoing() implements Formula {
        @Override
        public List<UnitVectors> of(UnitGroup group) {
            return group.units().outgoing();
        }

        @Override
        public double score(List<double[]> weights, List<double[]> gradients) {
            double sum = 0;
            for (int i = 0; i < weights.size(); i++) {
                for (int entry = 0; entry < weights.get(i).length; entry++) {
                    sum += weights.get(i)[entry] * gradients.get(i)[entry];
                }
            }
            return Math.abs(sum);
        }
    }

    /** The mean magnitude of the incoming weights' gradients. */
    record Incoming() implements Formula {
        @Override
        public List<UnitVectors> of(UnitGroup group) {
            return group.units().incoming();
        }

        @Override
        public double score(List<double[]> weights, List<double[]> gradients) {
            return gradients.stream()
                    .flatMapToDouble(Arrays::stream)
                    .map(Math::abs)
                    .average()
                    .orElse(0);
        }
    }

    @Override
    public double[][] of(Model network, List<UnitGroup> groups) {
        GradientProbe probe = new GradientProbe(network, List.of(), new WithoutNoise());
        double[][] scores =
                groups.stream()
                        .map(group -> new double[group.units().count()])
                        .toArray(double[][]::new);
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            INDArray parameters = probe.parameters().dup();
            for (MultiDataSet batch : batches) {
                probe.parameters().assign(parameters);
                probe.feed(batch);
                INDArray gradients = probe.gradients();
                // The units of the copy tell which gradients are theirs when these take the place
                // of its parameters.
                Map<String, UnitGroup> copied =
                        UnitGroup.of(probe.copy()).stream()
                                .collect(Collectors.toMap(UnitGroup::id, Function.identity()));
                for (int i = 0; i < scores.length; i++) {
                    UnitGroup group = copied.get(groups.get(i).id());
                    add(probe.parameters(), parameters, gradients, group, scores[i]);
                }
            }
        }
        for (double[] some : scores) {
            Arrays.setAll(some, unit -> some[unit] / batches.size());
        }
        return scores;
    }

    private void add(
            INDArray flat,
            INDArray parameters,
            INDArray gradients,
            UnitGroup group,
            double[] sums) {
        flat.assign(parameters);
        List<List<double[]>> weights = vectors(group, sums.length);
        flat.assign(gradients);
        List<List<double[]>> derivatives = vectors(group, sums.length);
        for (int unit = 0; unit < sums.length; unit++) {
            sums[unit] += formula.score(weights.get(unit), derivatives.get(unit));
        }
    }

    /** {@return for each unit its entries of each parameter that counts} */
    private List<List<double[]>> vectors(UnitGroup group, int units) {
        return IntStream.range(0, units)
                .mapToObj(
                        unit ->
                                formula.of(group).stream()
                                        .map(parameter -> parameter.get(unit).clone())
                                        .toList())
                .toList();
    }
}
