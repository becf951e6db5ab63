package org.dl4jplasticity.growth;

import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Parts of a layer that change nothing and keep a copy of the arrays that pass. */
final class Tap {
    private Tap() {}

    /** What keeps the derivative of the loss by a layer's weighted sums. */
    interface Errors {

        /** {@return the derivative, as it was last computed; in 'c' order} */
        INDArray error();
    }

    private static INDArray keep(INDArray array) {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            return array.dup('c');
        }
    }

    /** A dropout that drops nothing. */
    static final class Input implements IDropout {
        private static final long serialVersionUID = 1;

        private transient INDArray seen;

        /** {@return the layer's last input; in 'c' order} */
        INDArray seen() {
            return seen;
        }

        @Override
        public INDArray applyDropout(
                INDArray inputActivations,
                INDArray resultArray,
                int iteration,
                int epoch,
                LayerWorkspaceMgr workspaceMgr) {
            seen = keep(inputActivations);
            return inputActivations;
        }

        @Override
        public INDArray backprop(
                INDArray gradAtOutput, INDArray gradAtInput, int iteration, int epoch) {
            return gradAtInput == gradAtOutput ? gradAtInput : gradAtInput.assign(gradAtOutput);
        }

        @Override
        public void clear() {
            // What was seen is asked for when all is done.
        }

        @Override
        @SuppressWarnings("MissingSuperCall") // what is seen belongs to one layer
        public IDropout clone() {
            return new Input();
        }
    }

    /** An activation function. */
    static final class Activation implements IActivation, Errors {
        private static final long serialVersionUID = 1;

        private final IActivation activation;
        private transient INDArray seen;
        private transient INDArray error;

        Activation(IActivation activation) {
            this.activation = activation;
        }

        /** {@return what the function was last applied to; in 'c' order} */
        INDArray seen() {
            return seen;
        }

        @Override
        public INDArray error() {
            return error;
        }

        @Override
        public INDArray getActivation(INDArray in, boolean training) {
            seen = keep(in);
            return activation.getActivation(in, training);
        }

        @Override
        public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
            Pair<INDArray, INDArray> result = activation.backprop(in, epsilon);
            error = keep(result.getFirst());
            return result;
        }

        @Override
        public int numParams(int inputSize) {
            return activation.numParams(inputSize);
        }
    }

    /** A loss. */
    static final class Loss implements ILossFunction, Errors {
        private static final long serialVersionUID = 1;

        private final ILossFunction loss;
        private transient INDArray error;

        Loss(ILossFunction loss) {
            this.loss = loss;
        }

        @Override
        public INDArray error() {
            return error;
        }

        @Override
        public double computeScore(
                INDArray labels,
                INDArray preOutput,
                IActivation activationFn,
                INDArray mask,
                boolean average) {
            return loss.computeScore(labels, preOutput, activationFn, mask, average);
        }

        @Override
        public INDArray computeScoreArray(
                INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask) {
            return loss.computeScoreArray(labels, preOutput, activationFn, mask);
        }

        @Override
        public INDArray computeGradient(
                INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask) {
            INDArray gradient = loss.computeGradient(labels, preOutput, activationFn, mask);
            error = keep(gradient);
            return gradient;
        }

        @Override
        public Pair<Double, INDArray> computeGradientAndScore(
                INDArray labels,
                INDArray preOutput,
                IActivation activationFn,
                INDArray mask,
                boolean average) {
            Pair<Double, INDArray> result =
                    loss.computeGradientAndScore(labels, preOutput, activationFn, mask, average);
            error = keep(result.getSecond());
            return result;
        }

        @Override
        public String name() {
            return loss.name();
        }
    }
}
