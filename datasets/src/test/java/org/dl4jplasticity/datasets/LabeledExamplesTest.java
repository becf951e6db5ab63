package org.dl4jplasticity.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class LabeledExamplesTest {

    private static final List<String> TWO = List.of("a", "b");

    /** Example i has the single value i; the labels are given. */
    private static LabeledExamples numbered(int classes, int... labels) {
        float[] values = new float[labels.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        List<String> names = IntStream.range(0, classes).mapToObj(String::valueOf).toList();
        return LabeledExamples.ofValues(ExampleShape.row(1), values, labels, names);
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @Test
    void scalesPixelsToTheUnitInterval() {
        LabeledExamples images =
                LabeledExamples.ofImages(
                        new ExampleShape(1, 1, 3),
                        new byte[] {0, 51, (byte) 255, (byte) 128, 1, 2},
                        new int[] {1, 0},
                        TWO);
        assertThat(images.values(0)).containsExactly(0f, 0.2f, 1f);
        assertThat(images.values(1)).containsExactly(128 / 255f, 1 / 255f, 2 / 255f);
        assertThat(images.label(0)).isEqualTo(1);
        assertThat(images.size()).isEqualTo(2);
        assertThat(images.features()).isEqualTo(3);
        assertThat(images.classes()).isEqualTo(2);
        assertThat(images.classCounts()).containsExactly(1, 1);
        assertThat(images).hasToString("2 examples of shape 1x1x3 in 2 classes");
    }

    @Test
    void refusesWhatIsNoSetOfExamples() {
        ExampleShape shape = ExampleShape.row(2);
        refused(
                () -> LabeledExamples.ofValues(shape, new float[0], new int[0], TWO),
                "Labeled examples: at least 1 example and 1 class expected, got 0 examples and 2 classes");
        refused(
                () -> LabeledExamples.ofValues(shape, new float[3], new int[2], TWO),
                "Labeled examples: 2 labels and shape 1x1x2 need 4 values, got 3");
        refused(
                () -> LabeledExamples.ofValues(shape, new float[4], new int[] {0, 2}, TWO),
                "Labeled examples: label of example 1 must be in [0, 2), got 2");
        refused(
                () -> LabeledExamples.ofImages(shape, new byte[2], new int[] {-1}, TWO),
                "Labeled examples: label of example 0 must be in [0, 2), got -1");
        refused(
                () -> new ExampleShape(3, 0, 32),
                "Example shape: channels, height and width must be at least 1 and their product below 2^31, got 3 x 0 x 32");
        refused(
                () -> new ExampleShape(65536, 65536, 1),
                "Example shape: channels, height and width must be at least 1 and their product below 2^31, got 65536 x 65536 x 1");
    }

    @Test
    void firstKeepsTheFront() {
        LabeledExamples first = numbered(2, 0, 1, 1, 0).first(3);
        assertThat(first.size()).isEqualTo(3);
        assertThat(first.values(2)).containsExactly(2f);
        assertThat(first.classCounts()).containsExactly(1, 2);
        refused(() -> first.first(4), "First examples: their number must be in [1, 3], got 4");
        refused(() -> first.first(0), "First examples: their number must be in [1, 3], got 0");
    }

    @Test
    void splitsEachClassInItsShare() {
        // 10, 6 and 4 of the classes; a fifth is 4 = 2 + 1.2 + 0.8, so 2, 1 and 1.
        int[] labels = new int[20];
        Arrays.fill(labels, 10, 16, 1);
        Arrays.fill(labels, 16, 20, 2);
        LabeledExamples.Split split = numbered(3, labels).split(0.2, 7);
        assertThat(split.part().classCounts()).containsExactly(2, 1, 1);
        assertThat(split.rest().classCounts()).containsExactly(8, 5, 3);
    }

    @Test
    void splitsIntoTwoPartsInOrderThatAreTheWhole() {
        int[] labels = IntStream.range(0, 100).map(i -> i % 7 % 3).toArray();
        LabeledExamples all = numbered(3, labels);
        LabeledExamples.Split split = all.split(0.3, 1);
        assertThat(split.part().size()).isEqualTo(30);
        Set<Float> seen = new HashSet<>();
        for (LabeledExamples part : List.of(split.rest(), split.part())) {
            float last = -1;
            for (int i = 0; i < part.size(); i++) {
                float value = part.values(i)[0];
                assertThat(value).isGreaterThan(last);
                assertThat(part.label(i)).isEqualTo(labels[(int) value]);
                seen.add(value);
                last = value;
            }
        }
        assertThat(seen).hasSize(100);
    }

    @Test
    void splitsBySeed() {
        LabeledExamples all = numbered(2, new int[200]);
        float[] once = valuesOf(all.split(0.5, 3).part());
        assertThat(valuesOf(all.split(0.5, 3).part())).isEqualTo(once);
        assertThat(valuesOf(all.split(0.5, 4).part())).isNotEqualTo(once);
    }

    private static float[] valuesOf(LabeledExamples examples) {
        float[] values = new float[examples.size()];
        for (int i = 0; i < values.length; i++) {
            examples.copyValues(i, values, i);
        }
        return values;
    }

    @Test
    void refusesASplitWithAnEmptyPart() {
        LabeledExamples all = numbered(1, 0, 0, 0, 0);
        for (double fraction : new double[] {0, 1, -0.5, 1.5, 0.1, 0.9, Double.NaN}) {
            refused(
                    () -> all.split(fraction, 1),
                    "Split of 4 examples: fraction must be in (0, 1) and leave an example in both parts, got "
                            + fraction);
        }
    }

    @Test
    void quotasGoToTheLargestRemainders() {
        // 10 of 10 x 1 + 10 x 1 + 5 x 1: 4, 4, 2 without remainders.
        assertThat(Strata.quotas(new int[] {10, 10, 5}, 10)).containsExactly(4, 4, 2);
        // Thirds of 3 equal classes: 1.33 each, one more to the first.
        assertThat(Strata.quotas(new int[] {3, 3, 3}, 4)).containsExactly(2, 1, 1);
        // 2 of 1 + 8 + 1: 0.2, 1.6, 0.2.
        assertThat(Strata.quotas(new int[] {1, 8, 1}, 2)).containsExactly(0, 2, 0);
        assertThat(Strata.quotas(new int[] {0, 3}, 3)).containsExactly(0, 3);
    }

    @Test
    void standardizesEachFeatureByTheExamplesFittedTo() {
        // Feature 0 is 1, 3, 5, 7: mean 4, variance 5. Feature 1 is always 2.
        LabeledExamples train =
                LabeledExamples.ofValues(
                        ExampleShape.row(2),
                        new float[] {1, 2, 3, 2, 5, 2, 7, 2},
                        new int[] {0, 1, 0, 1},
                        TWO);
        Standardization fitted = Standardization.of(train);
        assertThat(fitted.features()).isEqualTo(2);
        assertThat(fitted.mean(0)).isEqualTo(4f);
        assertThat(fitted.deviation(0)).isEqualTo((float) Math.sqrt(5));
        assertThat(fitted.mean(1)).isEqualTo(2f);
        assertThat(fitted.deviation(1)).isEqualTo(1f);
        float root = (float) Math.sqrt(5);
        assertThat(train.standardized(fitted).values(0)).containsExactly(-3 / root, 0f);
        assertThat(train.values(0)).containsExactly(1f, 2f);

        LabeledExamples test =
                LabeledExamples.ofValues(
                        ExampleShape.row(2), new float[] {4, 5}, new int[] {0}, TWO);
        TrainTest both = new TrainTest(train, test).standardized();
        assertThat(both.test().values(0)).containsExactly(0f, 3f);
        refused(
                () -> numbered(1, 0).standardized(fitted),
                "Standardization: fitted to 2 features, got examples of 1");
    }

    @Test
    void partsOfADataSetMustMatch() {
        refused(
                () -> new TrainTest(numbered(2, 0, 1), numbered(3, 0)),
                "Training and test examples must have the same shape and classes, got 1x1x1 with classes [0, 1] and 1x1x1 with classes [0, 1, 2]");
    }

    @Test
    void valuesInAnotherOrderAreTheSameValues() {
        LabeledExamples images =
                LabeledExamples.ofImages(
                        new ExampleShape(1, 1, 3),
                        new byte[] {0, 51, (byte) 255, 1, 2, 3},
                        new int[] {1, 0},
                        TWO);
        int[] order = {2, 0, 1};
        LabeledExamples reordered = images.reordered(order);
        order[0] = 1; // the order was copied
        assertThat(reordered.values(0)).containsExactly(1f, 0f, 0.2f);
        assertThat(reordered.values(1)).containsExactly(3 / 255f, 1 / 255f, 2 / 255f);
        assertThat(reordered.label(0)).isEqualTo(1);
        assertThat(reordered.reordered(1, 2, 0).values(0)).isEqualTo(images.values(0));
        float[] room = new float[5];
        reordered.copyValues(0, room, 2);
        assertThat(room).containsExactly(0f, 0f, 1f, 0f, 0.2f);
    }

    @Test
    void refusesAnOrderThatIsNone() {
        LabeledExamples one = numbered(1, 0);
        refused(
                () -> one.reordered(1),
                "Reordered examples: expected each of 0 to 0 once, got 1 numbers that are not");
        refused(
                () -> one.reordered(0, 0),
                "Reordered examples: expected each of 0 to 0 once, got 2 numbers that are not");
    }

    @Test
    void examplesOfSomeClassesKeepTheirOrderAndTheirLabels() {
        LabeledExamples some = numbered(3, 2, 0, 1, 2, 0).ofClasses(label -> label != 1);
        assertThat(some.size()).isEqualTo(4);
        assertThat(some.classCounts()).containsExactly(2, 0, 2);
        assertThat(some.values(2)).containsExactly(3f);
        assertThat(some.label(2)).isEqualTo(2);
        refused(
                () -> some.ofClasses(label -> label == 1),
                "Examples of some classes: none of the 4 examples is of them");
    }
}
