package org.dl4jplasticity.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dl4jplasticity.topology.ConnectionIds;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.core.json.JsonWriteFeature;
import org.nd4j.shade.jackson.databind.DeserializationFeature;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.json.JsonMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** A mutation as the JSON object of a line; the fields are told in the package's description. */
final class MutationJson {
    private static final int VERSION = 1;
    private static final List<String> FIELDS =
            List.of(
                    "version",
                    "sequence",
                    "iteration",
                    "epoch",
                    "kind",
                    "weights",
                    "dropped",
                    "grown",
                    "seed",
                    "scores",
                    "before",
                    "after",
                    "check");

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .build();

    private MutationJson() {}

    /** {@return the object of a mutation, in ASCII, still without a check} */
    static String write(Mutation mutation) {
        ObjectNode object = JSON.createObjectNode();
        object.put("version", VERSION);
        object.put("sequence", mutation.sequence());
        object.put("iteration", mutation.iteration());
        object.put("epoch", mutation.epoch());
        object.put("kind", mutation.kind());
        object.put("weights", mutation.weights());
        object.put("dropped", ConnectionIds.toText(mutation.dropped()));
        object.put("grown", ConnectionIds.toText(mutation.grown()));
        object.put("seed", mutation.seed());
        // Jackson writes a double that no JSON number can be as the text of Double.toString.
        mutation.scores().forEach(object.putObject("scores")::put);
        object.put("before", mutation.before());
        object.put("after", mutation.after());
        try {
            return JSON.writeValueAsString(object);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a mutation that JSON can't hold: " + mutation, e);
        }
    }

    /**
     * {@return the mutation of an object with its check}
     *
     * @throws IllegalArgumentException if it is none, with what is wrong
     */
    static Mutation read(byte[] object) {
        JsonNode node = parse(object);
        long version = integer(node, "version", Integer.MAX_VALUE);
        if (version != VERSION) {
            throw new IllegalArgumentException(
                    "version of the format: expected %d, which is all that this library reads, got %d"
                            .formatted(VERSION, version));
        }
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        if (!names.equals(FIELDS)) {
            throw new IllegalArgumentException(
                    "expected the fields %s, got %s".formatted(FIELDS, names));
        }
        return new Mutation(
                integer(node, "sequence", Long.MAX_VALUE),
                (int) integer(node, "iteration", Integer.MAX_VALUE),
                (int) integer(node, "epoch", Integer.MAX_VALUE),
                text(node, "kind"),
                text(node, "weights"),
                ids(node, "dropped"),
                ids(node, "grown"),
                integer(node, "seed", Long.MAX_VALUE),
                scores(node.get("scores")),
                text(node, "before"),
                text(node, "after"));
    }

    private static JsonNode parse(byte[] object) {
        try {
            JsonNode node = JSON.readTree(object);
            if (node.isObject()) {
                return node;
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("expected a JSON object, got something else", e);
        }
        throw new IllegalArgumentException("expected a JSON object, got something else");
    }

    private static long integer(JsonNode node, String field, long max) {
        JsonNode value = node.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() > max) {
            throw malformed(field, "an integer of at most " + max, value);
        }
        return value.longValue();
    }

    private static String text(JsonNode node, String field) {
        JsonNode value = node.get(field);
        if (!value.isTextual()) {
            throw malformed(field, "a text", value);
        }
        return value.textValue();
    }

    private static long[] ids(JsonNode node, String field) {
        String text = text(node, field);
        try {
            return ConnectionIds.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "field '%s': %s".formatted(field, e.getMessage()), e);
        }
    }

    private static Map<String, Double> scores(JsonNode node) {
        if (!node.isObject()) {
            throw malformed("scores", "an object of numbers", node);
        }
        Map<String, Double> scores = new TreeMap<>();
        node.fields()
                .forEachRemaining(score -> scores.put(score.getKey(), score(score.getValue())));
        return scores;
    }

    private static double score(JsonNode value) {
        if (value.isNumber()) {
            return value.doubleValue();
        }
        return switch (value.asText()) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default ->
                    throw malformed(
                            "scores", "numbers, or 'NaN', 'Infinity' and '-Infinity'", value);
        };
    }

    private static IllegalArgumentException malformed(String field, String expected, JsonNode got) {
        String text = got.isMissingNode() ? "nothing" : got.toString();
        return new IllegalArgumentException(
                "field '%s': expected %s, got %s"
                        .formatted(
                                field,
                                expected,
                                text.length() > 60 ? text.substring(0, 60) + "..." : text));
    }
}
