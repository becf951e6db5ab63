package org.dl4jplasticity.experiments.lottery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.dl4jplasticity.experiments.run.Mode;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.packing.Packing;
import org.dl4jplasticity.pruning.LotteryTicket;
import org.dl4jplasticity.pruning.RewindPoint;
import org.dl4jplasticity.topology.SparseTopology;

/** The network that a cell begins with, from what the cells before it left on disk. */
final class LotteryStart {
    /** Keeps what controls draw apart from what the network itself was drawn from. */
    private static final long OF_CONTROLS = 0x5DEECE66DL;

    private LotteryStart() {}

    /**
     * {@return the network, pruned and reset}
     *
     * @param cell of a level above 0, whose forerunners are done
     */
    static Network of(LotteryCell cell) {
        LotteryTicket ticket = ticket(cell);
        LotteryCell dense = cell.dense();
        Network network =
                cell.arm() == LotteryArm.LEARNING_RATE
                        ? trained(cell.of(cell.arm(), cell.level() - 1))
                        : load(dense.folder().resolve(startFile(cell)));
        RewindPoint point = RewindPoint.of(network.model());
        switch (cell.arm()) {
            case TICKET, ONE_SHOT, RANDOM -> ticket.rewind(network.model(), point);
            case LEARNING_RATE -> ticket.rewindLearningRate(network.model());
            case REINIT -> ticket.reinitialize(network.model(), seedOfControl(cell));
            case SIGN -> ticket.reinitializeKeepingSigns(network.model(), point);
        }
        return network;
    }

    /**
     * {@return a network to train as the mode has it} Packed, a dense one has masks of all
     * connections over what is packed: its convolutions, with the vector kernels.
     *
     * @param network dense, or with masks
     */
    static Network inMode(Network network, Mode mode) {
        if (mode != Mode.PACKED) {
            return network;
        }
        for (MaskableWeights weights : MaskableWeights.of(network.model())) {
            SparseTopology all = SparseTopology.dense(weights.rowLength(), weights.rows());
            if (weights.mask().isEmpty() && Packing.fasterPacked(weights.configuration(), all)) {
                weights.setMask(all);
            }
        }
        return network.packed(Packing.whereFaster());
    }

    private static String startFile(LotteryCell cell) {
        return cell.firstIteration() == 0 ? "initial.zip" : "rewind.zip";
    }

    private static LotteryTicket ticket(LotteryCell cell) {
        return switch (cell.arm()) {
            case TICKET, LEARNING_RATE ->
                    cell.settings()
                            .pruning()
                            .ticketOf(trained(cell.of(cell.arm(), cell.level() - 1)).model());
            case ONE_SHOT ->
                    cell.settings().pruning().ticketOf(trained(cell.dense()).model(), cell.level());
            case REINIT, SIGN -> ofTicket(cell);
            case RANDOM -> ofTicket(cell).atRandom(new SplittableRandom(seedOfControl(cell)));
        };
    }

    private static LotteryTicket ofTicket(LotteryCell cell) {
        return LotteryTicket.of(trained(cell.of(LotteryArm.TICKET, cell.level())).model());
    }

    private static long seedOfControl(LotteryCell cell) {
        return new SplittableRandom(cell.seed() ^ OF_CONTROLS).split().nextLong() + cell.level();
    }

    /** {@return what a cell trained, with masks where it was packed} */
    static Network trained(LotteryCell cell) {
        return load(cell.folder().resolve("model.zip")).unpacked();
    }

    private static Network load(Path file) {
        try {
            return Network.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "can't read %s, which the next level begins from: %s"
                            .formatted(file, e.getMessage()),
                    e);
        }
    }
}
