package org.dl4jplasticity.checkpoint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dl4jplasticity.journal.Position;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.nd4j.shade.jackson.core.json.JsonWriteFeature;
import org.nd4j.shade.jackson.databind.DeserializationFeature;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.SerializationFeature;
import org.nd4j.shade.jackson.databind.json.JsonMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * The JSON document of a checkpoint; its fields are told in the package's description.
 *
 * @param dataOrder null if it is not known
 * @param journal null if there is none
 */
record CheckpointDocument(
        String project,
        String networkClass,
        int iteration,
        int epoch,
        Map<String, String> entries,
        Architecture architecture,
        Map<String, String> topologies,
        List<TrainingEntry> trainings,
        RandomState random,
        Map<String, String> environment,
        DataOrder dataOrder,
        Position journal,
        ObjectNode extras) {

    private static final String FORMAT = "dl4j-plasticity checkpoint";
    private static final int VERSION = 1;

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .build();

    /** A training's class, its method with all settings, and what it remembers. */
    record TrainingEntry(String type, String method, ObjectNode state) {}

    /** {@return the digest of each sparse weight's topology} */
    static Map<String, String> digests(PlasticNetwork network) {
        Map<String, String> digests = new LinkedHashMap<>();
        network.topologies().forEach((id, topology) -> digests.put(id, topology.digest()));
        return digests;
    }

    CheckpointDocument withEntries(Map<String, String> digests) {
        return new CheckpointDocument(
                project,
                networkClass,
                iteration,
                epoch,
                new TreeMap<>(digests),
                architecture,
                topologies,
                trainings,
                random,
                environment,
                dataOrder,
                journal,
                extras);
    }

    byte[] toJson() throws IOException {
        ObjectNode json = JSON.createObjectNode();
        json.put("format", FORMAT);
        json.put("version", VERSION);
        json.put("project", project);
        json.putObject("network")
                .put("class", networkClass)
                .put("iteration", iteration)
                .put("epoch", epoch);
        entries.forEach(json.putObject("entries")::put);
        architecture.layers().forEach(json.putObject("architecture")::put);
        topologies.forEach(json.putObject("topologies")::put);
        var all = json.putArray("trainings");
        for (TrainingEntry training : trainings) {
            all.addObject()
                    .put("class", training.type())
                    .put("method", training.method())
                    .set("state", training.state());
        }
        json.putObject("random")
                .put("rootState", random.rootState())
                .put("nodeState", random.nodeState())
                .put("seed", random.seed());
        environment.forEach(json.putObject("environment")::put);
        if (dataOrder != null) {
            json.putObject("dataOrder")
                    .put("epoch", dataOrder.epoch())
                    .put("batches", dataOrder.batches());
        }
        if (journal != null) {
            json.putObject("journal")
                    .put("bytes", journal.bytes())
                    .put("sequence", journal.sequence())
                    .put("check", journal.check());
        }
        json.set("extras", extras);
        return JSON.writeValueAsBytes(json);
    }

    /**
     * {@return the document that was written}
     *
     * @throws IllegalArgumentException if it isn't one, or is of a newer format
     */
    static CheckpointDocument parse(byte[] bytes) {
        JsonNode json;
        try {
            json = JSON.readTree(bytes);
        } catch (IOException e) {
            throw new IllegalArgumentException("expected a JSON object, got something else", e);
        }
        if (!json.path("format").asText().equals(FORMAT)) {
            throw malformed("format", "'" + FORMAT + "'", json.path("format"));
        }
        long version = integer(json, "version");
        if (version > VERSION) {
            throw new IllegalArgumentException(
                    "it has format version %d, but this library knows versions up to %d only: use a newer one"
                            .formatted(version, VERSION));
        }
        JsonNode network = object(json, "network");
        JsonNode random = object(json, "random");
        return new CheckpointDocument(
                text(json, "project"),
                text(network, "class"),
                Math.toIntExact(integer(network, "iteration")),
                Math.toIntExact(integer(network, "epoch")),
                texts(json, "entries"),
                new Architecture(texts(json, "architecture")),
                texts(json, "topologies"),
                trainings(json),
                new RandomState(
                        integer(random, "rootState"),
                        integer(random, "nodeState"),
                        integer(random, "seed")),
                texts(json, "environment"),
                json.has("dataOrder") ? dataOrder(object(json, "dataOrder")) : null,
                json.has("journal") ? position(object(json, "journal")) : null,
                object(json, "extras"));
    }

    private static List<TrainingEntry> trainings(JsonNode json) {
        if (!json.path("trainings").isArray()) {
            throw malformed("trainings", "an array", json.path("trainings"));
        }
        List<TrainingEntry> trainings = new ArrayList<>();
        for (JsonNode each : json.path("trainings")) {
            trainings.add(
                    new TrainingEntry(
                            text(each, "class"), text(each, "method"), object(each, "state")));
        }
        return trainings;
    }

    private static DataOrder dataOrder(JsonNode node) {
        return new DataOrder(Math.toIntExact(integer(node, "epoch")), integer(node, "batches"));
    }

    private static Position position(JsonNode node) {
        return new Position(integer(node, "bytes"), integer(node, "sequence"), text(node, "check"));
    }

    private static ObjectNode object(JsonNode node, String field) {
        if (node.path(field) instanceof ObjectNode object) {
            return object;
        }
        throw malformed(field, "an object", node.path(field));
    }

    private static Map<String, String> texts(JsonNode node, String field) {
        Map<String, String> texts = new LinkedHashMap<>();
        ObjectNode object = object(node, field);
        object.fieldNames().forEachRemaining(name -> texts.put(name, text(object, name)));
        return texts;
    }

    private static String text(JsonNode node, String field) {
        if (!node.path(field).isTextual()) {
            throw malformed(field, "a text", node.path(field));
        }
        return node.path(field).textValue();
    }

    private static long integer(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw malformed(field, "an integer", value);
        }
        return value.longValue();
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
