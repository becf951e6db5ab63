package org.dl4jplasticity.dropout;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;
import static org.nd4j.linalg.indexing.NDArrayIndex.point;

import java.util.Collections;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.recurrent.FwdPassReturn;
import org.deeplearning4j.nn.layers.recurrent.LSTMHelper;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;

/**
 * The forward and backward pass of an LSTM in training whose candidate updates are multiplied by
 * factors. The columns of the weights are, as in DL4J, those of the candidate, the forget gate, the
 * output gate and the input gate.
 */
final class CandidateDropoutPass implements LSTMHelper {
    private double[] drawn;
    private int draws;
    private Step[] steps;
    private INDArray mask;

    /**
     * One step of a sequence. All arrays have one row per example; z is what the activation
     * functions get.
     *
     * @param dropped the factors of the candidate update
     */
    private record Step(
            INDArray x,
            INDArray hBefore,
            INDArray cBefore,
            INDArray z,
            INDArray candidate,
            INDArray forget,
            INDArray output,
            INDArray input,
            INDArray c,
            INDArray cActivation,
            INDArray dropped) {}

    /**
     * Sets the factors of the passes to come.
     *
     * @param drawn [draws, minibatch, nOut] in 'c' order
     * @param draws one for each step, or 1 for all of them
     */
    void drop(double[] drawn, int draws) {
        this.drawn = drawn;
        this.draws = draws;
    }

    /** Leaves inference to DL4J. */
    @Override
    public FwdPassReturn activate(
            Layer layer,
            NeuralNetConfiguration conf,
            IActivation gates,
            INDArray input,
            INDArray recurrentWeights,
            INDArray inputWeights,
            INDArray biases,
            boolean training,
            INDArray hBefore,
            INDArray cBefore,
            boolean forBackprop,
            boolean forwards,
            String inputWeightKey,
            INDArray maskArray,
            boolean hasPeepholeConnections,
            LayerWorkspaceMgr workspaceMgr) {
        if (!training) {
            return null;
        }
        IActivation cells = cells(conf);
        int length = Math.toIntExact(input.size(2));
        long units = recurrentWeights.size(0);
        FwdPassReturn result = new FwdPassReturn();
        result.fwdPassOutput =
                workspaceMgr.create(
                        ArrayType.ACTIVATIONS,
                        inputWeights.dataType(),
                        new long[] {input.size(0), units, length},
                        'f');
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            mask = maskArray == null ? null : maskArray.castTo(inputWeights.dataType()).dup();
            INDArray factors =
                    Nd4j.createFromArray(drawn)
                            .reshape('c', draws, input.size(0), units)
                            .castTo(inputWeights.dataType());
            steps = new Step[length];
            INDArray h = hBefore.dup('f');
            INDArray c = cBefore.dup('f');
            for (int t = 0; t < length; t++) {
                INDArray x = step(input, t);
                INDArray z = x.mmul(inputWeights).addi(h.mmul(recurrentWeights));
                z.addiRowVector(biases.reshape(biases.length()));
                INDArray candidate = cells.getActivation(part(z, 0), true);
                INDArray forget = gates.getActivation(part(z, 1), true);
                INDArray output = gates.getActivation(part(z, 2), true);
                INDArray inputGate = gates.getActivation(part(z, 3), true);
                INDArray dropped = factors.slice(draws == 1 ? 0 : t);
                INDArray cNow = c.mul(forget).addi(candidate.mul(inputGate).muli(dropped)).dup('f');
                INDArray activation = cells.getActivation(cNow.dup('f'), true);
                steps[t] =
                        new Step(
                                x,
                                h,
                                c,
                                z,
                                candidate,
                                forget,
                                output,
                                inputGate,
                                cNow,
                                activation,
                                dropped);
                h = masked(activation.mul(output), t);
                c = masked(cNow.dup('f'), t);
                result.fwdPassOutput.put(new INDArrayIndex[] {all(), all(), point(t)}, h);
            }
            result.lastAct = h;
            result.lastMemCell = c;
        }
        return result;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(
            NeuralNetConfiguration conf,
            IActivation gates,
            INDArray input,
            INDArray recurrentWeights,
            INDArray inputWeights,
            INDArray epsilon,
            boolean truncatedBPTT,
            int tbpttBackwardLength,
            FwdPassReturn fwdPass,
            boolean forwards,
            String inputWeightKey,
            String recurrentWeightKey,
            String biasWeightKey,
            Map<String, INDArray> gradientViews,
            INDArray maskArray,
            boolean hasPeepholeConnections,
            LayerWorkspaceMgr workspaceMgr) {
        IActivation cells = cells(conf);
        int length = steps.length;
        int first = truncatedBPTT ? Math.max(0, length - tbpttBackwardLength) : 0;
        INDArray ofInputWeights = gradientViews.get(inputWeightKey);
        INDArray ofRecurrentWeights = gradientViews.get(recurrentWeightKey);
        INDArray ofBiases = gradientViews.get(biasWeightKey);
        INDArray ofInput =
                workspaceMgr.create(
                        ArrayType.ACTIVATION_GRAD,
                        inputWeights.dataType(),
                        new long[] {input.size(0), input.size(1), length},
                        'f');
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            ofInputWeights.assign(0);
            ofRecurrentWeights.assign(0);
            ofBiases.assign(0);
            INDArray ofH = null;
            INDArray ofC = null;
            for (int t = length - 1; t >= first; t--) {
                Step step = steps[t];
                INDArray dh = step(epsilon, t).castTo(inputWeights.dataType());
                dh = masked(ofH == null ? dh : dh.addi(ofH), t);
                INDArray dc = backprop(cells, step.c, dh.mul(step.output));
                if (ofC != null) {
                    dc.addi(masked(ofC, t));
                }
                INDArray reached = dc.mul(step.dropped); // what gets through to g and i
                INDArray dz =
                        Nd4j.concat(
                                1,
                                backprop(cells, part(step.z, 0), reached.mul(step.input)),
                                backprop(gates, part(step.z, 1), dc.mul(step.cBefore)),
                                backprop(gates, part(step.z, 2), dh.mul(step.cActivation)),
                                backprop(gates, part(step.z, 3), reached.mul(step.candidate)));
                ofInputWeights.addi(step.x.transpose().mmul(dz));
                ofRecurrentWeights.addi(step.hBefore.transpose().mmul(dz));
                ofBiases.addi(dz.sum(0).reshape(ofBiases.shape()));
                ofInput.put(
                        new INDArrayIndex[] {all(), all(), point(t)},
                        dz.mmul(inputWeights.transpose()));
                ofH = dz.mmul(recurrentWeights.transpose());
                ofC = dc.muli(step.forget);
            }
        }
        Gradient gradient = new DefaultGradient();
        gradient.gradientForVariable().put(inputWeightKey, ofInputWeights);
        gradient.gradientForVariable().put(recurrentWeightKey, ofRecurrentWeights);
        gradient.gradientForVariable().put(biasWeightKey, ofBiases);
        return new Pair<>(gradient, ofInput);
    }

    private static IActivation cells(NeuralNetConfiguration conf) {
        return ((BaseLayer) conf.getLayer()).getActivationFn();
    }

    private static INDArray step(INDArray sequences, int t) {
        return sequences.get(all(), all(), point(t)).dup('f');
    }

    /** {@return a copy of the columns of the candidate, 0, or of a gate: forget, output, input} */
    private static INDArray part(INDArray z, int which) {
        long units = z.size(1) / 4;
        return z.get(all(), interval(which * units, (which + 1) * units)).dup('f');
    }

    /** DL4J's activation functions write over both of their arguments. */
    private static INDArray backprop(IActivation function, INDArray z, INDArray gradient) {
        return function.backprop(z.dup('f'), gradient.dup('f')).getFirst();
    }

    /** Sets what belongs to steps beyond the end of their sequence to 0, in place. */
    private INDArray masked(INDArray values, int t) {
        return mask == null ? values : values.muliColumnVector(mask.getColumn(t, true));
    }

    @Override
    public boolean checkSupported(
            IActivation gates, IActivation cells, boolean hasPeepholeConnections) {
        return !hasPeepholeConnections;
    }

    @Override
    public boolean checkSupported() {
        return true;
    }

    @Override
    public Map<String, Long> helperMemoryUse() {
        return Collections.emptyMap();
    }
}
