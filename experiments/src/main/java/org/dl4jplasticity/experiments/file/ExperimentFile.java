package org.dl4jplasticity.experiments.file;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * What a file in YAML says: a mapping with the key "command" and one key for each option, whose
 * value is text as it would stand on the command line, or a list of them. Nothing is guessed of
 * types: 2:4 stays 2:4, and 1e-5 stays 1e-5.
 *
 * @param source where it is from, for messages
 * @param command the name of the command
 * @param entries everything else by key, in the file's order
 */
public record ExperimentFile(Path source, String command, Map<String, Entry> entries) {
    private static final String COMMAND = "command";
    private static final Set<String> EXCLUDED = Set.of("run", "help");

    /** The texts of a key, and the line it is in, counted from 1. */
    public record Entry(List<String> values, int line) {}

    /**
     * {@return what a file says}
     *
     * @throws IllegalArgumentException if it can't be read, is no YAML or no such mapping
     */
    public static ExperimentFile read(Path file) {
        Map<String, Entry> entries = entries(file, compose(file));
        Entry command = entries.remove(COMMAND);
        if (command == null || command.values.size() != 1) {
            throw new IllegalArgumentException(
                    "%s: expected the key 'command' with the name of one, as in 'command: train'"
                            .formatted(file));
        }
        return new ExperimentFile(file, command.values.get(0), entries);
    }

    /**
     * {@return the command and its arguments as a command line has them}
     *
     * @param all the commands there are
     * @throws IllegalArgumentException if there is no such command, it has no such option, or a
     *     value doesn't fit
     */
    public List<String> commandLine(CommandLine all) {
        CommandLine named = all.getSubcommands().get(command);
        if (named == null || EXCLUDED.contains(command)) {
            TreeSet<String> names = new TreeSet<>(all.getSubcommands().keySet());
            names.removeAll(EXCLUDED);
            throw new IllegalArgumentException(
                    "%s: command must be one of %s, got %s"
                            .formatted(source, String.join(", ", names), command));
        }
        List<String> arguments = new ExperimentArguments(this, named.getCommandSpec()).list();
        try {
            all.parseArgs(arguments.toArray(new String[0]));
        } catch (ParameterException e) {
            throw new IllegalArgumentException("%s: %s".formatted(source, e.getMessage()), e);
        }
        return arguments;
    }

    private static Node compose(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("FILE: there is no file " + file);
        }
        try {
            String text = Files.readString(file, StandardCharsets.UTF_8);
            return new Yaml(new LoaderOptions()).compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            throw new IllegalArgumentException(
                    "%s, line %d: not YAML: %s"
                            .formatted(file, line(e.getProblemMark().getLine()), e.getProblem()),
                    e);
        } catch (IOException | YAMLException e) {
            throw new IllegalArgumentException(
                    "%s: not YAML in UTF-8: %s"
                            .formatted(
                                    file,
                                    String.valueOf(e.getMessage()).lines().findFirst().orElse("")),
                    e);
        }
    }

    private static int line(int counted) {
        return counted + 1;
    }

    private static Map<String, Entry> entries(Path file, Node root) {
        if (!(root instanceof MappingNode mapping)) {
            throw new IllegalArgumentException(
                    "%s: expected keys with values, as in 'command: train', got %s"
                            .formatted(file, root == null ? "nothing" : "something else"));
        }
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            int line = line(tuple.getKeyNode().getStartMark().getLine());
            String key = text(file, tuple.getKeyNode(), "a key");
            Entry entry = new Entry(texts(file, key, tuple.getValueNode()), line);
            if (entries.put(key, entry) != null) {
                throw new IllegalArgumentException(
                        "%s, line %d: '%s' is there twice".formatted(file, line, key));
            }
        }
        return entries;
    }

    private static List<String> texts(Path file, String key, Node value) {
        List<Node> nodes = value instanceof SequenceNode list ? list.getValue() : List.of(value);
        List<String> texts = new ArrayList<>();
        for (Node node : nodes) {
            texts.add(text(file, node, "a value or a list of values for '" + key + "'"));
        }
        if (texts.isEmpty()) {
            throw unexpected(
                    file, value, "a value or a list of values for '" + key + "'", "an empty list");
        }
        return texts;
    }

    private static String text(Path file, Node node, String expected) {
        if (!(node instanceof ScalarNode scalar)) {
            throw unexpected(file, node, expected, "a list or keys of its own");
        }
        if (node.getTag().equals(Tag.NULL)) {
            throw unexpected(file, node, expected, "nothing");
        }
        return scalar.getValue();
    }

    private static IllegalArgumentException unexpected(
            Path file, Node node, String expected, String got) {
        return new IllegalArgumentException(
                "%s, line %d: expected %s, got %s"
                        .formatted(file, line(node.getStartMark().getLine()), expected, got));
    }
}
