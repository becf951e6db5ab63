package org.dl4jplasticity.transformer;

import static org.dl4jplasticity.transformer.TransformerParameters.DOWN;
import static org.dl4jplasticity.transformer.TransformerParameters.DOWN_BIAS;
import static org.dl4jplasticity.transformer.TransformerParameters.FIRST_GAIN;
import static org.dl4jplasticity.transformer.TransformerParameters.FIRST_OFFSET;
import static org.dl4jplasticity.transformer.TransformerParameters.KEYS;
import static org.dl4jplasticity.transformer.TransformerParameters.OUT;
import static org.dl4jplasticity.transformer.TransformerParameters.QUERIES;
import static org.dl4jplasticity.transformer.TransformerParameters.SECOND_GAIN;
import static org.dl4jplasticity.transformer.TransformerParameters.SECOND_OFFSET;
import static org.dl4jplasticity.transformer.TransformerParameters.UP;
import static org.dl4jplasticity.transformer.TransformerParameters.UP_BIAS;
import static org.dl4jplasticity.transformer.TransformerParameters.VALUES;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.dl4jplasticity.dropout.SeededKeep;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A {@link TransformerBlockLayer} at work. Inside, sequences are [minibatch * steps, width]. */
final class TransformerBlock extends BaseLayer<TransformerBlockLayer> {
    private static final long serialVersionUID = 1;

    TransformerBlock(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    /** What the backward pass needs of the forward pass; dropped is null if nothing is. */
    private record Pass(
            RowNormalization first,
            INDArray seen,
            DotProductAttention attention,
            INDArray context,
            RowNormalization second,
            INDArray fed,
            INDArray z,
            INDArray hidden,
            INDArray dropped,
            INDArray output) {}

    private Pass pass(boolean training, LayerWorkspaceMgr workspaces) {
        TransformerBlockLayer conf = layerConf();
        int width = Math.toIntExact(conf.getNOut());
        int steps = Math.toIntExact(input.size(2));
        int examples = Math.toIntExact(input.size(0));
        INDArray x = rows(input);
        RowNormalization first = new RowNormalization(values(x), width);
        INDArray seen = normalized(first, FIRST_GAIN, FIRST_OFFSET, training, workspaces);
        DotProductAttention attention =
                new DotProductAttention(
                        steps,
                        width,
                        conf.heads(),
                        values(seen.mmul(parameter(QUERIES, training, workspaces))),
                        values(seen.mmul(parameter(KEYS, training, workspaces))),
                        values(seen.mmul(parameter(VALUES, training, workspaces))),
                        maskArray == null ? null : values(maskArray),
                        training
                                ? factors(
                                        conf.attention(),
                                        examples * conf.heads() * steps * steps,
                                        0)
                                : null);
        INDArray context = array(attention.forward(), width);
        INDArray a = context.mmul(parameter(OUT, training, workspaces)).addi(x);
        RowNormalization second = new RowNormalization(values(a), width);
        INDArray fed = normalized(second, SECOND_GAIN, SECOND_OFFSET, training, workspaces);
        INDArray z =
                fed.mmul(parameter(UP, training, workspaces))
                        .addiRowVector(parameter(UP_BIAS, training, workspaces));
        INDArray hidden = conf.getActivationFn().getActivation(z.dup(), training);
        INDArray dropped = null;
        if (training) {
            int units = Math.toIntExact(conf.hidden());
            dropped =
                    array(factors(conf.feedForward(), Math.toIntExact(hidden.length()), 1), units);
            hidden = hidden.mul(dropped);
        }
        INDArray y =
                hidden.mmul(parameter(DOWN, training, workspaces))
                        .addiRowVector(parameter(DOWN_BIAS, training, workspaces))
                        .addi(a);
        return new Pass(
                first, seen, attention, context, second, fed, z, hidden, dropped, masked(y));
    }

    private double[] factors(SeededKeep kept, int length, long series) {
        return kept.factors(
                "Layer %d (%s)".formatted(getIndex(), layerConf().getLayerName()),
                length,
                getIterationCount(),
                getEpochCount(),
                2L * length + series);
    }

    private INDArray parameter(String key, boolean training, LayerWorkspaceMgr workspaces) {
        return getParamWithNoise(key, training, workspaces);
    }

    private INDArray normalized(
            RowNormalization rows,
            String gain,
            String offset,
            boolean training,
            LayerWorkspaceMgr workspaces) {
        return array(
                rows.scaled(
                        values(parameter(gain, training, workspaces)),
                        values(parameter(offset, training, workspaces))),
                Math.toIntExact(layerConf().getNOut()));
    }

    private static double[] values(INDArray array) {
        return array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    }

    private INDArray array(double[] values, int columns) {
        return Nd4j.createFromArray(values)
                .reshape('c', values.length / columns, columns)
                .castTo(dataType);
    }

    /** {@return [minibatch, width, steps] as [minibatch * steps, width]} */
    private INDArray rows(INDArray sequences) {
        return sequences
                .castTo(dataType)
                .permute(0, 2, 1)
                .dup('c')
                .reshape('c', sequences.size(0) * sequences.size(2), sequences.size(1));
    }

    private INDArray sequences(INDArray rows) {
        return rows.dup('c')
                .reshape('c', input.size(0), input.size(2), rows.size(1))
                .permute(0, 2, 1);
    }

    /** Makes the rows of steps that aren't there 0, in place. */
    private INDArray masked(INDArray rows) {
        if (maskArray == null) {
            return rows;
        }
        INDArray present =
                maskArray.castTo(dataType).dup('c').reshape('c', new long[] {rows.size(0), 1});
        return rows.muliColumnVector(present);
    }

    private void requireInput() {
        if (input.rank() != 3 || input.size(1) != layerConf().getNIn()) {
            throw new DL4JInvalidInputException(
                    "expected input of shape [minibatch, %d, steps], got %s; is a preprocessor"
                                    .formatted(layerConf().getNIn(), Arrays.toString(input.shape()))
                            + " missing? "
                            + layerId());
        }
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        applyDropOutIfNecessary(training, workspaces);
        requireInput();
        INDArray output =
                workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, input.shape(), 'c');
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            output.assign(sequences(pass(training, workspaces).output));
        }
        return output;
    }

    @Override
    public INDArray preOutput(boolean training, LayerWorkspaceMgr workspaces) {
        throw new UnsupportedOperationException(
                "a transformer block has no pre-activation of its own " + layerId());
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(
            INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        applyDropOutIfNecessary(true, workspaces);
        INDArray ofInput =
                workspaces.createUninitialized(
                        ArrayType.ACTIVATION_GRAD, dataType, input.shape(), 'c');
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            Pass pass = pass(true, workspaces);
            INDArray ofOutput = masked(rows(epsilon));
            INDArray ofA = feedBack(pass, ofOutput, workspaces);
            ofInput.assign(sequences(attendBack(pass, ofA, workspaces)));
        }
        Gradient gradient = new DefaultGradient();
        gradientViews.forEach(gradient::setGradientFor);
        weightNoiseParams.clear();
        return new Pair<>(gradient, backpropDropOutIfPresent(ofInput));
    }

    /** {@return the gradient between the two parts} */
    private INDArray feedBack(Pass pass, INDArray ofOutput, LayerWorkspaceMgr workspaces) {
        setGradient(DOWN, pass.hidden, ofOutput);
        setGradient(DOWN_BIAS, ofOutput.sum(0));
        INDArray ofHidden =
                ofOutput.mmul(parameter(DOWN, true, workspaces).transpose()).muli(pass.dropped);
        INDArray ofZ =
                layerConf().getActivationFn().backprop(pass.z.dup(), ofHidden.dup()).getFirst();
        setGradient(UP, pass.fed, ofZ);
        setGradient(UP_BIAS, ofZ.sum(0));
        INDArray ofFed = ofZ.mmul(parameter(UP, true, workspaces).transpose());
        return normalizedBack(pass.second, ofFed, SECOND_GAIN, SECOND_OFFSET, workspaces)
                .addi(ofOutput);
    }

    /** {@return the gradient at the input} */
    private INDArray attendBack(Pass pass, INDArray ofA, LayerWorkspaceMgr workspaces) {
        int width = Math.toIntExact(layerConf().getNOut());
        setGradient(OUT, pass.context, ofA);
        INDArray ofContext = ofA.mmul(parameter(OUT, true, workspaces).transpose());
        double[][] parts = pass.attention.backward(values(ofContext));
        INDArray ofSeen = Nd4j.zeros(dataType, ofA.shape());
        List<String> keys = List.of(QUERIES, KEYS, VALUES);
        for (int i = 0; i < parts.length; i++) {
            INDArray part = array(parts[i], width);
            setGradient(keys.get(i), pass.seen, part);
            ofSeen.addi(part.mmul(parameter(keys.get(i), true, workspaces).transpose()));
        }
        return normalizedBack(pass.first, ofSeen, FIRST_GAIN, FIRST_OFFSET, workspaces).addi(ofA);
    }

    private INDArray normalizedBack(
            RowNormalization rows,
            INDArray gradient,
            String gain,
            String offset,
            LayerWorkspaceMgr workspaces) {
        int width = Math.toIntExact(layerConf().getNOut());
        double[] ofGain = new double[width];
        double[] ofOffset = new double[width];
        double[] result =
                rows.backward(
                        values(gradient),
                        values(parameter(gain, true, workspaces)),
                        ofGain,
                        ofOffset);
        setGradient(gain, Nd4j.createFromArray(ofGain));
        setGradient(offset, Nd4j.createFromArray(ofOffset));
        return array(result, width);
    }

    private void setGradient(String key, INDArray before, INDArray after) {
        gradientViews.get(key).assign(before.transpose().mmul(after));
    }

    private void setGradient(String key, INDArray vector) {
        INDArray view = gradientViews.get(key);
        view.assign(vector.reshape(view.shape()));
    }

    @Override
    public Type type() {
        return Type.RECURRENT;
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }
}
