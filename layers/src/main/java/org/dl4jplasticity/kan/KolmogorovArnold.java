package org.dl4jplasticity.kan;

import java.util.Arrays;
import java.util.function.IntFunction;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.dl4jplasticity.kan.EdgeFunctions.Masks;
import org.dl4jplasticity.kan.EdgeFunctions.Weights;
import org.dl4jplasticity.kan.KolmogorovArnoldLayer.Drop;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A {@link KolmogorovArnoldLayer} at work. */
final class KolmogorovArnold extends BaseLayer<KolmogorovArnoldLayer> {
    private static final long serialVersionUID = 1;

    KolmogorovArnold(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    /** The pass of the last training step, for its way back; null otherwise. */
    private transient Pass forward;

    /**
     * What a pass worked with.
     *
     * @param of what came in
     * @param inputs factors of the inputs; null if none are dropped
     * @param sums what came out, [minibatch, nOut] in 'c' order
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
    private record Pass(
            INDArray of,
            EdgeFunctions edges,
            Weights weights,
            Masks masks,
            double[] inputs,
            double[] sums) {}

    private Pass pass(boolean training, LayerWorkspaceMgr workspaces) {
        applyDropOutIfNecessary(training, workspaces);
        requireInput();
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            return passOutside(training, workspaces);
        }
    }

    private Pass passOutside(boolean training, LayerWorkspaceMgr workspaces) {
        KolmogorovArnoldLayer conf = layerConf();
        double[] x = values(input, 'c');
        int inputs = Math.toIntExact(conf.getNIn());
        int outputs = Math.toIntExact(conf.getNOut());
        double[] dropped = null;
        Masks masks = Masks.NONE;
        if (training && conf.drop() == Drop.INPUTS) {
            dropped = factors(x.length, inputs);
            for (int i = 0; i < x.length; i++) {
                x[i] *= dropped[i];
            }
        } else if (training) {
            int edges = Math.multiplyExact(Math.toIntExact(input.size(0)), outputs);
            IntFunction<double[]> drawn = from -> factors(edges, from);
            masks =
                    conf.drop() == Drop.POST_SPLINES
                            ? new Masks(drawn, null)
                            : new Masks(null, drawn);
        }
        Weights weights =
                new Weights(
                        parameter(KolmogorovArnoldParameters.BASE, training, workspaces),
                        parameter(KolmogorovArnoldParameters.SCALE, training, workspaces),
                        parameter(KolmogorovArnoldParameters.COEFFICIENTS, training, workspaces));
        EdgeFunctions edges = new EdgeFunctions(conf.grid(), x, inputs, outputs);
        return new Pass(input, edges, weights, masks, dropped, edges.forward(weights, masks));
    }

    private double[] factors(int length, int series) {
        return layerConf()
                .kept()
                .factors(
                        "Layer %d (%s)".formatted(getIndex(), layerConf().getLayerName()),
                        length,
                        getIterationCount(),
                        getEpochCount(),
                        series);
    }

    private double[] parameter(String key, boolean training, LayerWorkspaceMgr workspaces) {
        return values(getParamWithNoise(key, training, workspaces), 'f');
    }

    /** {@return a copy of an array's numbers} */
    private static double[] values(INDArray array, char order) {
        return array.castTo(DataType.DOUBLE).dup(order).data().asDouble();
    }

    private static void assign(INDArray to, double[] values, char order) {
        to.assign(Nd4j.createFromArray(values).reshape(order, to.shape()));
    }

    @Override
    protected Pair<INDArray, INDArray> preOutputWithPreNorm(
            boolean training, boolean forBackprop, LayerWorkspaceMgr workspaces) {
        assertInputSet(forBackprop);
        Pass pass = pass(training, workspaces);
        forward = training ? pass : null;
        INDArray z = sums(pass, workspaces);
        return new Pair<>(z, z);
    }

    private INDArray sums(Pass pass, LayerWorkspaceMgr workspaces) {
        INDArray z =
                workspaces.createUninitialized(
                        ArrayType.ACTIVATIONS, dataType, input.size(0), layerConf().getNOut());
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            assign(z, pass.sums, 'c');
        }
        if (maskArray != null) {
            applyMask(z);
        }
        return z;
    }

    private void requireInput() {
        if (input.rank() != 2 || input.size(1) != layerConf().getNIn()) {
            throw new DL4JInvalidInputException(
                    "expected input of shape [minibatch, %d], got %s; is a preprocessor missing? %s"
                            .formatted(
                                    layerConf().getNIn(),
                                    Arrays.toString(input.shape()),
                                    layerId()));
        }
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(
            INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        Pass pass = forward != null && forward.of == input ? forward : pass(true, workspaces);
        forward = null;
        INDArray z = sums(pass, workspaces);
        INDArray delta = layerConf().getActivationFn().backprop(z, epsilon).getFirst();
        if (maskArray != null) {
            applyMask(delta);
        }
        INDArray ofInput =
                workspaces.createUninitialized(
                        ArrayType.ACTIVATION_GRAD, dataType, input.shape(), 'c');
        Gradient gradient = new DefaultGradient();
        gradientViews.forEach(gradient::setGradientFor);
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            Weights gradients = pass.weights.zeros();
            double[] atInput =
                    pass.edges.backward(values(delta, 'c'), pass.weights, pass.masks, gradients);
            if (pass.inputs != null) {
                for (int i = 0; i < atInput.length; i++) {
                    atInput[i] *= pass.inputs[i];
                }
            }
            assign(ofInput, atInput, 'c');
            assign(gradientViews.get(KolmogorovArnoldParameters.BASE), gradients.base(), 'f');
            assign(gradientViews.get(KolmogorovArnoldParameters.SCALE), gradients.scale(), 'f');
            assign(
                    gradientViews.get(KolmogorovArnoldParameters.COEFFICIENTS),
                    gradients.coefficients(),
                    'f');
        }
        weightNoiseParams.clear();
        return new Pair<>(gradient, backpropDropOutIfPresent(ofInput));
    }

    @Override
    public boolean hasBias() {
        return false;
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }
}
