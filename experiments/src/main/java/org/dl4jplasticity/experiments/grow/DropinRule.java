package org.dl4jplasticity.experiments.grow;

import java.util.List;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.growth.DropIn;
import org.dl4jplasticity.growth.DropInBuilder;
import org.dl4jplasticity.growth.Growth;
import org.dl4jplasticity.growth.LayerChoice;
import org.dl4jplasticity.journal.MutationJournal;
import org.nd4j.linalg.dataset.DataSet;

/** Has a network grow; layers are chosen by validation examples of the task that is learnt. */
final class DropinRule implements ArmRule {
    /** How many examples tell a layer's relevance. */
    private static final int EXAMPLES = 500;

    /** How many examples of a validation loss are computed at a time. */
    private static final int BATCH = 500;

    private final GrowSettings settings;
    private final int steps;
    private final Task first;

    private Task task;
    private DataSet examples;
    private DropIn dropin;

    DropinRule(GrowSettings settings, Task first, int steps) {
        this.settings = settings;
        this.first = first;
        this.steps = steps;
    }

    @Override
    public void attach(Network network, MutationJournal journal) {
        DropinSettings growth = settings.dropin();
        DropInBuilder builder =
                growth.dropin(network, steps)
                        .where(this::choose)
                        .startingWith(settings.arm().start())
                        .seed(settings.seed());
        if (growth.stopAfter() > 0) {
            builder.stopAfter(
                    growth.stopAfter(),
                    new DataSetLossCalculator(first.validation().iterator(BATCH), true));
        }
        dropin = builder.build();
        dropin.recordTo(journal);
        network.addListener(dropin);
    }

    private LayerChoice.Decision choose(LayerChoice.Situation situation) {
        return settings.arm().choice(examples, settings.dropin().kappa()).choose(situation);
    }

    @Override
    public void begin(Task next) {
        boolean isNew = task != null;
        task = next;
        int count = Math.min(EXAMPLES, next.validation().size());
        examples = next.validation().first(count).iterator(count).next();
        if (isNew && settings.dropin().signal().heedsNewData()) {
            dropin.newData();
        }
    }

    @Override
    public List<Growth> growths() {
        return dropin.growths();
    }
}
