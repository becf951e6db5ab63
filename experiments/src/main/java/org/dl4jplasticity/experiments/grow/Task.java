package org.dl4jplasticity.experiments.grow;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.datasets.TrainTest;

/**
 * One of the tasks that a network learns one after the other.
 *
 * @param name what it is called
 * @param train the examples to train on
 * @param validation those to decide by
 * @param test those to measure by
 */
record Task(String name, LabeledExamples train, LabeledExamples validation, LabeledExamples test) {

    /**
     * {@return the tasks of a run}
     *
     * @param data the data set; a part of its training examples becomes the validation examples
     */
    static List<Task> of(GrowSettings settings, TrainTest data) {
        LabeledExamples.Split split =
                data.train().split(settings.training().validation(), settings.seed());
        Task whole = new Task("all", split.rest(), split.part(), data.test());
        return switch (settings.experiment()) {
            case START_SMALL -> List.of(whole);
            case NEW_DATA ->
                    settings.change() == TaskSwitch.PERMUTED
                            ? whole.permuted(2, settings.seed())
                            : whole.byClasses();
            case PERMUTED -> whole.permuted(settings.tasks(), settings.seed());
        };
    }

    /** {@return this task, then the same with the values of each example in other orders} */
    private List<Task> permuted(int tasks, long seed) {
        List<Task> all = new ArrayList<>();
        all.add(new Task("as given", train, validation, test));
        SplittableRandom random = new SplittableRandom(seed);
        while (all.size() < tasks) {
            int[] order = permutation(train.features(), random);
            all.add(
                    new Task(
                            "permuted " + all.size(),
                            train.reordered(order),
                            validation.reordered(order),
                            test.reordered(order)));
        }
        return all;
    }

    private static int[] permutation(int n, SplittableRandom random) {
        int[] order = IntStream.range(0, n).toArray();
        for (int i = n - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
        return order;
    }

    /** {@return the first half of the classes, then all: the new ones arrive beside the old} */
    private List<Task> byClasses() {
        int half = train.classes() / 2;
        IntPredicate old = label -> label < half;
        return List.of(
                new Task(
                        "classes 0 to " + (half - 1),
                        train.ofClasses(old),
                        validation.ofClasses(old),
                        test.ofClasses(old)),
                new Task(
                        "classes %d to %d".formatted(half, train.classes() - 1),
                        train,
                        validation,
                        test.ofClasses(old.negate())));
    }
}
