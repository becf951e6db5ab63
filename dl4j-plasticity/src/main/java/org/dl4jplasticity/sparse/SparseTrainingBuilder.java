package org.dl4jplasticity.sparse;

import java.util.EnumSet;
import java.util.OptionalLong;
import java.util.Set;
import org.dl4jplasticity.schedule.DropFraction;
import org.dl4jplasticity.schedule.UpdateSchedule;

/**
 * Composes a method of {@link DynamicSparseTraining}. Every setting has the method's own value to
 * start with.
 */
public final class SparseTrainingBuilder {
    private final String method;
    private UpdateSchedule schedule;
    private DropFraction dropFraction = DropFraction.constant(0.3);
    private ConnectionBudget budget = ConnectionBudget.keepingEach();
    private DropCriterion dropCriterion = DropCriterion.magnitude();
    private GrowCriterion growCriterion = GrowCriterion.random();
    private GrowthInitialization initialization = GrowthInitialization.zero();
    private ConstantFanInRule constantFanIn;
    private boolean insteadOfStep;
    private boolean regrownKeepValue;
    private boolean lastUpdateOnlyDrops;
    private boolean resettingOptimizer;
    private double momentumDecay = 0.9;
    private OptionalLong seed = OptionalLong.empty();

    SparseTrainingBuilder(String method) {
        this.method = method;
    }

    /**
     * {@return this builder with updates at given times}
     *
     * @param schedule when to update
     */
    public SparseTrainingBuilder schedule(UpdateSchedule schedule) {
        this.schedule = schedule;
        return this;
    }

    /**
     * {@return this builder with an update every so many iterations, from the first to the last
     * iteration of the schedule so far if that counted iterations too}
     *
     * @param iterations at least 1
     */
    public SparseTrainingBuilder updateEvery(int iterations) {
        UpdateSchedule every = UpdateSchedule.every(iterations);
        if (schedule instanceof UpdateSchedule.EveryIterations before) {
            every = every.from(before.begin()).until(before.end());
        }
        return schedule(every);
    }

    /** {@return this builder with an update at the end of each epoch} */
    public SparseTrainingBuilder eachEpoch() {
        return schedule(UpdateSchedule.eachEpoch());
    }

    /**
     * {@return this builder with no update before a time}
     *
     * @param begin the first iteration or epoch at which an update may happen, counted from 0
     */
    public SparseTrainingBuilder from(long begin) {
        return schedule(requireSchedule("from").from(begin));
    }

    /**
     * {@return this builder with no update after a time}
     *
     * @param end the last iteration or epoch at which an update may happen, counted from 0; also
     *     where a drop fraction that decays reaches its end
     */
    public SparseTrainingBuilder until(long end) {
        return schedule(requireSchedule("until").until(end));
    }

    private UpdateSchedule requireSchedule(String caller) {
        if (schedule == null) {
            throw new IllegalStateException(
                    caller + " needs a schedule: call updateEvery or eachEpoch first");
        }
        return schedule;
    }

    /**
     * {@return this builder with a share of active connections to replace at each update}
     *
     * @param dropFraction the share over time
     */
    public SparseTrainingBuilder dropFraction(DropFraction dropFraction) {
        this.dropFraction = dropFraction;
        return this;
    }

    /**
     * {@return this builder with a criterion for connections to drop}
     *
     * @param criterion which to drop
     */
    public SparseTrainingBuilder drop(DropCriterion criterion) {
        this.dropCriterion = criterion;
        return this;
    }

    /**
     * {@return this builder with a criterion for connections to grow}
     *
     * @param criterion which to grow
     */
    public SparseTrainingBuilder grow(GrowCriterion criterion) {
        this.growCriterion = criterion;
        return this;
    }

    /**
     * {@return this builder with values for grown connections}
     *
     * @param initialization what they start with
     */
    public SparseTrainingBuilder startingWith(GrowthInitialization initialization) {
        this.initialization = initialization;
        return this;
    }

    /**
     * {@return this builder with updates that take the place of the optimizer step of their
     * iteration, or that follow it} Only in the first case criteria may use the gradient.
     *
     * @param insteadOfStep whether they take its place
     */
    public SparseTrainingBuilder insteadOfStep(boolean insteadOfStep) {
        this.insteadOfStep = insteadOfStep;
        return this;
    }

    /**
     * {@return this builder with connections that are dropped and grown in one update keeping their
     * value and optimizer slots, or starting anew like any grown connection}
     *
     * @param regrownKeepValue whether they keep them
     */
    public SparseTrainingBuilder regrownKeepValue(boolean regrownKeepValue) {
        this.regrownKeepValue = regrownKeepValue;
        return this;
    }

    /**
     * {@return this builder with an update at the end of the schedule that drops and grows nothing,
     * or an ordinary one} Dropping alone makes the parameters shorter and the network lighter.
     *
     * @param lastUpdateOnlyDrops whether the last update only drops; without effect as long as the
     *     schedule is open-ended
     */
    public SparseTrainingBuilder lastUpdateOnlyDrops(boolean lastUpdateOnlyDrops) {
        this.lastUpdateOnlyDrops = lastUpdateOnlyDrops;
        return this;
    }

    /**
     * {@return this builder with a seed for everything random} Without one the network's own seed
     * is used.
     *
     * @param seed any number
     */
    public SparseTrainingBuilder seed(long seed) {
        this.seed = OptionalLong.of(seed);
        return this;
    }

    /**
     * {@return this builder with a rule for how many connections each layer drops and grows}
     *
     * @param budget the rule; each layer grows as many as it drops by default
     */
    public SparseTrainingBuilder budget(ConnectionBudget budget) {
        this.budget = budget;
        return this;
    }

    /**
     * {@return this builder with the optimizer's whole state set to zero after updates that leave
     * more connections than there were, or not} AC/DC does so at each decompression.
     *
     * @param resettingOptimizer whether it is set to zero
     */
    public SparseTrainingBuilder resettingOptimizer(boolean resettingOptimizer) {
        this.resettingOptimizer = resettingOptimizer;
        return this;
    }

    /**
     * {@return this builder with a decay of the moving average of gradients that criteria by
     * momentum look at}
     *
     * @param decay the share of the old average that stays at each step, in [0, 1); 0.9 by default
     * @throws IllegalArgumentException if it is out of range
     */
    public SparseTrainingBuilder momentumDecay(double decay) {
        if (!(decay >= 0 && decay < 1)) {
            throw new IllegalArgumentException("momentum decay must be in [0, 1), got " + decay);
        }
        this.momentumDecay = decay;
        return this;
    }

    /**
     * {@return this builder with updates that give every unit the same number of incoming
     * connections and take all from units with too few salient ones} The criteria for dropping and
     * growing are then SRigL's own, whatever else is set.
     *
     * @param leastSalient the share of its connections that must be salient for a unit to stay, in
     *     [0, 1]
     * @throws IllegalArgumentException if it is out of range
     */
    public SparseTrainingBuilder constantFanIn(double leastSalient) {
        this.constantFanIn = new ConstantFanInRule(leastSalient);
        return this;
    }

    /**
     * {@return the listener}
     *
     * @throws IllegalArgumentException if the parts do not fit together: a drop fraction that
     *     decays over a schedule without end, or a criterion that uses the gradient where it is not
     *     known
     */
    public DynamicSparseTraining build() {
        if (schedule != null) {
            dropFraction.requireEndOf(schedule);
            boolean iterations = schedule instanceof UpdateSchedule.EveryIterations;
            if (insteadOfStep && !iterations) {
                throw new IllegalArgumentException(
                        "updates that take the place of an optimizer step need a schedule of"
                                + " iterations, got "
                                + schedule);
            }
            boolean byGradient =
                    needs().contains(Signal.GRADIENT) || needs().contains(Signal.SAMPLED_GRADIENT);
            if (byGradient && !insteadOfStep) {
                throw new IllegalArgumentException(
                        "growing or dropping by gradient needs updates that take the place of an"
                                + " optimizer step: insteadOfStep(true)");
            }
        }
        return new DynamicSparseTraining(this);
    }

    UpdateSchedule schedule() {
        return schedule;
    }

    DropFraction dropFraction() {
        return dropFraction;
    }

    ConnectionBudget budget() {
        return budget;
    }

    LayerRule rule() {
        return constantFanIn != null
                ? constantFanIn
                : new RewiringRule(
                        dropCriterion, growCriterion, initialization, regrownKeepValue, seed);
    }

    boolean isInsteadOfStep() {
        return insteadOfStep;
    }

    boolean isLastUpdateOnlyDrops() {
        return lastUpdateOnlyDrops;
    }

    boolean isResettingOptimizer() {
        return resettingOptimizer;
    }

    double momentumDecay() {
        return momentumDecay;
    }

    Set<Signal> needs() {
        EnumSet<Signal> needs = EnumSet.noneOf(Signal.class);
        needs.addAll(rule().needs());
        needs.addAll(budget.needs());
        return needs;
    }

    /** The method with all its settings; what is no value of this project is called "own". */
    @Override
    public String toString() {
        return String.join(
                "; ",
                method,
                "schedule " + schedule,
                "drop fraction " + dropFraction,
                "budget " + told(budget),
                "drop " + (constantFanIn == null ? told(dropCriterion) : constantFanIn),
                "grow " + told(growCriterion),
                "starting with " + told(initialization),
                "instead of step " + insteadOfStep,
                "regrown keep value " + regrownKeepValue,
                "last update only drops " + lastUpdateOnlyDrops,
                "resetting optimizer " + resettingOptimizer,
                "momentum decay " + momentumDecay,
                "seed " + (seed.isPresent() ? seed.getAsLong() : "of the network"));
    }

    private static String told(Object part) {
        return part instanceof Record ? part.toString() : "own";
    }
}
