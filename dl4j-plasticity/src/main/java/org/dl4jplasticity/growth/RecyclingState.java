package org.dl4jplasticity.growth;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.dl4jplasticity.checkpoint.StateArrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** Fields of what a listener that recycles units remembers, as a checkpoint holds it. */
final class RecyclingState {
    private RecyclingState() {}

    static IllegalStateException underWay(String method) {
        return new IllegalStateException(
                "a step is under way: what saves the state of %s must come after it in the network's list of listeners"
                        .formatted(method));
    }

    static IllegalStateException servesAlready(String method) {
        return new IllegalStateException(
                "a state is restored before training begins, and this %s serves a network already"
                        .formatted(method));
    }

    static JsonNode object(JsonNode state, String field) {
        JsonNode node = state.path(field);
        if (!node.isObject()) {
            throw malformed(field, "an object", node);
        }
        return node;
    }

    static long count(JsonNode state, String field) {
        JsonNode node = state.path(field);
        if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
            throw malformed(field, "an integer of at least 0", node);
        }
        return node.longValue();
    }

    static double real(JsonNode state, String field) {
        JsonNode node = state.path(field);
        if (!node.isNumber()) {
            throw malformed(field, "a number", node);
        }
        return node.doubleValue();
    }

    static boolean truth(JsonNode state, String field) {
        JsonNode node = state.path(field);
        if (!node.isBoolean()) {
            throw malformed(field, "true or false", node);
        }
        return node.booleanValue();
    }

    private static IllegalArgumentException malformed(String field, String expected, JsonNode got) {
        return new IllegalArgumentException(
                "field '%s': expected %s, got %s"
                        .formatted(field, expected, got.isMissingNode() ? "nothing" : got));
    }

    static void put(ObjectNode state, UnitWorth worth) {
        int units = worth.units();
        state.put("units", units);
        state.put("waiting", worth.waiting());
        StateArrays.put(state, "ages", Nd4j.createFromArray(worth.ages()));
        StateArrays.put(state, "utilities", Nd4j.createFromArray(worth.utilities()));
        StateArrays.put(state, "means", Nd4j.createFromArray(worth.means()));
    }

    /**
     * {@return what was put}
     *
     * @param places at how many places of the network outputs are seen
     */
    static UnitWorth worth(JsonNode state, int units, int places, double decay) {
        if (count(state, "units") != units) {
            throw malformed("units", Integer.toString(units), state.path("units"));
        }
        INDArray means = array(state, "means", (long) units * places, DataType.DOUBLE);
        double[] flat = means.dup('c').data().asDouble();
        double[][] byPlace =
                IntStream.range(0, places)
                        .mapToObj(
                                place ->
                                        Arrays.copyOfRange(
                                                flat, place * units, (place + 1) * units))
                        .toArray(double[][]::new);
        return new UnitWorth(
                decay,
                array(state, "ages", units, DataType.INT32).toIntVector(),
                array(state, "utilities", units, DataType.DOUBLE).toDoubleVector(),
                byPlace,
                real(state, "waiting"));
    }

    private static INDArray array(JsonNode state, String field, long length, DataType type) {
        INDArray array = StateArrays.get(state, field, length, type);
        if (array == null) {
            throw malformed(field, "an array", state.path(field));
        }
        return array;
    }
}
