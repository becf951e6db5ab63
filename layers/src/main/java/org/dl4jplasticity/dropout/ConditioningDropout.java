package org.dl4jplasticity.dropout;

import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.impl.MergeVertex;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A {@link ConditioningDropoutVertex} at work. */
@SuppressWarnings("overrides") // as DL4J declares setInputs()
final class ConditioningDropout extends MergeVertex {
    private static final long serialVersionUID = 1;

    private final SeededKeep kept;
    private transient INDArray factors;

    ConditioningDropout(
            ComputationGraph graph,
            String name,
            int index,
            DataType dataType,
            int mergeAxis,
            SeededKeep kept) {
        super(graph, name, index, dataType, mergeAxis);
        this.kept = kept;
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaceMgr) {
        INDArray whole = inputs[0];
        factors = null;
        if (training && whole != null) {
            try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
                factors = draw(whole);
                inputs[0] = whole.castTo(dataType).mul(factors);
            }
        }
        try {
            return super.doForward(training, workspaceMgr);
        } finally {
            inputs[0] = whole;
        }
    }

    private INDArray draw(INDArray whole) {
        int length = Math.toIntExact(whole.length());
        double[] drawn =
                kept.factors(
                        "Vertex " + getVertexName(),
                        length,
                        graph.getConfiguration().getIterationCount(),
                        graph.getConfiguration().getEpochCount(),
                        length);
        return Nd4j.createFromArray(drawn).reshape('c', whole.shape()).castTo(dataType);
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaceMgr) {
        Pair<Gradient, INDArray[]> result = super.doBackward(tbptt, workspaceMgr);
        if (factors != null) {
            result.getSecond()[0].muli(factors);
        }
        return result;
    }

    @Override
    public String toString() {
        return "ConditioningDropout(id=%d, name=%s)".formatted(getVertexIndex(), getVertexName());
    }
}
