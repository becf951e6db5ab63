package org.dl4jplasticity.experiments.lottery;

import java.nio.file.Path;
import java.util.Map;
import org.dl4jplasticity.experiments.run.Settings;

/**
 * One training of a lottery run, with a folder of its own.
 *
 * @param settings what all of them have in common
 * @param arm what is trained
 * @param level how often was pruned; 0 for the dense network, which all arms have in common
 * @param seed of everything random
 */
record LotteryCell(LotterySettings settings, LotteryArm arm, int level, long seed) {

    /** {@return another cell of the same seed} */
    LotteryCell of(LotteryArm arm, int level) {
        return new LotteryCell(settings, level == 0 ? LotteryArm.TICKET : arm, level, seed);
    }

    /** {@return the cell of the dense network of the same seed} */
    LotteryCell dense() {
        return of(LotteryArm.TICKET, 0);
    }

    boolean isDense() {
        return level == 0;
    }

    /** {@return the iteration that its values are of; the training goes on from there} */
    int firstIteration() {
        return isDense() || arm == LotteryArm.REINIT || arm == LotteryArm.LEARNING_RATE
                ? 0
                : settings.rewind();
    }

    /** {@return a name for folders} */
    String name() {
        return isDense() ? "dense_seed" + seed : "%s_level%02d_seed%d".formatted(arm, level, seed);
    }

    Path folder() {
        return settings.out().resolve(name());
    }

    /** {@return all that decides the figures, as text} */
    Map<String, String> texts() {
        Map<String, String> texts = Settings.texts(settings.config(), seed);
        texts.put("arm", arm.toString());
        texts.put("level", String.valueOf(level));
        return texts;
    }
}
