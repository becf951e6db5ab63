package org.dl4jplasticity.dropout;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The shape of a layer's input, [examples, features] with positions or steps behind the features or
 * none.
 *
 * @param examples the number of examples
 * @param features the number of features, channels or units
 * @param positions how many values a feature has in one example, at least 1
 */
record InputShape(int examples, int features, int positions) {

    /** {@return the shape of an input with examples first and features behind them} */
    static InputShape of(INDArray input) {
        long positions = 1;
        for (int axis = 2; axis < input.rank(); axis++) {
            positions *= input.size(axis);
        }
        return new InputShape(
                Math.toIntExact(input.size(0)),
                Math.toIntExact(input.size(1)),
                Math.toIntExact(positions));
    }

    int length() {
        return Math.multiplyExact(examples, perExample());
    }

    int perExample() {
        return Math.multiplyExact(features, positions);
    }

    /** {@return the feature of a value, by its place in 'c' order} */
    int feature(int place) {
        return place / positions % features;
    }
}
