package org.dl4jplasticity.dropout;

import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A layer in ND4J operations alone: it computes with whole matrices, and multiplies by masks. Right
 * on any device and for any floating-point type, and no faster than any dense layer.
 */
final class MaskedProduct implements ControlledProduct {
    private INDArray x;
    private INDArray w;
    private INDArray z;
    private INDArray inputs;
    private INDArray units;
    private IActivation activation;

    @Override
    public void forward(
            INDArray x,
            INDArray w,
            INDArray b,
            KeptUnits inputs,
            KeptUnits units,
            IActivation activation,
            INDArray y) {
        this.activation = activation;
        this.inputs = new KeptUnits(inputs.all(), inputs.kept(), 1).factors(w.dataType());
        this.units = units.factors(w.dataType());
        this.w = w;
        this.x = x.castTo(w.dataType());
        z = this.x.mmul(w);
        if (b != null) {
            z.addiRowVector(b);
        }
        y.assign(activation.getActivation(z.dup(), true).mulRowVector(this.units));
    }

    @Override
    public void backward(
            INDArray epsilon, INDArray wGradient, INDArray bGradient, INDArray xGradient) {
        INDArray kept = epsilon.castTo(w.dataType()).mulRowVector(units);
        INDArray delta = activation.backprop(z, kept).getFirst();
        wGradient.assign(x.transpose().mmul(delta));
        if (bGradient != null) {
            bGradient.assign(delta.sum(0));
        }
        xGradient.assign(delta.mmul(w.transpose()).muliRowVector(inputs));
    }

    @Override
    public int firstOutside(INDArray x, KeptUnits inputs) {
        INDArray dropped = new KeptUnits(inputs.all(), inputs.kept(), 1).factors(x.dataType());
        double[] largest = x.mulRowVector(dropped.rsub(1)).amax(0).toDoubleVector();
        for (int i = 0; i < largest.length; i++) {
            if (largest[i] != 0) {
                return i;
            }
        }
        return -1;
    }
}
