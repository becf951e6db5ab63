package org.dl4jplasticity.dropout;

import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Model;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What sparse variational dropout ends in: masks over the weights of every {@link
 * VariationalDenseLayer} whose log alpha is above 3, which are nothing but noise (Molchanov et al.
 * 2017, sec. 5). Those weights are 0 at inference before; afterwards they are 0, and stay so, as
 * under any mask of this library.
 */
public final class VariationalPruning {
    /** The log alpha above which a weight is noise. */
    public static final double THRESHOLD = 3;

    private VariationalPruning() {}

    /** {@return 1 for the weights that are used at inference, else 0, [nIn, nOut], 'f' order} */
    static INDArray kept(VariationalNoise noise, INDArray w, INDArray a) {
        return noise.logAlpha(w, a).lte(THRESHOLD).castTo(w.dataType());
    }

    /**
     * Lays a mask over the weights of every variational layer, and sets those that are noise to 0.
     * Of a layer all of whose weights are noise the one with the lowest alpha stays.
     *
     * @param model an initialized MultiLayerNetwork or ComputationGraph
     * @throws IllegalArgumentException if it is neither, not initialized, or has no variational
     *     layer
     */
    public static void mask(Model model) {
        List<MaskableWeights> all =
                MaskableWeights.of(model).stream()
                        .filter(weights -> weights.layer() instanceof VariationalDense)
                        .toList();
        if (all.isEmpty()) {
            throw new IllegalArgumentException(
                    "VariationalPruning: expected a network with a VariationalDenseLayer, got none");
        }
        for (MaskableWeights weights : all) {
            weights.setMask(topology(weights));
            weights.clearInactive();
        }
    }

    private static SparseTopology topology(MaskableWeights weights) {
        VariationalDenseLayer layer = (VariationalDenseLayer) weights.configuration();
        INDArray w = weights.array();
        double[] logAlpha;
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            INDArray a = weights.layer().getParam(VariationalParameters.NOISE_KEY);
            logAlpha =
                    layer.noise()
                            .logAlpha(w, a)
                            .dup('f')
                            .reshape('f', new long[] {w.length()})
                            .toDoubleVector();
        }
        long[] ids =
                IntStream.range(0, logAlpha.length)
                        .filter(i -> logAlpha[i] <= THRESHOLD)
                        .asLongStream()
                        .toArray();
        return SparseTopology.of(
                weights.rowLength(), weights.rows(), ids.length == 0 ? lowest(logAlpha) : ids);
    }

    private static long[] lowest(double[] values) {
        int lowest = 0;
        for (int i = 1; i < values.length; i++) {
            lowest = values[i] < values[lowest] ? i : lowest;
        }
        return new long[] {lowest};
    }
}
