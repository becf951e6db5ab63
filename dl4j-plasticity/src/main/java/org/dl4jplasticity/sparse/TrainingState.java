package org.dl4jplasticity.sparse;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dl4jplasticity.checkpoint.StateArrays;
import org.dl4jplasticity.sparse.ConnectionBudget.Exchange;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.JsonNodeFactory;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * What {@link DynamicSparseTraining} remembers, as a checkpoint holds it.
 *
 * @param updates number of updates done
 * @param operations of all steps so far
 * @param uses how often an example applies each weight of a layer, by the layer's id
 * @param exchanges the last update, by the weights' id
 * @param histories of the weights, by their id
 */
record TrainingState(
        long updates,
        double operations,
        Map<String, Double> uses,
        Map<String, Exchange> exchanges,
        Map<String, History> histories) {

    ObjectNode write() {
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        state.put("updates", updates);
        state.put("operations", operations);
        new TreeMap<>(uses).forEach(state.putObject("uses")::put);
        ObjectNode last = state.putObject("lastUpdate");
        new TreeMap<>(exchanges)
                .forEach(
                        (id, exchange) ->
                                last.putObject(id)
                                        .put("dropped", exchange.drop())
                                        .put("grown", exchange.grow())
                                        .put("target", exchange.target()));
        ObjectNode weights = state.putObject("weights");
        histories.forEach((id, history) -> write(history, weights.putObject(id)));
        return state;
    }

    private static void write(History history, ObjectNode node) {
        node.put("explored", history.explored().toText());
        node.put("target", history.target());
        StateArrays.put(node, "movement", history.movement());
        StateArrays.put(node, "momentum", history.momentum());
    }

    /**
     * {@return the state that was written}
     *
     * @param state what was written
     * @param weights those of the network
     * @throws IllegalArgumentException if it isn't one, or not one of these weights
     */
    static TrainingState read(ObjectNode state, List<NetworkWeights> weights) {
        Map<String, NetworkWeights> known = new LinkedHashMap<>();
        weights.forEach(each -> known.put(each.id(), each));
        Map<String, Double> uses = new HashMap<>();
        object(state, "uses").fields().forEachRemaining(f -> uses.put(f.getKey(), real(f)));
        Map<String, Exchange> exchanges = new HashMap<>();
        object(state, "lastUpdate")
                .fields()
                .forEachRemaining(
                        field -> {
                            JsonNode node = field.getValue();
                            exchanges.put(
                                    field.getKey(),
                                    new Exchange(
                                            (int) integer(node, "dropped"),
                                            (int) integer(node, "grown"),
                                            (int) integer(node, "target")));
                        });
        Map<String, History> histories = new LinkedHashMap<>();
        object(state, "weights")
                .fields()
                .forEachRemaining(
                        field -> {
                            NetworkWeights of = known.get(field.getKey());
                            if (of == null) {
                                throw new IllegalArgumentException(
                                        "the state tells of weights %s, but the network's sparse weights are %s"
                                                .formatted(field.getKey(), known.keySet()));
                            }
                            histories.put(field.getKey(), history(field.getValue(), of));
                        });
        if (!histories.isEmpty() && !histories.keySet().equals(known.keySet())) {
            throw new IllegalArgumentException(
                    "the state tells of weights %s only, but the network's sparse weights are %s"
                            .formatted(histories.keySet(), known.keySet()));
        }
        return new TrainingState(
                integer(state, "updates"),
                real(Map.entry("operations", state.path("operations"))),
                uses,
                exchanges,
                histories);
    }

    private static History history(JsonNode node, NetworkWeights weights) {
        try {
            SparseTopology now = weights.topology();
            SparseTopology explored = SparseTopology.parse(node.path("explored").asText());
            if (explored.nIn() != now.nIn()
                    || explored.nOut() != now.nOut()
                    || !explored.union(now).equals(explored)) {
                throw new IllegalArgumentException(
                        "explored connections must be a superset of %s, got %s"
                                .formatted(now, explored));
            }
            long length = weights.parameter().length();
            DataType type = weights.parameter().values().dataType();
            INDArray movement = StateArrays.get(node, "movement", length, type);
            INDArray momentum = StateArrays.get(node, "momentum", length, type);
            return new History(explored, (int) integer(node, "target"), movement, momentum);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the state of weights %s: %s".formatted(weights.id(), e.getMessage()), e);
        }
    }

    private static JsonNode object(JsonNode state, String field) {
        JsonNode node = state.path(field);
        if (!node.isObject()) {
            throw malformed(field, "an object", node);
        }
        return node;
    }

    private static long integer(JsonNode state, String field) {
        JsonNode node = state.path(field);
        if (!node.canConvertToLong() || !node.isIntegralNumber()) {
            throw malformed(field, "an integer", node);
        }
        return node.longValue();
    }

    private static double real(Map.Entry<String, JsonNode> field) {
        if (!field.getValue().isNumber()) {
            throw malformed(field.getKey(), "a number", field.getValue());
        }
        return field.getValue().doubleValue();
    }

    private static IllegalArgumentException malformed(String field, String expected, JsonNode got) {
        return new IllegalArgumentException(
                "field '%s': expected %s, got %s"
                        .formatted(
                                field,
                                expected,
                                got.isMissingNode() ? "nothing" : got.getNodeType().toString()));
    }
}
