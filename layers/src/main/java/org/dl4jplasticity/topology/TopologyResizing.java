package org.dl4jplasticity.topology;

import java.util.Arrays;

/** Gives a topology other numbers of inputs and outputs. */
final class TopologyResizing {
    private TopologyResizing() {}

    static TopologyChange resize(SparseTopology old, int[] inputSources, int[] outputSources) {
        int[] newInput = inverse("input", inputSources, old.nIn());
        int[] newOutput = inverse("output", outputSources, old.nOut());
        int count = 0;
        long[] ids = new long[old.activeCount()];
        int[] positions = new int[old.activeCount()];
        long[] oldIds = old.ids();
        for (int position = 0; position < oldIds.length; position++) {
            int input = newInput[(int) (oldIds[position] % old.nIn())];
            int output = newOutput[(int) (oldIds[position] / old.nIn())];
            if (input >= 0 && output >= 0) {
                ids[count] = (long) output * inputSources.length + input;
                positions[count++] = position;
            }
        }
        if (count == 0) {
            throw new IllegalArgumentException(
                    "the change of a %d x %d topology to %d x %d would leave no connection"
                            .formatted(
                                    old.nIn(),
                                    old.nOut(),
                                    inputSources.length,
                                    outputSources.length));
        }
        int[] sources = Arrays.copyOf(positions, count);
        // Inputs and outputs keep their order, and so do connections.
        SparseTopology resized =
                SparseTopology.ofTrusted(
                        inputSources.length, outputSources.length, Arrays.copyOf(ids, count));
        return new TopologyChange(resized, sources);
    }

    /** {@return for every old index the new one, -1 where it is gone} */
    private static int[] inverse(String what, int[] sources, int size) {
        int[] inverse = new int[size];
        Arrays.fill(inverse, -1);
        int last = -1;
        for (int index = 0; index < sources.length; index++) {
            int source = sources[index];
            if (source >= 0) {
                if (source <= last || source >= size) {
                    throw new IllegalArgumentException(
                            "%s sources must ascend below %d but for -1, got %s"
                                    .formatted(what, size, Arrays.toString(sources)));
                }
                inverse[source] = index;
                last = source;
            }
        }
        return inverse;
    }
}
