package org.dl4jplasticity.layers;

import java.util.function.Function;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.kernel.Numbers;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network of sparse layers beside one of DL4J's own layers that computes the same: its weights
 * are those of the sparse network, and 0 where that one has no connection.
 *
 * <p>DL4J keeps a dense weight matrix [nIn, nOut] column by column, so the place of a weight in it
 * is the id of its connection.
 */
final class Twins {
    private final Model sparse;
    private final Model dense;

    /** For every parameter of the sparse network its place in the dense one. */
    private final int[] places;

    private Twins(Model sparse, Layer[] sparseLayers, Model dense, Layer[] denseLayers) {
        this.sparse = sparse;
        this.dense = dense;
        places = new int[(int) sparse.numParams()];
        int next = 0;
        int offset = 0;
        for (int l = 0; l < sparseLayers.length; l++) {
            int ofLayer = (int) sparseLayers[l].numParams();
            int denseOfLayer = (int) denseLayers[l].numParams();
            long[] ids = new long[0];
            // DL4J keeps the biases of a convolution before its kernel.
            boolean biasFirst = sparseLayers[l].conf().getLayer() instanceof ConvolutionLayer;
            if (sparseLayers[l].conf().getLayer() instanceof SparseLayer layer) {
                ids = layer.getTopology().ids();
                int weights = offset + (biasFirst ? ofLayer - ids.length : 0);
                for (long id : ids) {
                    places[next++] = weights + (int) id;
                }
            }
            int rest = ofLayer - ids.length;
            int others = offset + (biasFirst ? 0 : denseOfLayer - rest);
            for (int i = 0; i < rest; i++) {
                places[next++] = others + i;
            }
            offset += denseOfLayer;
        }
        setDense(expand(Examples.elements(sparse.params())));
    }

    static Twins of(MultiLayerNetwork sparse, MultiLayerNetwork dense) {
        return new Twins(sparse, sparse.getLayers(), dense, dense.getLayers());
    }

    static Twins of(ComputationGraph sparse, ComputationGraph dense) {
        return new Twins(sparse, sparse.getLayers(), dense, dense.getLayers());
    }

    MultiLayerNetwork sparse() {
        return (MultiLayerNetwork) sparse;
    }

    MultiLayerNetwork dense() {
        return (MultiLayerNetwork) dense;
    }

    private static DataType type(Model model) {
        return model.params().dataType();
    }

    private void setDense(double[] values) {
        dense.setParams(
                Nd4j.createFromArray(values).castTo(type(dense)).reshape(dense.params().shape()));
    }

    /** {@return one value per dense parameter: those of the sparse network, and zeros} */
    private double[] expand(double[] packed) {
        double[] values = new double[(int) dense.numParams()];
        for (int i = 0; i < places.length; i++) {
            values[places[i]] = packed[i];
        }
        return values;
    }

    /** {@return the values of a dense vector that the sparse network has too} */
    double[] pack(double[] values) {
        double[] packed = new double[places.length];
        for (int i = 0; i < places.length; i++) {
            packed[i] = values[places[i]];
        }
        return packed;
    }

    /** Zeroes the dense weights that the sparse network has not, and their optimizer slots. */
    void maskDense() {
        setDense(expand(pack(Examples.elements(dense.params()))));
        INDArray state = state(dense);
        if (state != null) {
            double[] masked = onEachSlot(Examples.elements(state), dense, v -> expand(pack(v)));
            state.assign(
                    Nd4j.createFromArray(masked).castTo(state.dataType()).reshape(state.shape()));
        }
    }

    /** Applies a function to every component of an optimizer's state, one after the other. */
    private static double[] onEachSlot(
            double[] state, Model model, Function<double[], double[]> function) {
        int length = (int) model.numParams();
        double[][] parts = new double[state.length / length][];
        int total = 0;
        for (int slot = 0; slot < parts.length; slot++) {
            double[] part = new double[length];
            System.arraycopy(state, slot * length, part, 0, length);
            parts[slot] = function.apply(part);
            total += parts[slot].length;
        }
        double[] joined = new double[total];
        for (int slot = 0; slot < parts.length; slot++) {
            System.arraycopy(parts[slot], 0, joined, slot * parts[slot].length, parts[slot].length);
        }
        return joined;
    }

    static INDArray state(Model model) {
        return model instanceof MultiLayerNetwork network
                ? network.getUpdater().getStateViewArray()
                : ((ComputationGraph) model).getUpdater().getStateViewArray();
    }

    /** Asserts that every dense parameter is the sparse network's, or 0 where that has none. */
    void assertSameParameters(String when) {
        Numbers.assertClose(
                "parameters " + when,
                Examples.elements(dense.params()),
                expand(Examples.elements(sparse.params())),
                Examples.tolerance(type(sparse)));
    }

    /** The same of the optimizers' states. */
    void assertSameState(String when) {
        if (state(sparse) == null && state(dense) == null) {
            return;
        }
        Numbers.assertClose(
                "optimizer state " + when,
                Examples.elements(state(dense)),
                onEachSlot(Examples.elements(state(sparse)), sparse, this::expand),
                Examples.tolerance(type(sparse)));
    }

    /** Asserts that the sparse network's gradient is the dense one's at the active connections. */
    void assertSameGradient(String when) {
        Numbers.assertClose(
                "gradient " + when,
                Examples.elements(sparse.getGradientsViewArray()),
                pack(Examples.elements(dense.getGradientsViewArray())),
                Examples.tolerance(type(sparse)));
    }
}
