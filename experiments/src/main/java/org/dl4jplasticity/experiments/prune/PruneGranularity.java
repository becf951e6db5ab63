package org.dl4jplasticity.experiments.prune;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dl4jplasticity.pruning.Granularity;
import org.dl4jplasticity.pruning.NofM;

/** What stays or goes as a whole, as the command line calls it. */
sealed interface PruneGranularity {
    Pattern BLOCKS = Pattern.compile("blocks:(\\d{1,6})x(\\d{1,6})");
    Pattern N_OF_M = Pattern.compile("(\\d{1,6}):(\\d{1,6})");

    /** A share of the connections, one by one or in blocks. */
    record Connections(String name, Granularity granularity) implements PruneGranularity {
        @Override
        public String toString() {
            return name;
        }
    }

    /** So many of so many consecutive inputs of each unit. */
    record OfPattern(NofM pattern) implements PruneGranularity {
        @Override
        public String toString() {
            return pattern.toString();
        }
    }

    /** Neurons and channels. */
    record Units() implements PruneGranularity {
        @Override
        public String toString() {
            return "units";
        }
    }

    /** Layers with what belongs to them, and residual branches. */
    record Layers() implements PruneGranularity {
        @Override
        public String toString() {
            return "layers";
        }
    }

    default boolean isOfLayers() {
        return this instanceof Layers;
    }

    default boolean isOfUnits() {
        return this instanceof Units;
    }

    default boolean isOfPattern() {
        return this instanceof OfPattern;
    }

    /**
     * {@return the granularity of a name}
     *
     * @throws IllegalArgumentException if there is none
     */
    static PruneGranularity parse(String name) {
        Matcher blocks = BLOCKS.matcher(name);
        Matcher pattern = N_OF_M.matcher(name);
        if (blocks.matches()) {
            return new Connections(
                    name,
                    Granularity.blocks(
                            Integer.parseInt(blocks.group(1)), Integer.parseInt(blocks.group(2))));
        } else if (pattern.matches()) {
            return new OfPattern(
                    new NofM(
                            Integer.parseInt(pattern.group(1)),
                            Integer.parseInt(pattern.group(2))));
        }
        return switch (name) {
            case "weights" -> new Connections(name, Granularity.weights());
            case "kernels" -> new Connections(name, Granularity.kernels());
            case "units" -> new Units();
            case "layers" -> new Layers();
            default ->
                    throw new IllegalArgumentException(
                            ("--granularity must be weights, kernels, blocks:RxC, N:M, units or"
                                            + " layers, got '%s'")
                                    .formatted(name));
        };
    }
}
