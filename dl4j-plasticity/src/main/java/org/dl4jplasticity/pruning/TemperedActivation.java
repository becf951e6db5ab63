package org.dl4jplasticity.pruning;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** An activation function of its input divided by a temperature: {@code f(z / T)}. */
final class TemperedActivation implements IActivation {
    private static final long serialVersionUID = 1;

    private final IActivation activation;
    private final double temperature;

    TemperedActivation(IActivation activation, double temperature) {
        this.activation = activation;
        this.temperature = temperature;
    }

    @Override
    public INDArray getActivation(INDArray in, boolean training) {
        return activation.getActivation(in.divi(temperature), training);
    }

    @Override
    public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
        Pair<INDArray, INDArray> inner = activation.backprop(in.div(temperature), epsilon);
        inner.getFirst().divi(temperature);
        return inner;
    }

    @Override
    public int numParams(int inputSize) {
        return activation.numParams(inputSize);
    }
}
