package org.dl4jplasticity.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.pruning.IterativePruning;
import org.dl4jplasticity.pruning.LotteryTicket;
import org.dl4jplasticity.pruning.RewindPoint;
import org.dl4jplasticity.sparse.DynamicSparseTraining;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** The code of {@code docs/lottery.md}. */
class LotteryGuideTest {

    // spotless:off
    static LotteryTicket find(MultiLayerNetwork network, DataSetIterator data, int levels, int epochs) {
        RewindPoint start = RewindPoint.of(network);
        network.addListeners(DynamicSparseTraining.fixed().build());
        LotteryTicket ticket = LotteryTicket.of(network);
        for (int level = 0; level < levels; level++) {
            network.fit(data, epochs);
            ticket = IterativePruning.eachLayer(0.2).outputs(0.1).ticketOf(network);
            ticket.rewind(network, start);
        }
        return ticket;
    }

    static void control(MultiLayerNetwork fresh, LotteryTicket ticket, RewindPoint start) {
        ticket.atRandom(new SplittableRandom(1)).rewind(fresh, start);   // as many connections, others
        fresh.addListeners(DynamicSparseTraining.fixed().build());
    }
    // spotless:on

    @Test
    void aTicketHasItsInitialWeightsAndItsControlAsMany() {
        MultiLayerNetwork network = GuideModels.dense(0.003);
        INDArray initial = network.getLayer(0).getParam("W").dup();
        LotteryTicket ticket = find(network, GuideModels.digits().iterator(100, 1), 3, 1);
        // 23,520 weights: 18,816, 15,053, 12,042; 600: 480, 384, 307; 200: 180, 162, 146.
        assertThat(ticket.activeWeights()).isEqualTo(12_042 + 307 + 146);
        INDArray left = network.getLayer(0).getParam("W");
        assertThat(left).isEqualTo(initial.mul(left.neq(0).castTo(left.dataType())));

        MultiLayerNetwork fresh = GuideModels.dense(0.003);
        control(fresh, ticket, RewindPoint.of(fresh));
        LotteryTicket other = LotteryTicket.of(fresh);
        assertThat(other.activeWeights()).isEqualTo(ticket.activeWeights());
        assertThat(other).isNotEqualTo(ticket);
    }
}
