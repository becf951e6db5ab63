package org.dl4jplasticity.experiments.search;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Reads a search space from a file in YAML, of which JSON is a part:
 *
 * <pre>{@code
 * settings:                                  # the same for every candidate; train's usual ones else
 *   epochs: 5
 * search:
 *   sparsity: {from: 0.8, to: 0.98}          # all numbers between
 *   learningRate: {from: 0.01, to: 0.3, scale: log}
 *   distribution: [erk, uniform]             # a few values
 * }</pre>
 */
final class SpaceFile {
    private static final String SETTINGS = "settings";
    private static final String SEARCH = "search";
    private static final String SCALE = "scale";
    private static final Set<String> OF_RANGE = Set.of("from", "to", SCALE);

    private final Path file;

    private SpaceFile(Path file) {
        this.file = file;
    }

    /**
     * {@return the space in a file}
     *
     * @throws IllegalArgumentException if there is none, in one sentence
     */
    static SearchSpace read(Path file) {
        return new SpaceFile(file).read();
    }

    private SearchSpace read() {
        JsonNode root = parse();
        if (!root.isObject()) {
            throw wrong("", "expected settings and search, got no names with values", null);
        }
        for (String name : names(root)) {
            if (!name.equals(SETTINGS) && !name.equals(SEARCH)) {
                throw wrong("", "expected settings and search, got '%s'".formatted(name), null);
            }
        }
        Map<Parameter, Object> fixed = new EnumMap<>(Parameter.class);
        section(root, SETTINGS)
                .forEach(
                        (parameter, node) ->
                                fixed.put(parameter, value(SETTINGS, parameter, node)));
        Map<Parameter, Dimension> dimensions = new EnumMap<>(Parameter.class);
        section(root, SEARCH)
                .forEach(
                        (parameter, node) -> dimensions.put(parameter, dimension(parameter, node)));
        try {
            return new SearchSpace(fixed, dimensions);
        } catch (IllegalArgumentException e) {
            throw wrong("", e.getMessage(), e);
        }
    }

    private JsonNode parse() {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("--space: there is no file " + file);
        }
        ObjectMapper mapper =
                new YAMLMapper(
                        YAMLFactory.builder()
                                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                .build());
        try {
            return mapper.readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw wrong("", problem(e), e);
        } catch (CharacterCodingException e) {
            throw wrong("", "it is no text in UTF-8", e);
        } catch (IOException e) {
            throw wrong("", e.getMessage(), e);
        }
    }

    /** {@return what is wrong where, without the excerpts that YAML's own message has} */
    private static String problem(JsonProcessingException e) {
        if (e.getCause() instanceof MarkedYAMLException yaml) {
            return "line %d: %s".formatted(yaml.getProblemMark().getLine() + 1, yaml.getProblem());
        }
        JsonLocation at = e.getLocation();
        return (at == null ? "" : "line %d: ".formatted(at.getLineNr()))
                + e.getOriginalMessage().lines().findFirst().orElse("unreadable");
    }

    private Map<Parameter, JsonNode> section(JsonNode root, String name) {
        JsonNode section = root.path(name);
        Map<Parameter, JsonNode> nodes = new EnumMap<>(Parameter.class);
        if (section.isMissingNode() || section.isNull()) {
            return nodes;
        }
        if (!section.isObject()) {
            throw wrong(name, "expected names with values, got " + section, null);
        }
        for (String key : names(section)) {
            Parameter parameter =
                    Parameter.named(key)
                            .orElseThrow(
                                    () ->
                                            wrong(
                                                    name,
                                                    "there is no '%s', only %s"
                                                            .formatted(key, allNames()),
                                                    null));
            nodes.put(parameter, section.get(key));
        }
        return nodes;
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static String allNames() {
        return Arrays.stream(Parameter.values())
                .map(Parameter::toString)
                .collect(Collectors.joining(", "));
    }

    private Dimension dimension(Parameter parameter, JsonNode node) {
        try {
            if (node.isArray()) {
                List<Object> values = new ArrayList<>();
                node.forEach(each -> values.add(value(SEARCH, parameter, each)));
                return new Dimension.Choice(values);
            }
            if (node.isObject()) {
                return range(parameter, node);
            }
            return new Dimension.Choice(List.of(value(SEARCH, parameter, node)));
        } catch (WrongSpace e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw wrong(SEARCH + "." + parameter, e.getMessage(), e);
        }
    }

    private Dimension range(Parameter parameter, JsonNode node) {
        String where = SEARCH + "." + parameter;
        for (String name : names(node)) {
            if (!OF_RANGE.contains(name)) {
                throw wrong(where, "expected from, to and scale, got '%s'".formatted(name), null);
            }
        }
        if (parameter.kind() == Parameter.Kind.TEXT || !node.has("from") || !node.has("to")) {
            throw wrong(
                    where,
                    parameter.kind() == Parameter.Kind.TEXT
                            ? "expected a list of values, got " + node
                            : "a range needs from and to, got " + node,
                    null);
        }
        String scale = node.path(SCALE).asText("linear");
        if (!scale.equals("linear") && !scale.equals("log")) {
            throw wrong(where, "scale must be linear or log, got '%s'".formatted(scale), null);
        }
        return new Dimension.Range(
                ((Number) value(SEARCH, parameter, node.get("from"))).doubleValue(),
                ((Number) value(SEARCH, parameter, node.get("to"))).doubleValue(),
                scale.equals("log"),
                parameter.kind() == Parameter.Kind.INTEGER);
    }

    private Object value(String section, Parameter parameter, JsonNode node) {
        boolean fits =
                switch (parameter.kind()) {
                    case TEXT -> node.isTextual();
                    case NUMBER -> node.isNumber();
                    case INTEGER -> node.isIntegralNumber() && node.canConvertToInt();
                };
        if (!fits) {
            throw wrong(
                    section + "." + parameter,
                    "expected %s, got %s".formatted(parameter.kind(), node),
                    null);
        }
        return switch (parameter.kind()) {
            case TEXT -> node.asText();
            case NUMBER -> node.asDouble();
            case INTEGER -> node.asInt();
        };
    }

    private WrongSpace wrong(String where, String what, Exception cause) {
        return new WrongSpace(
                "--space %s%s: %s".formatted(file, where.isEmpty() ? "" : ", " + where, what),
                cause);
    }

    /** A file that holds no space; the message says it all. */
    private static final class WrongSpace extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        WrongSpace(String message, Exception cause) {
            super(message, cause);
        }
    }
}
