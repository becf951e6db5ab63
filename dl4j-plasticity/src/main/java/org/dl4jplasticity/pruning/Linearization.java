package org.dl4jplasticity.pruning;

import java.util.List;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PoolHelperVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;
import org.deeplearning4j.nn.conf.graph.rnn.DuplicateToTimeSeriesVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.graph.rnn.ReverseTimeSeriesVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BaseUpsamplingLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SpaceToBatchLayer;
import org.deeplearning4j.nn.conf.layers.SpaceToDepthLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling3DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPadding1DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPadding3DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping1D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping3D;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.misc.RepeatVector;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.conf.layers.util.MaskLayer;
import org.deeplearning4j.nn.conf.layers.util.MaskZeroLayer;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.dl4jplasticity.layers.SparseLayer;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossL1;

/**
 * Makes a network linear: identity for activation functions and batch normalization, the absolute
 * distance for a loss, nothing frozen. What isn't known to be linear then, or a pooling of numbers
 * that aren't negative, is refused.
 */
final class Linearization implements Rework {

    /** Layers with an activation function that are linear before it. */
    private static final List<Class<?>> LINEAR =
            List.of(
                    DenseLayer.class,
                    OutputLayer.class,
                    RnnOutputLayer.class,
                    LossLayer.class,
                    RnnLossLayer.class,
                    CnnLossLayer.class,
                    Cnn3DLossLayer.class,
                    ConvolutionLayer.class,
                    SimpleRnn.class,
                    SparseLayer.class,
                    ElementWiseMultiplicationLayer.class,
                    PReLULayer.class,
                    DropoutLayer.class,
                    RepeatVector.class);

    private static final List<Class<?>> WITHOUT_PARAMETERS =
            List.of(
                    SubsamplingLayer.class,
                    Subsampling3DLayer.class,
                    GlobalPoolingLayer.class,
                    BaseUpsamplingLayer.class,
                    ZeroPaddingLayer.class,
                    ZeroPadding1DLayer.class,
                    ZeroPadding3DLayer.class,
                    Cropping1D.class,
                    Cropping2D.class,
                    Cropping3D.class,
                    SpaceToDepthLayer.class,
                    SpaceToBatchLayer.class,
                    MaskLayer.class);

    private static final List<Class<?>> VERTICES =
            List.of(
                    LayerVertex.class,
                    MergeVertex.class,
                    StackVertex.class,
                    UnstackVertex.class,
                    SubsetVertex.class,
                    ReshapeVertex.class,
                    PoolHelperVertex.class,
                    PreprocessorVertex.class,
                    LastTimeStepVertex.class,
                    ReverseTimeSeriesVertex.class,
                    DuplicateToTimeSeriesVertex.class);

    private final WithoutNoise withoutNoise = new WithoutNoise();
    private final String purpose;
    private final String instead;

    /**
     * For messages.
     *
     * @param purpose what needs a linear network
     * @param instead what doesn't
     */
    Linearization(String purpose, String instead) {
        this.purpose = purpose;
        this.instead = instead;
    }

    @Override
    public Layer layer(String name, Layer layer, boolean isOutput) {
        Layer linear = linear(name, withoutNoise.layer(name, layer, isOutput));
        if (isOutput) {
            setLoss(name, linear, new LossL1());
        }
        return linear;
    }

    private Layer linear(String name, Layer layer) {
        if (layer instanceof FrozenLayer frozen) {
            return linear(name, frozen.getLayer());
        } else if (layer instanceof FrozenLayerWithBackprop frozen) {
            return linear(name, frozen.getUnderlying());
        } else if (layer instanceof LastTimeStep
                || layer instanceof TimeDistributed
                || layer instanceof MaskZeroLayer) {
            BaseWrapperLayer wrapper = (BaseWrapperLayer) layer;
            wrapper.setUnderlying(linear(name, wrapper.getUnderlying()));
            return layer;
        } else if (layer instanceof Bidirectional both
                && both.getMode() != Bidirectional.Mode.MUL) {
            both.setFwd(linear(name, both.getFwd()));
            both.setBwd(linear(name, both.getBwd()));
            return layer;
        } else if (layer instanceof BatchNormalization) {
            ActivationLayer identity = new ActivationLayer(new ActivationIdentity());
            identity.setLayerName(layer.getLayerName());
            return identity;
        } else if (layer instanceof ActivationLayer activation) {
            activation.setActivationFn(new ActivationIdentity());
            return layer;
        } else if (isAny(LINEAR, layer) && layer instanceof BaseLayer base) {
            requireNoLayerNormalization(name, layer);
            base.setActivationFn(new ActivationIdentity());
            return layer;
        } else if (isAny(WITHOUT_PARAMETERS, layer)) {
            return layer;
        }
        throw new IllegalArgumentException(
                ("Layer %s: %s needs layers that are linear but for their activation function,"
                                + " got a %s; use %s")
                        .formatted(name, purpose, layer.getClass().getSimpleName(), instead));
    }

    private static boolean isAny(List<Class<?>> classes, Object object) {
        return classes.stream().anyMatch(type -> type.isInstance(object));
    }

    private void requireNoLayerNormalization(String name, Layer layer) {
        boolean normalized =
                (layer instanceof DenseLayer dense && dense.isHasLayerNorm())
                        || (layer instanceof SimpleRnn recurrent && recurrent.isHasLayerNorm());
        if (normalized) {
            throw new IllegalArgumentException(
                    ("Layer %s: %s needs layers that are linear but for their activation"
                                    + " function, and layer normalization is not; use %s")
                            .formatted(name, purpose, instead));
        }
    }

    private static void setLoss(String name, Layer layer, ILossFunction loss) {
        if (layer instanceof BaseOutputLayer output) {
            output.setLossFn(loss);
        } else if (layer instanceof LossLayer output) {
            output.setLossFn(loss);
        } else if (layer instanceof RnnLossLayer output) {
            output.setLossFn(loss);
        } else if (layer instanceof CnnLossLayer output) {
            output.setLossFn(loss);
        } else if (layer instanceof Cnn3DLossLayer output) {
            output.setLossFn(loss);
        } else {
            throw new IllegalArgumentException(
                    "Layer %s: expected an output or loss layer at the network's end, got %s"
                            .formatted(name, layer.getClass().getSimpleName()));
        }
    }

    @Override
    public GraphVertex vertex(String name, GraphVertex vertex) {
        if (vertex instanceof FrozenVertex frozen) {
            return vertex(name, frozen.getUnderlying());
        }
        boolean linear =
                isAny(VERTICES, vertex)
                        || (vertex instanceof ScaleVertex scale && scale.getScaleFactor() > 0)
                        || (vertex instanceof ElementWiseVertex sum
                                && sum.getOp() != ElementWiseVertex.Op.Subtract
                                && sum.getOp() != ElementWiseVertex.Op.Product);
        if (!linear) {
            throw new IllegalArgumentException(
                    ("Vertex %s: %s needs vertices that merge, add, average or move their"
                                    + " inputs, got %s; use %s")
                            .formatted(name, purpose, vertex, instead));
        }
        return vertex;
    }
}
