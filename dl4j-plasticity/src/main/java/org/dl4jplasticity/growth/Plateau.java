package org.dl4jplasticity.growth;

import java.util.Optional;
import org.deeplearning4j.earlystopping.scorecalc.ScoreCalculator;
import org.deeplearning4j.nn.api.Model;
import org.dl4jplasticity.schedule.PlateauRule;

/**
 * Grows when a loss stalls: the trigger of dropin (Li, Milling, Schuller, arXiv:2503.21419,
 * Algorithm 1 and eq. 1). By default a loss stalls when it changed by less than 1 % in each of 3
 * intervals in a row.
 */
public final class Plateau implements GrowthTrigger {
    private static final PlateauRule DEFAULT = new PlateauRule(0.01, true, 3, 0, 0, false);

    private final Optional<ScoreCalculator<? extends Model>> validation;
    private final PlateauRule rule;

    private Plateau(Optional<ScoreCalculator<? extends Model>> validation, PlateauRule rule) {
        this.validation = validation;
        this.rule = rule;
    }

    /** {@return plateaus of the mean loss of an interval's minibatches} */
    public static Plateau ofTrainingLoss() {
        return new Plateau(Optional.empty(), DEFAULT);
    }

    /**
     * {@return plateaus of a score at the end of each interval, such as the loss on validation
     * data}
     *
     * @param score what to watch; of a score that is maximized a fall is a rise
     */
    public static Plateau of(ScoreCalculator<? extends Model> score) {
        return new Plateau(Optional.of(score), DEFAULT);
    }

    /**
     * {@return the same with a threshold in the loss' own unit}
     *
     * @param change the change below which the loss stalls, greater than 0
     */
    public Plateau below(double change) {
        return with(
                new PlateauRule(
                        change,
                        false,
                        rule.patience(),
                        rule.cooldown(),
                        rule.smoothing(),
                        rule.risesCount()));
    }

    /**
     * {@return the same with a threshold that is a share of the loss before}
     *
     * @param share the share below which a change is a stall, greater than 0
     */
    public Plateau belowShare(double share) {
        return with(
                new PlateauRule(
                        share,
                        true,
                        rule.patience(),
                        rule.cooldown(),
                        rule.smoothing(),
                        rule.risesCount()));
    }

    /**
     * {@return the same with another patience}
     *
     * @param intervals how many in a row must stall, at least 1
     */
    public Plateau patience(int intervals) {
        return with(
                new PlateauRule(
                        rule.threshold(),
                        rule.relative(),
                        intervals,
                        rule.cooldown(),
                        rule.smoothing(),
                        rule.risesCount()));
    }

    /**
     * {@return the same with a pause after each plateau}
     *
     * @param intervals how many don't count, at least 0
     */
    public Plateau cooldown(int intervals) {
        return with(
                new PlateauRule(
                        rule.threshold(),
                        rule.relative(),
                        rule.patience(),
                        intervals,
                        rule.smoothing(),
                        rule.risesCount()));
    }

    /**
     * {@return the same, looking at a moving average of the losses}
     *
     * @param share the share of the average so far, in [0, 1)
     */
    public Plateau smoothedBy(double share) {
        return with(
                new PlateauRule(
                        rule.threshold(),
                        rule.relative(),
                        rule.patience(),
                        rule.cooldown(),
                        share,
                        rule.risesCount()));
    }

    /** {@return the same, in which a loss that rises stalls too, however much it rises} */
    public Plateau countingRises() {
        return with(
                new PlateauRule(
                        rule.threshold(),
                        rule.relative(),
                        rule.patience(),
                        rule.cooldown(),
                        rule.smoothing(),
                        true));
    }

    private Plateau with(PlateauRule changed) {
        return new Plateau(validation, changed);
    }

    @Override
    public Watch start() {
        return new Watching();
    }

    /** What is watched, and when it counts as a plateau. */
    @Override
    public String toString() {
        return "plateau of %s, %s"
                .formatted(
                        validation.map(it -> it.getClass().getSimpleName()).orElse("training loss"),
                        rule);
    }

    private final class Watching implements Watch {
        private PlateauRule.State state = PlateauRule.State.START;

        @Override
        public boolean afterInterval(Model network, double trainingLoss) {
            double loss = validation.map(score -> Scores.loss(score, network)).orElse(trainingLoss);
            state = rule.observe(state, loss);
            return state.isPlateau();
        }

        @Override
        public double[] save() {
            return new double[] {state.loss(), state.row(), state.cooling()};
        }

        @Override
        public void restore(double[] saved) {
            state = new PlateauRule.State(saved[0], (int) saved[1], (int) saved[2], false);
        }
    }
}
