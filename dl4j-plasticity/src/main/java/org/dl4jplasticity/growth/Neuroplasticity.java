package org.dl4jplasticity.growth;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.earlystopping.scorecalc.ScoreCalculator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.dl4jplasticity.checkpoint.ResumableTraining;
import org.dl4jplasticity.journal.MutationJournal;
import org.dl4jplasticity.sparse.DynamicSparseTraining;
import org.dl4jplasticity.surgery.MutationRecorder;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * Dropin followed, while a score improves, by taking away what carries the least relevance (Li,
 * Milling, Schuller, arXiv:2503.21419, Algorithm 3). At the end of each interval, an epoch by
 * default, dropin looks first; if nothing grew and the score is better than at the last look, one
 * {@link PruningStep} is done.
 *
 * <pre>{@code
 * network.addListeners(
 *         Neuroplasticity.of(
 *                 DropIn.when(Plateau.ofTrainingLoss()).where(LayerChoice.mostRelevant(examples)).build(),
 *                 LeastRelevant.neurons(examples, 0.05),
 *                 new DataSetLossCalculator(validation, true)));
 * }</pre>
 *
 * <p>The published algorithm masks and then uses all neurons at inference, which would undo the
 * masks. Here what goes stays away; {@link LeastRelevant#neuronsWhileTraining} is the literal form.
 */
public final class Neuroplasticity extends BaseTrainingListener implements ResumableTraining {
    private final DropIn dropIn;
    private final PruningStep step;
    private final ScoreCalculator<? extends Model> score;
    private final MutationRecorder recorder = new MutationRecorder();

    /** Keeps masked weights at zero, with their gradients and optimizer slots. */
    private DynamicSparseTraining masks = DynamicSparseTraining.fixed().build();

    private double last = Double.NaN;

    /** Dropin's growths up to the last look. */
    private int growths;

    private int prunings;

    private Neuroplasticity(
            DropIn dropIn, PruningStep step, ScoreCalculator<? extends Model> score) {
        this.dropIn = dropIn;
        this.step = step;
        this.score = score;
    }

    /**
     * {@return the listener}
     *
     * @param dropIn what grows; not to be added to the network itself
     * @param step what is taken away while the score improves
     * @param score what must improve from one look to the next; DL4J's calculators know whether
     *     more or less is better
     */
    public static Neuroplasticity of(
            DropIn dropIn, PruningStep step, ScoreCalculator<? extends Model> score) {
        return new Neuroplasticity(dropIn, step, score);
    }

    /** {@return the part that grows} */
    public DropIn dropIn() {
        return dropIn;
    }

    /** {@return how often something was taken away} */
    public int prunings() {
        return prunings;
    }

    /**
     * Writes every change from now on to a journal.
     *
     * @param journal open for writing; closing it is the caller's affair
     */
    public void recordTo(MutationJournal journal) {
        recorder.recordTo(journal);
        dropIn.recordTo(journal);
    }

    @Override
    public void onForwardPass(Model model, List<INDArray> activations) {
        masks.onForwardPass(model, activations);
    }

    @Override
    public void onForwardPass(Model model, Map<String, INDArray> activations) {
        masks.onForwardPass(model, activations);
    }

    @Override
    public void onGradientCalculation(Model model) {
        masks.onGradientCalculation(model);
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        masks.iterationDone(model, iteration, epoch);
        dropIn.iterationDone(model, iteration, epoch);
        if (dropIn.looksAfter(iteration)) {
            look(model);
        }
    }

    @Override
    public void onEpochEnd(Model model) {
        masks.onEpochEnd(model);
        dropIn.onEpochEnd(model);
        if (dropIn.looksAfterEpochs()) {
            look(model);
        }
    }

    private void look(Model model) {
        double loss = Scores.loss(score, model);
        boolean improved = loss < last;
        boolean grew = dropIn.growths().size() > growths;
        last = loss;
        growths = dropIn.growths().size();
        if (improved && !grew && step.prune(model, recorder)) {
            recorder.write();
            prunings++;
            masks = DynamicSparseTraining.fixed().build();
            masks.prepare(model);
        }
    }

    @Override
    public String method() {
        return "neuroplasticity; score " + score.getClass().getSimpleName() + "; " + dropIn;
    }

    @Override
    public String toString() {
        return method();
    }

    @Override
    public ObjectNode save() {
        ObjectNode node = dropIn.save();
        node.put("lastScore", Double.doubleToRawLongBits(last));
        node.put("growthsAtLook", growths);
        node.put("prunings", prunings);
        return node;
    }

    @Override
    public void restore(Model network, ObjectNode state) {
        dropIn.restore(network, state);
        last = Double.longBitsToDouble(state.path("lastScore").asLong());
        growths = state.path("growthsAtLook").asInt();
        prunings = state.path("prunings").asInt();
        masks.prepare(network);
    }
}
