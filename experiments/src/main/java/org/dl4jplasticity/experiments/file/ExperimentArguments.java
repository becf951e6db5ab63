package org.dl4jplasticity.experiments.file;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.dl4jplasticity.experiments.file.ExperimentFile.Entry;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Turns an experiment file into the arguments of its command. What keys there are is asked of the
 * command: the names of its options without dashes, and of its parameters in small letters, so that
 * a new command or option can be written into a file without anything being done here.
 */
record ExperimentArguments(ExperimentFile file, CommandSpec command) {
    private static final String DASHES = "--";

    /**
     * {@return the command and its arguments as a command line has them}
     *
     * @throws IllegalArgumentException if the command has no such option, or a value doesn't fit
     */
    List<String> list() {
        List<String> options = new ArrayList<>(List.of(command.name()));
        List<String> parameters = new ArrayList<>();
        for (Map.Entry<String, Entry> each : file.entries().entrySet()) {
            String key = each.getKey();
            Entry entry = each.getValue();
            Optional<OptionSpec> option = option(key);
            if (option.isPresent()) {
                add(option.get(), key, entry, options);
            } else if (isParameter(key)) {
                parameters.addAll(entry.values());
            } else {
                throw fault(
                        entry,
                        "%s has no '%s'; it has %s"
                                .formatted(command.name(), key, String.join(", ", keys())));
            }
        }
        if (!parameters.isEmpty()) {
            options.add(DASHES); // what follows is no option, whatever it begins with
            options.addAll(parameters);
        }
        return options;
    }

    private void add(OptionSpec option, String key, Entry entry, List<String> arguments) {
        List<String> values = entry.values();
        if (option.arity().max() == 0) {
            String value = values.size() == 1 ? values.get(0) : String.valueOf(values);
            if (!value.equals("true") && !value.equals("false")) {
                throw fault(entry, "'%s' must be true or false, got %s".formatted(key, value));
            }
            if (value.equals("true")) {
                arguments.add(DASHES + key);
            }
        } else if (option.isMultiValue()) {
            for (String value : values) {
                arguments.add(DASHES + key + "=" + value);
            }
        } else if (values.size() == 1) {
            arguments.add(DASHES + key + "=" + values.get(0));
        } else {
            throw fault(entry, "'%s' takes one value, got %d".formatted(key, values.size()));
        }
    }

    private Optional<OptionSpec> option(String key) {
        return Optional.ofNullable(command.findOption(DASHES + key)).filter(this::isKey);
    }

    private boolean isParameter(String key) {
        return parameters().anyMatch(key::equals);
    }

    private Stream<String> parameters() {
        return command.positionalParameters().stream()
                .map(PositionalParamSpec::paramLabel)
                .map(label -> label.toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    /** Help has no place in a file. */
    private boolean isKey(OptionSpec option) {
        return !option.usageHelp() && !option.versionHelp();
    }

    private Collection<String> keys() {
        return Stream.concat(
                        parameters(),
                        command.options().stream()
                                .filter(this::isKey)
                                .map(option -> option.longestName().substring(DASHES.length())))
                .sorted()
                .toList();
    }

    private IllegalArgumentException fault(Entry entry, String what) {
        return new IllegalArgumentException(
                "%s, line %d: %s".formatted(file.source(), entry.line(), what));
    }
}
