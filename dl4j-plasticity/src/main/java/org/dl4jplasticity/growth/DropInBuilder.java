package org.dl4jplasticity.growth;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.deeplearning4j.earlystopping.scorecalc.ScoreCalculator;
import org.deeplearning4j.nn.api.Model;
import org.dl4jplasticity.surgery.UnitInitialization;

/** Composes {@link DropIn}. Every setting but the layer choice has a value to start with. */
public final class DropInBuilder {
    private final List<GrowthTrigger> triggers;
    private LayerChoice choice = LayerChoice.random();
    private UnitCount count = UnitCount.fraction(0.1);
    private UnitInitialization start = NewUnits.zeroOutgoing();
    private Optional<StopRule> stop = Optional.empty();
    private Optional<Set<String>> layers = Optional.empty();
    private int everyIterations;
    private int mostGrowths = Integer.MAX_VALUE;
    private int birthRamp;
    private OptionalLong seed = OptionalLong.empty();

    DropInBuilder(List<GrowthTrigger> triggers) {
        this.triggers = new ArrayList<>(triggers);
    }

    /**
     * {@return this builder with one more trigger; any of them has the network grow}
     *
     * @param trigger when to grow
     */
    public DropInBuilder or(GrowthTrigger trigger) {
        triggers.add(trigger);
        return this;
    }

    /**
     * {@return this builder with a choice of layers; one at random without}
     *
     * @param choice which layers grow
     */
    public DropInBuilder where(LayerChoice choice) {
        this.choice = choice;
        return this;
    }

    /**
     * {@return this builder with layers that alone may grow; all hidden ones that can without}
     *
     * @param layerIds indexes in a MultiLayerNetwork, names of vertices in a ComputationGraph
     */
    public DropInBuilder among(String... layerIds) {
        this.layers = Optional.of(new TreeSet<>(List.of(layerIds)));
        return this;
    }

    /**
     * {@return this builder with another number of new units; a tenth of the layer's without}
     *
     * @param count how many units a layer gets
     */
    public DropInBuilder units(UnitCount count) {
        this.count = count;
        return this;
    }

    /**
     * {@return this builder with another start of new units; zero outgoing weights without}
     *
     * @param start what they start with
     */
    public DropInBuilder startingWith(UnitInitialization start) {
        this.start = start;
        return this;
    }

    /**
     * {@return this builder with an end of growing after some growths in a row that didn't improve
     * a score}
     *
     * @param growths how many, at least 1
     * @param score what must improve
     */
    public DropInBuilder stopAfter(int growths, ScoreCalculator<? extends Model> score) {
        return stop(new StopRule(growths, score, 0, false));
    }

    /**
     * {@return this builder with an end of growing}
     *
     * @param rule when, and whether the network goes back
     */
    public DropInBuilder stop(StopRule rule) {
        this.stop = Optional.of(rule);
        return this;
    }

    /**
     * {@return this builder with a most number of growths}
     *
     * @param growths how many, at least 0
     */
    public DropInBuilder growthsAtMost(int growths) {
        this.mostGrowths = growths;
        return this;
    }

    /**
     * {@return this builder with triggers that look at the network every so many iterations, in
     * place of the end of each epoch}
     *
     * @param iterations at least 1
     * @throws IllegalArgumentException if it is less
     */
    public DropInBuilder lookingEvery(int iterations) {
        if (iterations < 1) {
            throw new IllegalArgumentException(
                    "triggers look at the network every 1 or more iterations, got " + iterations);
        }
        this.everyIterations = iterations;
        return this;
    }

    /**
     * {@return this builder with new units that take part in training by chance at first, more and
     * more often} See {@link org.dl4jplasticity.dropout.UnitGates}. At inference they count at
     * once.
     *
     * @param iterations how long it takes until they always take part, at least 0; 0 without
     * @throws IllegalArgumentException if it is less
     */
    public DropInBuilder rampingUpOver(int iterations) {
        if (iterations < 0) {
            throw new IllegalArgumentException(
                    "new units are ramped up over 0 or more iterations, got " + iterations);
        }
        this.birthRamp = iterations;
        return this;
    }

    /**
     * {@return this builder with a seed for everything random} Without one the network's own seed
     * is used.
     *
     * @param seed any number
     */
    public DropInBuilder seed(long seed) {
        this.seed = OptionalLong.of(seed);
        return this;
    }

    /** {@return the listener} */
    public DropIn build() {
        return new DropIn(this);
    }

    List<GrowthTrigger> triggers() {
        return List.copyOf(triggers);
    }

    LayerChoice choice() {
        return choice;
    }

    UnitCount count() {
        return count;
    }

    UnitInitialization start() {
        return start;
    }

    Optional<StopRule> stop() {
        return stop;
    }

    Optional<Set<String>> layers() {
        return layers;
    }

    int everyIterations() {
        return everyIterations;
    }

    int mostGrowths() {
        return mostGrowths;
    }

    int birthRamp() {
        return birthRamp;
    }

    OptionalLong seed() {
        return seed;
    }

    /** The method with all its settings; what is no value of this project is called "own". */
    @Override
    public String toString() {
        return String.join(
                "; ",
                "dropin",
                "when " + triggers.stream().map(DropInBuilder::told).toList(),
                "where " + told(choice),
                "among " + layers.map(Set::toString).orElse("all"),
                count.toString(),
                "starting with " + told(start),
                "stop " + stop.map(StopRule::toString).orElse("never"),
                "at most " + mostGrowths,
                "looking " + (everyIterations == 0 ? "each epoch" : "every " + everyIterations),
                "ramping up over " + birthRamp,
                "seed " + (seed.isPresent() ? seed.getAsLong() : "of the network"));
    }

    private static String told(Object part) {
        boolean ours = part.getClass().getPackage() == DropInBuilder.class.getPackage();
        return ours && !part.getClass().isSynthetic() && !part.getClass().isHidden()
                ? part.toString()
                : "own";
    }
}
