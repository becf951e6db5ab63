package org.dl4jplasticity.experiments.lottery;

import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.datasets.TrainTest;
import org.dl4jplasticity.experiments.run.HeldOut;

/**
 * What the trainings of one seed learn and are looked at with.
 *
 * @param train the training examples but those held out
 * @param validation the training examples held out
 * @param test the test examples
 */
record LotteryData(LabeledExamples train, HeldOut validation, HeldOut test) {

    /** {@return a data set with a validation part drawn by the seed} */
    static LotteryData of(TrainTest data, HeldOut test, double validation, long seed) {
        LabeledExamples.Split split = data.train().split(validation, seed);
        return new LotteryData(split.rest(), new HeldOut(split.part()), test);
    }
}
