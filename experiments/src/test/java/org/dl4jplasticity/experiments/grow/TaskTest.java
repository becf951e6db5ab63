package org.dl4jplasticity.experiments.grow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.dl4jplasticity.datasets.ExampleShape;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.datasets.TrainTest;
import org.dl4jplasticity.experiments.run.Mode;
import org.dl4jplasticity.experiments.train.Method;
import org.dl4jplasticity.experiments.train.Rewiring;
import org.dl4jplasticity.experiments.train.TrainSettings;
import org.dl4jplasticity.schedule.SparsityDistribution;
import org.junit.jupiter.api.Test;

class TaskTest {
    private static final int FEATURES = 8;

    /** Example i has the values 8i to 8i + 7 and class i mod 4. */
    private static LabeledExamples numbered(int size) {
        float[] values = new float[size * FEATURES];
        IntStream.range(0, values.length).forEach(i -> values[i] = i);
        return LabeledExamples.ofValues(
                ExampleShape.row(FEATURES),
                values,
                IntStream.range(0, size).map(i -> i % 4).toArray(),
                List.of("a", "b", "c", "d"));
    }

    private static List<Task> tasks(GrowExperiment experiment, TaskSwitch change, long seed) {
        TrainSettings training =
                new TrainSettings(
                        "numbers",
                        null,
                        "mlp:3",
                        Method.DENSE,
                        Mode.AUTO,
                        0,
                        SparsityDistribution.uniform(),
                        Rewiring.USUAL,
                        1,
                        4,
                        0.1,
                        0.9,
                        0,
                        0.25,
                        seed,
                        Path.of("nowhere"),
                        0,
                        false);
        return Task.of(
                new GrowSettings(
                        experiment,
                        change,
                        3,
                        GrowArm.DROPIN,
                        new DropinSettings(GrowthSignal.NEW_DATA, 0.1, 1, 1, 0.5, 0, 0, 0, 1),
                        new RecyclingSettings(1e-4, 100, 1_000, 0.025),
                        training),
                new TrainTest(numbered(16), numbered(8)));
    }

    @Test
    void validationExamplesAreTrainingExamplesThatAreNotTrainedOn() {
        List<Task> tasks = tasks(GrowExperiment.START_SMALL, TaskSwitch.PERMUTED, 1);
        assertThat(tasks).hasSize(1);
        assertThat(tasks.get(0).train().size()).isEqualTo(12);
        assertThat(tasks.get(0).validation().size()).isEqualTo(4);
        assertThat(tasks.get(0).test().size()).isEqualTo(8);
    }

    @Test
    void eachTaskHasItsPixelsInAnOrderOfItsOwnThatAllItsPartsShare() {
        List<Task> tasks = tasks(GrowExperiment.PERMUTED, TaskSwitch.PERMUTED, 1);
        assertThat(tasks).hasSize(3);
        assertThat(tasks.get(0).test().values(0)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        for (Task task : tasks) {
            float[] order = task.test().values(0);
            float[] sorted = order.clone();
            Arrays.sort(sorted);
            assertThat(sorted).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
            assertThat(reordered(tasks.get(0).train().values(5), order))
                    .isEqualTo(task.train().values(5));
            assertThat(reordered(tasks.get(0).validation().values(2), order))
                    .isEqualTo(task.validation().values(2));
        }
        assertThat(tasks.get(1).test().values(0)).isNotEqualTo(tasks.get(2).test().values(0));
    }

    private static float[] reordered(float[] values, float[] order) {
        float[] reordered = new float[values.length];
        IntStream.range(0, values.length).forEach(i -> reordered[i] = values[(int) order[i]]);
        return reordered;
    }

    @Test
    void aSeedHasItsOwnOrders() {
        assertThat(tasks(GrowExperiment.NEW_DATA, TaskSwitch.PERMUTED, 1).get(1).test().values(0))
                .isEqualTo(
                        tasks(GrowExperiment.PERMUTED, TaskSwitch.PERMUTED, 1)
                                .get(1)
                                .test()
                                .values(0))
                .isNotEqualTo(
                        tasks(GrowExperiment.NEW_DATA, TaskSwitch.PERMUTED, 2)
                                .get(1)
                                .test()
                                .values(0));
    }

    @Test
    void newClassesAreTrainedBesideTheOldAndTestedAlone() {
        List<Task> tasks = tasks(GrowExperiment.NEW_DATA, TaskSwitch.NEW_CLASSES, 1);
        assertThat(tasks)
                .extracting(Task::name)
                .containsExactly("classes 0 to 1", "classes 2 to 3");
        assertThat(tasks.get(0).train().classCounts()).containsExactly(3, 3, 0, 0);
        assertThat(tasks.get(0).test().classCounts()).containsExactly(2, 2, 0, 0);
        assertThat(tasks.get(1).train().classCounts()).containsExactly(3, 3, 3, 3);
        assertThat(tasks.get(1).validation().classCounts()).containsExactly(1, 1, 1, 1);
        assertThat(tasks.get(1).test().classCounts()).containsExactly(0, 0, 2, 2);
    }
}
