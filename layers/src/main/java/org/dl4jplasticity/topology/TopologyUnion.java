package org.dl4jplasticity.topology;

/** Merges the connections of two topologies row by row; see {@link SparseTopology#union}. */
final class TopologyUnion {
    private TopologyUnion() {}

    static SparseTopology of(SparseTopology one, SparseTopology other) {
        if (one.nIn() != other.nIn() || one.nOut() != other.nOut()) {
            throw new IllegalArgumentException(
                    "the topologies of a union must have the same shape, got %d x %d and %d x %d"
                            .formatted(one.nIn(), one.nOut(), other.nIn(), other.nOut()));
        }
        long united = (long) one.activeCount() + other.activeCount() - shared(one, other);
        SparseTopology.requireActive(one.nIn(), one.nOut(), united);
        int[] columns = new int[(int) united];
        int[] rowStarts = new int[one.nOut() + 1];
        int next = 0;
        for (int row = 0; row < one.nOut(); row++) {
            next = mergeRow(one, other, row, columns, next);
            rowStarts[row + 1] = next;
        }
        return new SparseTopology(one.nIn(), one.nOut(), rowStarts, columns);
    }

    /** {@return the number of connections that both have} */
    private static int shared(SparseTopology one, SparseTopology other) {
        int shared = 0;
        for (int row = 0; row < one.nOut(); row++) {
            int a = one.rowStarts()[row];
            int b = other.rowStarts()[row];
            while (a < one.rowStarts()[row + 1] && b < other.rowStarts()[row + 1]) {
                int left = one.columns()[a];
                int right = other.columns()[b];
                a += left <= right ? 1 : 0;
                b += right <= left ? 1 : 0;
                shared += left == right ? 1 : 0;
            }
        }
        return shared;
    }

    /**
     * Writes the inputs of a row to {@code columns} from {@code next} on; returns where it ends.
     */
    private static int mergeRow(
            SparseTopology one, SparseTopology other, int row, int[] columns, int next) {
        int a = one.rowStarts()[row];
        int endOfOne = one.rowStarts()[row + 1];
        int b = other.rowStarts()[row];
        int endOfOther = other.rowStarts()[row + 1];
        int end = next;
        while (a < endOfOne && b < endOfOther) {
            int left = one.columns()[a];
            int right = other.columns()[b];
            columns[end++] = Math.min(left, right);
            a += left <= right ? 1 : 0;
            b += right <= left ? 1 : 0;
        }
        System.arraycopy(one.columns(), a, columns, end, endOfOne - a);
        end += endOfOne - a;
        System.arraycopy(other.columns(), b, columns, end, endOfOther - b);
        return end + endOfOther - b;
    }
}
