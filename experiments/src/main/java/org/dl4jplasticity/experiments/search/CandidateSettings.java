package org.dl4jplasticity.experiments.search;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.dl4jplasticity.experiments.grow.DropinSettings;
import org.dl4jplasticity.experiments.grow.GrowArm;
import org.dl4jplasticity.experiments.grow.GrowthSignal;
import org.dl4jplasticity.experiments.run.Mode;
import org.dl4jplasticity.experiments.train.Method;
import org.dl4jplasticity.experiments.train.ModelSpec;
import org.dl4jplasticity.experiments.train.Rewiring;
import org.dl4jplasticity.experiments.train.TrainSettings;
import org.dl4jplasticity.schedule.SparsityDistribution;

/**
 * Everything that the training of one candidate depends on.
 *
 * @param training what is trained on what and how
 * @param growing how layers are chosen that grow, if any do
 * @param growth when and by how much they grow
 */
record CandidateSettings(TrainSettings training, Optional<GrowArm> growing, DropinSettings growth) {

    /** The value of the parameter growth for networks that don't grow. */
    static final String NO_GROWTH = "none";

    /** How many times the mean relevance the layer must have that grows. */
    static final double KAPPA = 1;

    /** Iterations that a method is tried with before there are data. */
    private static final long ITERATIONS = 1_000;

    /**
     * {@return the settings of a candidate}
     *
     * @param values of the candidate
     * @param settings of the search
     * @param out the candidate's folder, or null
     * @throws IllegalArgumentException if one of the values is out of its range
     */
    static CandidateSettings of(Values values, SearchSettings settings, Path out) {
        Method method = method(values.text(Parameter.METHOD));
        Double sparsity = values.number(Parameter.SPARSITY);
        TrainSettings training =
                new TrainSettings(
                        settings.dataset(),
                        settings.dataDir(),
                        values.text(Parameter.MODEL),
                        method,
                        method.isSparse()
                                ? named(Mode.values(), Parameter.MODE, values.text(Parameter.MODE))
                                : Mode.AUTO,
                        sparsity == null ? 0 : sparsity,
                        method.isSparse()
                                ? SparsityDistribution.parse(values.text(Parameter.DISTRIBUTION))
                                : SparsityDistribution.uniform(),
                        new Rewiring(
                                values.integer(Parameter.UPDATE_EVERY),
                                values.number(Parameter.DROP_FRACTION)),
                        values.integer(Parameter.EPOCHS),
                        values.integer(Parameter.BATCH),
                        values.number(Parameter.LEARNING_RATE),
                        values.number(Parameter.MOMENTUM),
                        values.number(Parameter.WEIGHT_DECAY),
                        values.number(Parameter.VALIDATION),
                        settings.seed(),
                        out,
                        0,
                        false);
        Optional<GrowArm> growing = growing(values.text(Parameter.GROWTH));
        return new CandidateSettings(
                training, growing, growing.isPresent() ? growth(values) : null);
    }

    private static DropinSettings growth(Values values) {
        return new DropinSettings(
                GrowthSignal.PLATEAU,
                values.number(Parameter.GROWTH_THRESHOLD),
                values.integer(Parameter.GROWTH_PATIENCE),
                values.integer(Parameter.GROWTH_LOOKS),
                values.number(Parameter.GROWTH_UNITS),
                0,
                0,
                0,
                KAPPA);
    }

    /**
     * {@return the method of a name}
     *
     * @throws IllegalArgumentException if there is none
     */
    static Method method(String name) {
        return named(Method.values(), Parameter.METHOD, name);
    }

    private static Optional<GrowArm> growing(String name) {
        if (name.equals(NO_GROWTH)) {
            return Optional.empty();
        }
        GrowArm[] growing =
                Arrays.stream(GrowArm.values()).filter(GrowArm::grows).toArray(GrowArm[]::new);
        return Optional.of(named(growing, Parameter.GROWTH, name));
    }

    private static <E extends Enum<E>> E named(E[] all, Parameter parameter, String name) {
        return Arrays.stream(all)
                .filter(each -> each.toString().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "%s must be one of %s%s, got '%s'"
                                                .formatted(
                                                        parameter,
                                                        parameter == Parameter.GROWTH
                                                                ? NO_GROWTH + ", "
                                                                : "",
                                                        String.join(
                                                                ", ",
                                                                Arrays.stream(all)
                                                                        .map(Object::toString)
                                                                        .toList()),
                                                        name)));
    }

    /**
     * Refuses a space of which some value can be used by no candidate.
     *
     * @throws IllegalArgumentException if there is one, in one sentence
     */
    static void check(SearchSpace space, SearchSettings settings) {
        try {
            check(space.control(), settings);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "--space %s, settings: %s".formatted(settings.spaceFile(), e.getMessage()), e);
        }
        for (var extreme : space.extremes()) {
            try {
                check(space.candidate(Map.of(extreme.getKey(), extreme.getValue())), settings);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "--space %s, search.%s: %s"
                                .formatted(settings.spaceFile(), extreme.getKey(), e.getMessage()),
                        e);
            }
        }
    }

    private static void check(Values values, SearchSettings settings) {
        CandidateSettings candidate = of(values, settings, null);
        NetworkShape.of(values);
        ModelSpec.parse(candidate.training().model());
        candidate.training().method().listener(candidate.training(), ITERATIONS);
    }
}
