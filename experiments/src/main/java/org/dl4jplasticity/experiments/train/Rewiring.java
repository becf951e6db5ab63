package org.dl4jplasticity.experiments.train;

import org.dl4jplasticity.experiments.run.Settings;
import org.dl4jplasticity.schedule.DropFraction;
import org.dl4jplasticity.sparse.SparseTrainingBuilder;

/**
 * How often connections change and how many of them; what is null is as the method usually has it.
 *
 * @param updateEvery iterations between updates, at least 1, or null
 * @param dropFraction the share of connections that the first update exchanges, in (0, 1), or null
 */
public record Rewiring(Integer updateEvery, Double dropFraction) {

    /** Everything as the method usually has it. */
    public static final Rewiring USUAL = new Rewiring(null, null);

    public Rewiring {
        Settings.require(
                "--update-every",
                updateEvery == null || updateEvery >= 1,
                "at least 1 iteration",
                updateEvery);
        Settings.require(
                "--drop-fraction",
                dropFraction == null || (dropFraction > 0 && dropFraction < 1),
                "in (0, 1)",
                dropFraction);
    }

    /**
     * Refuses what a method doesn't have.
     *
     * @throws IllegalArgumentException if something is chosen that would be left alone
     */
    void requireHeeded(Method method) {
        if (updateEvery != null && !method.hasInterval()) {
            throw new IllegalArgumentException(
                    "--update-every: method %s has no interval that can be chosen"
                            .formatted(method));
        }
        if (dropFraction != null && !method.hasDropFraction()) {
            throw new IllegalArgumentException(
                    "--drop-fraction: method %s has no share that can be chosen".formatted(method));
        }
    }

    int every(int usual) {
        return updateEvery == null ? usual : updateEvery;
    }

    /** A method that usually updates at the end of each epoch until one, or counts iterations. */
    SparseTrainingBuilder over(SparseTrainingBuilder method, long lastEpoch, long lastIteration) {
        return updateEvery == null
                ? method.until(lastEpoch)
                : method.updateEvery(updateEvery).until(lastIteration);
    }

    /** A method with its own share over time, but for the first one, if it has such a share. */
    SparseTrainingBuilder exchanging(SparseTrainingBuilder builder, Method method) {
        if (dropFraction == null || !method.hasDropFraction()) {
            return builder;
        }
        return builder.dropFraction(
                switch (method) {
                    case SET -> DropFraction.constant(dropFraction);
                    case SNFS -> DropFraction.cosine(dropFraction, 0.005);
                    case NDSNN -> DropFraction.cosine(dropFraction, 0.05);
                    default -> DropFraction.cosine(dropFraction);
                });
    }
}
