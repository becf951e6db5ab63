package org.dl4jplasticity.dropout;

import java.util.Objects;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A vertex that joins a main input and the conditions it comes with, and in training drops elements
 * of the main input, so that the network has to use the conditions: the dropout of DOSE (Tai, Lei,
 * Zhou, Trajcevski, Zhong 2023, <em>DOSE: Diffusion Dropout with Adaptive Prior for Speech
 * Enhancement</em>), whose main input is the noisy sample of a diffusion step.
 *
 * <pre>{@code
 * .addVertex("joined", new ConditioningDropoutVertex(new SeededKeep(0.5, 1)), "sample", "condition")
 * }</pre>
 *
 * <p>The first input is the main one, all others are conditions, which stay whole. The output is
 * what DL4J's {@code MergeVertex} makes of them, one behind the other along the features. Elements
 * that are kept are divided by their probability, so that the mean in training is inference, which
 * drops nothing. What is drawn depends on the seed, the number of iterations done and the number of
 * elements alone.
 */
public final class ConditioningDropoutVertex extends MergeVertex {
    private static final long serialVersionUID = 1;

    private final SeededKeep kept;

    /**
     * Makes a vertex for at least two inputs.
     *
     * @param kept how many elements of the main input are kept in training
     * @throws IllegalArgumentException if it waits for the validation loss, of which only layers
     *     are told
     */
    @JsonCreator
    public ConditioningDropoutVertex(@JsonProperty("kept") SeededKeep kept) {
        this.kept = Objects.requireNonNull(kept, "kept");
        if (kept.keep() instanceof ValidationKeep) {
            throw new IllegalArgumentException(
                    "ConditioningDropoutVertex: expected a schedule of iterations or epochs, got a"
                            + " ValidationKeep, which only layers can have");
        }
    }

    /** {@return how many elements of the main input are kept in training} */
    @JsonProperty("kept")
    public SeededKeep kept() {
        return kept;
    }

    @Override
    public GraphVertex instantiate(
            ComputationGraph graph,
            String name,
            int index,
            INDArray paramsView,
            boolean initializeParams,
            DataType networkDataType) {
        int inputs = graph.getConfiguration().getVertexInputs().get(name).size();
        if (inputs < minVertexInputs()) {
            throw new IllegalArgumentException(
                    "Vertex %s: expected the main input and at least one condition, got %d input"
                            .formatted(name, inputs));
        }
        return new ConditioningDropout(graph, name, index, networkDataType, mergeAxis, kept);
    }

    @Override
    @SuppressWarnings("MissingSuperCall") // DL4J's forgets the axis
    public ConditioningDropoutVertex clone() {
        ConditioningDropoutVertex copy = new ConditioningDropoutVertex(kept.copy());
        copy.setMergeAxis(getMergeAxis());
        copy.setModified(isModified());
        return copy;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ConditioningDropoutVertex that
                && getMergeAxis() == that.getMergeAxis()
                && kept.equals(that.kept);
    }

    @Override
    public int hashCode() {
        return kept.hashCode();
    }

    @Override
    public String toString() {
        return "ConditioningDropoutVertex(" + kept + ")";
    }
}
