package org.dl4jplasticity.growth;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dl4jplasticity.checkpoint.StateArrays;
import org.dl4jplasticity.growth.GrowthTrigger.Watch;
import org.dl4jplasticity.surgery.NetworkSnapshot;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.JsonNodeFactory;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** What dropin remembers from one step to the next. */
final class GrowthState {
    private final List<Growth> growths = new ArrayList<>();
    private double lossSum;
    private long losses;

    /** How often the network grew; one growth may be of several layers. */
    private int count;

    /** Growths in a row without improvement. */
    private int failures;

    /** The score when the network grew last; NaN before. */
    private double lossAtGrowth = Double.NaN;

    private boolean stopped;

    /** The network before the first growth that has yet to prove itself; null if not kept. */
    private NetworkSnapshot snapshot;

    List<Growth> growths() {
        return growths;
    }

    int count() {
        return count;
    }

    int failures() {
        return failures;
    }

    boolean isStopped() {
        return stopped;
    }

    Optional<NetworkSnapshot> snapshot() {
        return Optional.ofNullable(snapshot);
    }

    void keep(NetworkSnapshot network) {
        snapshot = network;
    }

    void addLoss(double loss) {
        lossSum += loss;
        losses++;
    }

    /** {@return the mean loss since the last call; NaN if there was none} */
    double takeMeanLoss() {
        double mean = lossSum / losses;
        lossSum = 0;
        losses = 0;
        return mean;
    }

    /** {@return whether the last growths failed often enough for the end} */
    boolean judge(double loss, StopRule rule) {
        if (!Double.isNaN(lossAtGrowth)) {
            failures = loss < lossAtGrowth - rule.improvement() ? 0 : failures + 1;
        }
        lossAtGrowth = loss;
        return failures >= rule.growths();
    }

    void end() {
        stopped = true;
        snapshot = null;
    }

    void grew(List<Growth> made) {
        growths.addAll(made);
        count++;
    }

    ObjectNode write(List<Watch> watches, boolean newData) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.set("watches", arrays(watches.stream().map(Watch::save).toList()));
        node.put("newData", newData);
        node.put("lossSum", Double.doubleToRawLongBits(lossSum));
        node.put("losses", losses);
        node.put("count", count);
        node.put("failures", failures);
        node.put("lossAtGrowth", Double.doubleToRawLongBits(lossAtGrowth));
        node.put("stopped", stopped);
        ArrayNode list = node.putArray("growths");
        for (Growth growth : growths) {
            list.addObject()
                    .put("iteration", growth.iteration())
                    .put("epoch", growth.epoch())
                    .put("layer", growth.layerId())
                    .put("width", growth.width())
                    .put("added", growth.added())
                    .put("cause", growth.cause());
        }
        if (snapshot != null) {
            ObjectNode kept = node.putObject("snapshot");
            kept.put("configuration", snapshot.configuration());
            StateArrays.put(kept, "parameters", snapshot.parameters());
            StateArrays.put(kept, "updaterState", snapshot.updaterState());
        }
        return node;
    }

    /** Doubles as bits: JSON has no NaN. */
    private static ArrayNode arrays(List<double[]> arrays) {
        ArrayNode node = JsonNodeFactory.instance.arrayNode();
        for (double[] array : arrays) {
            ArrayNode inner = node.addArray();
            for (double number : array) {
                inner.add(Double.doubleToRawLongBits(number));
            }
        }
        return node;
    }

    static GrowthState read(ObjectNode node, List<Watch> watches) {
        JsonNode saved = node.path("watches");
        if (saved.size() != watches.size()) {
            throw new IllegalArgumentException(
                    "the state of dropin: expected %d triggers, got %d"
                            .formatted(watches.size(), saved.size()));
        }
        GrowthState state = new GrowthState();
        state.lossSum = real(node, "lossSum");
        state.losses = node.path("losses").asLong();
        state.count = node.path("count").asInt();
        state.failures = node.path("failures").asInt();
        state.lossAtGrowth = real(node, "lossAtGrowth");
        state.stopped = node.path("stopped").asBoolean();
        for (JsonNode growth : node.path("growths")) {
            state.growths.add(
                    new Growth(
                            growth.path("iteration").asInt(),
                            growth.path("epoch").asInt(),
                            growth.path("layer").asText(),
                            growth.path("width").asInt(),
                            growth.path("added").asInt(),
                            growth.path("cause").asText()));
        }
        if (node.has("snapshot")) {
            JsonNode kept = node.path("snapshot");
            state.snapshot =
                    new NetworkSnapshot(
                            kept.path("configuration").asText(),
                            array(kept, "parameters"),
                            kept.has("updaterState") ? array(kept, "updaterState") : null);
        }
        for (int i = 0; i < watches.size(); i++) {
            double[] numbers = new double[saved.get(i).size()];
            for (int j = 0; j < numbers.length; j++) {
                numbers[j] = Double.longBitsToDouble(saved.get(i).get(j).asLong());
            }
            watches.get(i).restore(numbers);
        }
        return state;
    }

    private static double real(JsonNode node, String field) {
        if (!node.path(field).isIntegralNumber()) {
            throw new IllegalArgumentException(
                    "the state of dropin: field '%s': expected the bits of a number, got %s"
                            .formatted(field, node.path(field).getNodeType()));
        }
        return Double.longBitsToDouble(node.path(field).asLong());
    }

    private static INDArray array(JsonNode node, String field) {
        try {
            return Nd4j.fromByteArray(node.path(field).binaryValue());
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "the state of dropin: field '%s': expected an array".formatted(field), e);
        }
    }
}
