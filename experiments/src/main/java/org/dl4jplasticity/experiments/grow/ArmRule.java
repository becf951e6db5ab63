package org.dl4jplasticity.experiments.grow;

import java.util.List;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.growth.ContinualBackprop;
import org.dl4jplasticity.growth.DormantUnits;
import org.dl4jplasticity.growth.Growth;
import org.dl4jplasticity.journal.MutationJournal;

/** What changes a network of an arm while it trains. */
interface ArmRule {

    /** Begins to serve a network. */
    void attach(Network network, MutationJournal journal);

    /** Tells that the examples to come are those of a task. */
    default void begin(Task task) {}

    /** {@return all growths so far, oldest first} */
    default List<Growth> growths() {
        return List.of();
    }

    /**
     * {@return the rule of a run}
     *
     * @param settings of the run
     * @param first the first task
     * @param steps in an epoch of it
     */
    static ArmRule of(GrowSettings settings, Task first, int steps) {
        RecyclingSettings recycling = settings.recycling();
        if (settings.arm().grows()) {
            return new DropinRule(settings, first, steps);
        }
        return switch (settings.arm()) {
            case CONTINUAL_BACKPROP ->
                    (network, journal) -> {
                        ContinualBackprop listener =
                                ContinualBackprop.replacing(recycling.rate())
                                        .maturity(recycling.maturity())
                                        .seed(settings.seed())
                                        .build();
                        listener.recordTo(journal);
                        network.addListener(listener);
                    };
            case REDO ->
                    (network, journal) -> {
                        DormantUnits listener =
                                DormantUnits.every(recycling.every())
                                        .threshold(recycling.dormancy())
                                        .seed(settings.seed())
                                        .build();
                        listener.recordTo(journal);
                        network.addListener(listener);
                    };
            default -> (network, journal) -> {};
        };
    }
}
