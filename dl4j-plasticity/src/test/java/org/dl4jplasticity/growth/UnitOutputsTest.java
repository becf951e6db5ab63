package org.dl4jplasticity.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class UnitOutputsTest {

    @Test
    void reducesWhatNeuronsPutOutToOneNumberEach() {
        UnitOutputs outputs = UnitOutputs.of(new double[][] {{1, -2, 0}, {3, -4, 0}});
        assertThat(outputs.means()).containsExactly(2, -3, 0);
        assertThat(outputs.meanMagnitudes()).containsExactly(2, 3, 0);
        assertThat(outputs.meanDistances(new double[] {2, -4, 1})).containsExactly(1, 1, 1);
        assertThat(outputs.rows()).isDeepEqualTo(new double[][] {{1, -2, 0}, {3, -4, 0}});
    }

    @Test
    void reducesChannelsOverExamplesAndPositions() {
        // Two examples, three channels of 2 x 2: the channel's number, by position, by example.
        INDArray images = Nd4j.create(DataType.FLOAT, 2, 3, 2, 2);
        for (int example = 0; example < 2; example++) {
            for (int channel = 0; channel < 3; channel++) {
                for (int y = 0; y < 2; y++) {
                    for (int x = 0; x < 2; x++) {
                        images.putScalar(
                                new int[] {example, channel, y, x},
                                (channel - 1) * (1 + y * 2 + x) + 8 * example);
                    }
                }
            }
        }
        UnitOutputs outputs = UnitOutputs.of(images, false);
        // Channel 0: -1 -2 -3 -4, 7 6 5 4; channel 1: 0 x 4, 8 x 4; channel 2: 1 2 3 4, 9 10 11 12.
        assertThat(outputs.means()).containsExactly(1.5, 4, 6.5);
        assertThat(outputs.meanMagnitudes()).containsExactly(4, 4, 6.5);
        assertThat(outputs.meanDistances(new double[] {0, 4, 6.5})).containsExactly(4, 4, 4);
        assertThat(outputs.rows()[1]).containsExactly(-2, 0, 2);
        assertThat(outputs.rows()[4]).containsExactly(7, 8, 9);

        INDArray channelsLast = images.permute(0, 2, 3, 1).dup('c');
        assertThat(UnitOutputs.of(channelsLast, true).rows()).isDeepEqualTo(outputs.rows());
    }

    @Test
    void readsArraysInAnyOrder() {
        INDArray rows = Nd4j.createFromArray(new double[][] {{1, 2, 3}, {4, 5, 6}});
        assertThat(UnitOutputs.of(rows.dup('f'), false).rows())
                .isDeepEqualTo(new double[][] {{1, 2, 3}, {4, 5, 6}});
    }

    @Test
    void refusesRowsOfDifferentLengths() {
        assertThatThrownBy(() -> UnitOutputs.of(new double[][] {{1, 2}, {3}}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("activations: every row must have 2 columns, got 1 in row 1");
    }
}
