package org.dl4jplasticity.sparse;

import java.util.Arrays;
import java.util.Optional;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.surgery.NetworkParameter;
import org.dl4jplasticity.topology.Ranking;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * Latent weights of Top-KAST: the effective weights are the latent ones in the forward set, and
 * steps are taken in the backward set. During a step the network holds 0 outside the backward set,
 * so that no regularization moves anything there.
 */
final class TopKastWeights extends LatentWeights {
    private final int forwardCount;
    private final int backwardCount;
    private final ExplorationPenalty penalty;

    private SparseTopology forward;
    private SparseTopology backward;

    /** 1 in the set and beyond the topology, 0 outside. */
    private INDArray inForward;

    private INDArray inBackward;

    /** Some updaters give their state its initial values only at their first step. */
    private boolean slotsCleared;

    TopKastWeights(
            MaskableWeights maskable,
            NetworkParameter parameter,
            long forwardCount,
            long backwardCount,
            ExplorationPenalty penalty) {
        super(maskable, parameter);
        this.forwardCount = Math.toIntExact(forwardCount);
        this.backwardCount = Math.toIntExact(backwardCount);
        this.penalty = penalty;
        choose();
    }

    /** Takes the largest latent weights; of equal ones those of lower id. */
    private void choose() {
        double[] magnitudes = connections(latent()).toDoubleVector();
        Arrays.setAll(magnitudes, i -> Math.abs(magnitudes[i]));
        set(largest(magnitudes, forwardCount), largest(magnitudes, backwardCount));
    }

    private SparseTopology largest(double[] magnitudes, int count) {
        return SparseTopology.of(
                maskable().rowLength(),
                maskable().rows(),
                Arrays.stream(Ranking.highest(magnitudes, count)).asLongStream().toArray());
    }

    private void set(SparseTopology newForward, SparseTopology newBackward) {
        forward = newForward;
        backward = newBackward;
        inForward = array(forward);
        inBackward = array(backward);
    }

    private INDArray array(SparseTopology set) {
        float[] values = new float[Math.toIntExact(latent().length())];
        Arrays.fill(values, Math.toIntExact(possible()), values.length, 1);
        for (long id : set.ids()) {
            values[(int) id] = 1;
        }
        return Nd4j.createFromArray(values).castTo(latent().dataType());
    }

    @Override
    void begin() {
        maskable().setMask(forward);
        clearSlots(inBackward);
        look();
    }

    @Override
    void enterStep(double examples) {
        INDArray trained = keepOnly(latent().dup(), inBackward);
        INDArray gradient = parameter().gradient();
        gradient.muli(inBackward);
        if (penalty.coefficient() > 0) {
            addPenalty(gradient, trained, examples);
        }
        values().assign(trained);
    }

    /** gradient += c * slope on the forward set, c / D * slope on the rest of the backward set */
    private void addPenalty(INDArray gradient, INDArray trained, double examples) {
        double further = possible() / (double) forwardCount;
        INDArray slopes = penalty.slopes(trained);
        slopes.muli(inForward.mul(1 - further).addi(further));
        if (possible() < slopes.length()) {
            slopes.get(NDArrayIndex.interval(possible(), slopes.length())).assign(0);
        }
        gradient.addi(slopes.muli(penalty.coefficient() * examples));
    }

    @Override
    void leaveStep(int iteration, int epoch) {
        INDArray moved = values().mul(inBackward);
        latent().muli(inBackward.rsub(1)).addi(moved);
        if (!slotsCleared) {
            clearSlots(inBackward);
            slotsCleared = true;
        }
    }

    /** Chooses both sets anew. */
    void refresh() {
        choose();
        maskable().setMask(forward);
        clearSlots(inBackward);
        look();
    }

    @Override
    void requireActive() {
        // There are always as many as were asked for.
    }

    @Override
    INDArray effective() {
        return keepOnly(latent().dup(), inForward);
    }

    @Override
    SparseTopology active() {
        return forward;
    }

    SparseTopology backward() {
        return backward;
    }

    @Override
    long activeCount() {
        return forwardCount;
    }

    @Override
    long backwardCount() {
        return backwardCount;
    }

    @Override
    long target() {
        return forwardCount;
    }

    @Override
    void save(ObjectNode state) {
        super.save(state);
        state.put("forward", forward.toText());
        state.put("backward", backward.toText());
    }

    @Override
    void restore(JsonNode state) {
        super.restore(state);
        set(topology(state, "forward"), topology(state, "backward"));
        if (!maskable().mask().equals(Optional.of(forward))) {
            throw new IllegalArgumentException(
                    "%s: the network's mask is not the forward set of the state; both must be saved"
                                    .formatted(name())
                            + " at the same moment");
        }
    }
}
