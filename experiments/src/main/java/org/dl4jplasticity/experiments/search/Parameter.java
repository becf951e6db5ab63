package org.dl4jplasticity.experiments.search;

import java.util.Locale;
import java.util.Optional;
import org.dl4jplasticity.experiments.train.TrainCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What a search can set or look for. The first ones are options of {@code train} and mean what they
 * mean there, with the same usual values.
 */
enum Parameter {
    /** The model. */
    MODEL(Kind.TEXT),
    /** How connections change. */
    METHOD(Kind.TEXT),
    /** How sparse weights are kept. */
    MODE(Kind.TEXT),
    /** The share of connections that are not active. */
    SPARSITY(Kind.NUMBER),
    /** How the active ones are shared out over the layers. */
    DISTRIBUTION(Kind.TEXT),
    /** Passes over the training examples. */
    EPOCHS(Kind.INTEGER),
    /** Examples per iteration. */
    BATCH(Kind.INTEGER),
    /** At the start. */
    LEARNING_RATE(Kind.NUMBER),
    /** Of Nesterov's method. */
    MOMENTUM(Kind.NUMBER),
    /** Of the L2 penalty. */
    WEIGHT_DECAY(Kind.NUMBER),
    /** The share of the training examples that candidates are judged by. */
    VALIDATION(Kind.NUMBER),
    /** Iterations between updates of connections; as the method has it by default. */
    UPDATE_EVERY(Kind.INTEGER),
    /** The share of connections the first update exchanges; as the method has it by default. */
    DROP_FRACTION(Kind.NUMBER),
    /** Units of every hidden layer; as the model has it by default. */
    WIDTH(Kind.INTEGER),
    /** Hidden layers, fully connected; as the model has it by default. */
    LAYERS(Kind.INTEGER),
    /** Channels of the first block of convolutions, doubled by each; as the model has it. */
    CHANNELS(Kind.INTEGER),
    /** Whether and where units are added: none or an arm of the command grow. */
    GROWTH(Kind.TEXT, "none"),
    /** The share of its units that a growing layer gets. */
    GROWTH_UNITS(Kind.NUMBER, "1"),
    /** The share of the training loss below which a change is a stall. */
    GROWTH_THRESHOLD(Kind.NUMBER, "0.1"),
    /** Looks in a row that must find a stall. */
    GROWTH_PATIENCE(Kind.INTEGER, "1"),
    /** Looks at the loss in an epoch. */
    GROWTH_LOOKS(Kind.INTEGER, "8");

    /** What values a parameter has. */
    enum Kind {
        /** Of a few words. */
        TEXT("text"),
        /** Real. */
        NUMBER("a number"),
        /** Whole. */
        INTEGER("a whole number");

        private final String inWords;

        Kind(String inWords) {
            this.inWords = inWords;
        }

        private Object parse(String text) {
            return switch (this) {
                case TEXT -> text;
                case NUMBER -> Double.valueOf(text);
                case INTEGER -> Integer.valueOf(text);
            };
        }

        @Override
        public String toString() {
            return inWords;
        }
    }

    private final Kind kind;
    private final String usual;

    Parameter(Kind kind) {
        this(kind, null);
    }

    Parameter(Kind kind, String usual) {
        this.kind = kind;
        this.usual = usual;
    }

    Kind kind() {
        return kind;
    }

    /** {@return the value unless another is given; nothing if that depends on others} */
    Optional<Object> usual() {
        Optional<String> text =
                usual == null
                        ? Optional.ofNullable(ofTrain()).map(OptionSpec::defaultValue)
                        : Optional.of(usual);
        return text.map(kind::parse);
    }

    private OptionSpec ofTrain() {
        String name = "--" + name().toLowerCase(Locale.ROOT).replace('_', '-');
        return CommandSpec.forAnnotatedObject(new TrainCommand()).findOption(name);
    }

    /** {@return the parameter of a name, if there is one} */
    static Optional<Parameter> named(String name) {
        for (Parameter parameter : values()) {
            if (parameter.toString().equals(name)) {
                return Optional.of(parameter);
            }
        }
        return Optional.empty();
    }

    /** {@return the name in a space file, as in {@code learningRate}} */
    @Override
    public String toString() {
        StringBuilder camel = new StringBuilder();
        boolean beginsWord = false;
        for (char letter : name().toCharArray()) {
            if (letter != '_') {
                camel.append(beginsWord ? letter : Character.toLowerCase(letter));
            }
            beginsWord = letter == '_';
        }
        return camel.toString();
    }
}
