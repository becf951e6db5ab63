package org.dl4jplasticity.experiments.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.List;
import java.util.Map;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.experiments.run.ReportOfSettings;
import org.dl4jplasticity.sparse.SparsityReport;

/**
 * What {@code report.json} says of a run.
 *
 * @param testAccuracy share of test examples classified right, in [0, 1]
 * @param activeWeights weights that exist at the end, biases left out
 * @param totalWeights weights a dense network of the same shape has
 * @param layers the same by layer
 * @param trainSeconds time spent in training steps, validation left out
 * @param stepsPerSecond iterations over that time
 * @param updates rewirings done
 * @param sparse what dynamic sparse training tells of the network at the end; null for a dense one
 * @param peakResidentBytes the most memory the process held at a time, heap and native; null where
 *     the system doesn't tell
 * @param peakBytesPerActiveWeight the same over the active weights at the end
 * @param seed the run's seed
 * @param config the run's settings by option
 */
public record TrainReport(
        double testAccuracy,
        long activeWeights,
        long totalWeights,
        List<Network.LayerWeights> layers,
        double trainSeconds,
        double stepsPerSecond,
        long updates,
        SparsityReport sparse,
        Long peakResidentBytes,
        Double peakBytesPerActiveWeight,
        long seed,
        Map<String, Object> config)
        implements ReportOfSettings {

    String toJson() {
        return json(this);
    }

    public static String json(Object value) {
        try {
            return new ObjectMapper()
                            .enable(SerializationFeature.INDENT_OUTPUT)
                            .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
                            .writeValueAsString(value)
                    + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
