package org.dl4jplasticity.pruning;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * See {@link UnitScore#nisp(InputType...)}. The importance comes from DL4J's own backpropagation:
 * through a copy of the network that is linear and has absolute weights, from the distance of its
 * outputs to others that are smaller by their importance.
 *
 * @param inputs the types of the network's inputs; may be empty
 */
record Nisp(List<InputType> inputs) implements UnitScore {

    /** The identity, which adds up the derivatives that come back through it, by step. */
    private static final class Importance extends BaseActivationFunction {
        private static final long serialVersionUID = 1;

        private transient INDArray sum;

        @Override
        public INDArray getActivation(INDArray in, boolean training) {
            return in;
        }

        @Override
        public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
            try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
                sum = sum == null ? epsilon.dup('c') : sum.add(epsilon);
            }
            return new Pair<>(epsilon, null);
        }
    }

    @Override
    public double[][] of(Model network, List<UnitGroup> groups) {
        long[][] shapes = InputShapes.of(network, inputs);
        GradientProbe probe =
                new GradientProbe(network, List.of(), new Linearization("NISP", "another score"));
        Map<String, Importance> importances = new HashMap<>();
        PlasticNetwork copy = PlasticNetwork.of(probe.copy());
        for (Layer layer : copy.layers()) {
            if (unwrapped(layer.conf().getLayer()) instanceof BaseLayer base) {
                Importance importance = new Importance();
                base.setActivationFn(importance);
                importances.put(copy.layerId(layer), importance);
            }
        }
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            probe.parameters().assign(Nd4j.math().abs(probe.parameters()));
            probe.feedBelow(InputShapes.ones(shapes));
            probe.gradients();
        }
        return groups.stream()
                .map(
                        group -> {
                            double[] sums = new double[group.units().count()];
                            for (String layer : group.layers()) {
                                double[] some = sums(group, layer, importances.get(layer));
                                Arrays.setAll(sums, unit -> sums[unit] + some[unit]);
                            }
                            return sums;
                        })
                .toArray(double[][]::new);
    }

    private static org.deeplearning4j.nn.conf.layers.Layer unwrapped(
            org.deeplearning4j.nn.conf.layers.Layer layer) {
        return layer instanceof BaseWrapperLayer wrapper
                ? unwrapped(wrapper.getUnderlying())
                : layer;
    }

    /** {@return the sum over positions for each unit} */
    private static double[] sums(UnitGroup group, String layer, Importance importance) {
        if (importance == null || importance.sum == null) {
            throw new IllegalArgumentException(
                    "Layer %s: NISP can't tell the importance of the units of a %s"
                            .formatted(
                                    layer,
                                    group.units().layers().get(0).getClass().getSimpleName()));
        }
        int units = group.units().count();
        INDArray sum = importance.sum;
        double[] means = Inference.means(sum, group.units().layers().get(0), units, Math::abs);
        double positions = sum.length() / (double) units;
        return Arrays.stream(means).map(mean -> mean * positions).toArray();
    }
}
