package org.dl4jplasticity.experiments.search;

import org.dl4jplasticity.experiments.run.Settings;
import org.dl4jplasticity.experiments.train.ModelSpec;

/**
 * The numbers of layers and units of a candidate's network that is a perceptron or of convolutions.
 *
 * @param blocks the channels of each convolution of each block; none in a perceptron
 * @param hidden the units of each hidden layer
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record NetworkShape(int[][] blocks, int[] hidden) {

    /**
     * {@return the shape}
     *
     * @param values of the candidate
     * @throws IllegalArgumentException if the model has no such numbers to be changed
     */
    static NetworkShape of(Values values) {
        String name = values.text(Parameter.MODEL);
        ModelSpec model = ModelSpec.parse(name);
        int[][] blocks = model instanceof ModelSpec.Conv conv ? conv.blocks() : new int[0][];
        int[] hidden = new int[0];
        if (model instanceof ModelSpec.Conv conv) {
            hidden = conv.hidden();
        } else if (model instanceof ModelSpec.Mlp perceptron) {
            hidden = perceptron.widths();
        }
        requirePossible(values, Parameter.CHANNELS, blocks.length > 0, name);
        requirePossible(values, Parameter.WIDTH, hidden.length > 0, name);
        requirePossible(values, Parameter.LAYERS, hidden.length > 0, name);
        return new NetworkShape(blocks, hidden(hidden, values.integer(Parameter.LAYERS), values));
    }

    private static int[] hidden(int[] ofModel, Integer layers, Values values) {
        int[] hidden = new int[layers == null ? ofModel.length : layers];
        Integer width = values.integer(Parameter.WIDTH);
        for (int i = 0; i < hidden.length; i++) {
            hidden[i] = width == null ? ofModel[Math.min(i, ofModel.length - 1)] : width;
        }
        return hidden;
    }

    private static void requirePossible(
            Values values, Parameter parameter, boolean has, String model) {
        if (values.has(parameter)) {
            if (!has) {
                throw new IllegalArgumentException(
                        "model %s has no %s to choose".formatted(model, parameter));
            }
            int number = values.integer(parameter);
            Settings.require(parameter.toString(), number >= 1, "at least 1", number);
        }
    }
}
