package org.dl4jplasticity.sparse;

import java.util.stream.IntStream;
import org.dl4jplasticity.checkpoint.StateArrays;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.surgery.NetworkParameter;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.reduce.longer.CountNonZero;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * Latent weights of STR: the effective weights are sign(w) max(|w| - t, 0), with a threshold t that
 * is learned. Nothing else may set a weight to zero, so no mask lies over them during a step.
 */
final class SoftThresholdWeights extends LatentWeights {
    private final LearnedThreshold threshold;
    private long activeCount;

    SoftThresholdWeights(
            MaskableWeights maskable, NetworkParameter parameter, SoftThreshold.Builder settings) {
        super(maskable, parameter);
        threshold =
                new LearnedThreshold(
                        settings.initial(), settings.thresholdDecay(), parameter.updater());
        count();
    }

    @Override
    void begin() {
        requireActive();
        settle();
    }

    @Override
    void enterStep(double examples) {
        if (maskable().mask().isPresent()) {
            maskable().setMask(null); // laid at the end of an epoch; weights may come back now
        }
        INDArray signs = Transforms.sign(connections(values()), true); // 0 where inactive
        INDArray gradient = connections(parameter().gradient());
        // dL/ds = -sigmoid'(s) * sum_i dL/dalpha(i) sign(theta(i)), i active
        double sum = gradient.mul(signs).sumNumber().doubleValue();
        threshold.gradient(-threshold.slope() * sum / examples);
        gradient.muli(Transforms.abs(signs, false));
        values().assign(latent());
    }

    @Override
    void leaveStep(int iteration, int epoch) {
        latent().assign(values());
        threshold.step(iteration, epoch);
        count();
    }

    private void count() {
        INDArray effective = connections(effective());
        activeCount = Nd4j.getExecutioner().exec(new CountNonZero(effective)).getLong(0);
    }

    /** A layer without active weights gets no gradient and would stay as it is for ever. */
    @Override
    void requireActive() {
        if (activeCount == 0) {
            throw new IllegalStateException(
                    ("%s: the threshold %.3g leaves no weight active; begin with a lower one or let"
                                    + " its parameter decay more slowly")
                            .formatted(name(), threshold.value()));
        }
    }

    @Override
    void takeBack() {
        super.takeBack();
        maskable().setMask(active());
    }

    /** Lays the active weights of this moment as a mask, which holds until the next step. */
    void settle() {
        maskable().setMask(active());
        look();
    }

    @Override
    INDArray effective() {
        INDArray effective = latent().dup();
        INDArray connections = connections(effective);
        INDArray cut = connections.dup();
        double t = threshold.value();
        Nd4j.exec(
                DynamicCustomOp.builder("clipbyvalue")
                        .addInputs(cut)
                        .addOutputs(cut)
                        .addFloatingPointArguments(-t, t)
                        .build());
        connections.subi(cut); // w - clip(w, -t, t), which is +0 for all that |w| <= t
        return effective;
    }

    @Override
    SparseTopology active() {
        double[] effective = connections(effective()).toDoubleVector();
        return SparseTopology.of(
                maskable().rowLength(),
                maskable().rows(),
                IntStream.range(0, effective.length)
                        .filter(i -> effective[i] != 0)
                        .asLongStream()
                        .toArray());
    }

    @Override
    long activeCount() {
        return activeCount;
    }

    @Override
    long backwardCount() {
        return activeCount;
    }

    @Override
    long target() {
        return activeCount;
    }

    LearnedThreshold threshold() {
        return threshold;
    }

    @Override
    void save(ObjectNode state) {
        super.save(state);
        StateArrays.put(state, "threshold", threshold.numbers());
    }

    @Override
    void restore(JsonNode state) {
        super.restore(state);
        threshold.restore(numbers(state, "threshold", threshold.count(), DataType.DOUBLE));
        count();
    }
}
