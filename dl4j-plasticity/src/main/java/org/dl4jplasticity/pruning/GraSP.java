package org.dl4jplasticity.pruning;

import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.dl4jplasticity.mask.MaskableWeights;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** See {@link ConnectionScore#grasp(MultiDataSet)}. */
record GraSP(MultiDataSet batch) implements ConnectionScore {
    private static final double TEMPERATURE = 200;

    /**
     * The step of the central difference as a share of the weights' length. Its error is of the
     * order of 1e-12 from truncation and 1e-10 from rounding; larger steps carry more ReLUs across
     * their kink, where the gradient jumps.
     */
    private static final double STEP = 1e-6;

    @Override
    public Rating on(Model network, List<MaskableWeights> weights) {
        GradientProbe probe = new GradientProbe(network, weights, new WithTemperature());
        probe.feed(batch);
        double[][] values = probe.values();
        return active -> {
            double[][] theta = Connections.masked(values, active);
            double[][] gradients = Connections.masked(probe.gradients(theta), active);
            double length = length(gradients);
            if (length == 0) {
                throw new IllegalArgumentException(
                        "GraSP needs a gradient: on this batch that of every chosen weight is 0");
            }
            double size = length(theta);
            double step = STEP * (size == 0 ? 1 : size) / length;
            double[][] ahead = probe.gradients(sum(theta, step, gradients));
            double[][] behind = probe.gradients(sum(theta, -step, gradients));
            for (int i = 0; i < theta.length; i++) {
                for (int id = 0; id < theta[i].length; id++) {
                    // (H g)(i) = (g(theta + step g)(i) - g(theta - step g)(i)) / (2 step)
                    theta[i][id] *= (ahead[i][id] - behind[i][id]) / (2 * step);
                }
            }
            return theta;
        };
    }

    private static double length(double[][] vector) {
        double squares = 0;
        for (double[] part : vector) {
            for (double number : part) {
                squares += number * number;
            }
        }
        return Math.sqrt(squares);
    }

    /** {@return a + factor b} */
    private static double[][] sum(double[][] a, double factor, double[][] b) {
        double[][] sum = new double[a.length][];
        for (int i = 0; i < a.length; i++) {
            sum[i] = a[i].clone();
            for (int j = 0; j < sum[i].length; j++) {
                sum[i][j] += factor * b[i][j];
            }
        }
        return sum;
    }

    private static final class WithTemperature extends WithoutNoise {
        @Override
        public Layer layer(String name, Layer layer, boolean isOutput) {
            Layer quiet = super.layer(name, layer, isOutput);
            if (isOutput) {
                if (!(quiet instanceof BaseLayer output)) {
                    throw new IllegalArgumentException(
                            "Layer %s: GraSP divides the input of an output layer's activation by %s and can't in a %s"
                                    .formatted(
                                            name, TEMPERATURE, layer.getClass().getSimpleName()));
                }
                output.setActivationFn(
                        new TemperedActivation(output.getActivationFn(), TEMPERATURE));
            }
            return quiet;
        }
    }
}
