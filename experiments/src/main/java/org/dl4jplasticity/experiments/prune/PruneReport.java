package org.dl4jplasticity.experiments.prune;

import java.util.List;
import java.util.Map;
import org.dl4jplasticity.experiments.bench.InferenceTimes;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.experiments.run.ReportOfSettings;

/**
 * What {@code report.json} says of a pruning. Accuracies are shares of the test examples.
 *
 * @param testAccuracy at the end
 * @param accuracyBefore of the network as given
 * @param accuracyPruned after the last pruning, before it is retrained
 * @param before what the network as given is like
 * @param after what the pruned one is like, in the form in which it is written
 * @param inference time of a batch before and after
 * @param activeWeights weights that are left, biases left out
 * @param totalWeights weights of the network as given
 * @param layers what is left by layer
 * @param widths units of the layers whose width can change, by id
 * @param packedLayers layers that hold only what is active, by id
 * @param rounds what came of each round
 * @param pruneSeconds spent in rating and pruning
 * @param trainSeconds spent in retraining
 * @param stepsPerSecond iterations of retraining over that time; 0 if there were none
 * @param seed of the run
 * @param config the run's settings by option
 */
record PruneReport(
        double testAccuracy,
        double accuracyBefore,
        double accuracyPruned,
        Size before,
        Size after,
        List<InferenceTimes> inference,
        long activeWeights,
        long totalWeights,
        List<Network.LayerWeights> layers,
        Map<String, Integer> widths,
        List<String> packedLayers,
        List<Round> rounds,
        double pruneSeconds,
        double trainSeconds,
        double stepsPerSecond,
        long seed,
        Map<String, Object> config)
        implements ReportOfSettings {

    /**
     * How large a network is.
     *
     * @param parameters numbers that it keeps, biases and all; inactive weights count where they
     *     are kept as 0
     * @param activeWeights weights that are not pruned, biases left out
     * @param flops floating-point operations of a forward pass of one example: a multiplication and
     *     an addition for each active weight wherever it is applied
     * @param fileBytes of the model's file
     */
    record Size(long parameters, long activeWeights, double flops, long fileBytes) {}

    /**
     * One round of pruning and retraining.
     *
     * @param round counted from 1
     * @param share that was to be gone after it; null where there is no target
     * @param activeWeights weights left
     * @param accuracyPruned before it was retrained
     * @param accuracyRetrained after
     */
    record Round(
            int round,
            Double share,
            long activeWeights,
            double accuracyPruned,
            double accuracyRetrained) {}
}
