package org.dl4jplasticity.datasets;

import java.io.Serializable;

/**
 * Where the values of examples lie. A row is one example; rows are numbered from 0. Unchecked: the
 * caller keeps the row inside the store and has room for {@link #width} values behind the offset.
 */
sealed interface FeatureStore extends Serializable {

    /** Values in a row. */
    int width();

    /** Writes the values of a row to {@code target[offset .. offset + width)}. */
    void copyRow(int row, float[] target, int offset);

    /** Pixels of 0 to 255, read as pixel / 255; row {@code r} begins at {@code r * width}. */
    @SuppressWarnings("ArrayRecordComponent") // stores are never compared
    record Pixels(byte[] bytes, int width) implements FeatureStore {
        @Override
        public void copyRow(int row, float[] target, int offset) {
            int from = row * width;
            for (int i = 0; i < width; i++) {
                target[offset + i] = (bytes[from + i] & 0xFF) / 255f;
            }
        }
    }

    /** Values as they are; row {@code r} begins at {@code r * width}. */
    @SuppressWarnings("ArrayRecordComponent") // stores are never compared
    record Values(float[] values, int width) implements FeatureStore {
        @Override
        public void copyRow(int row, float[] target, int offset) {
            System.arraycopy(values, row * width, target, offset, width);
        }
    }

    /** Another store seen through a standardization of the same width. */
    record Standardized(FeatureStore raw, Standardization standardization) implements FeatureStore {
        @Override
        public int width() {
            return raw.width();
        }

        @Override
        public void copyRow(int row, float[] target, int offset) {
            raw.copyRow(row, target, offset);
            standardization.apply(target, offset);
        }
    }

    /**
     * Another store with its values in another order: place {@code i} has what {@code order[i]}
     * had.
     */
    @SuppressWarnings("ArrayRecordComponent") // stores are never compared
    record Reordered(FeatureStore raw, int[] order) implements FeatureStore {
        @Override
        public int width() {
            return raw.width();
        }

        @Override
        public void copyRow(int row, float[] target, int offset) {
            float[] values = new float[order.length];
            raw.copyRow(row, values, 0);
            for (int i = 0; i < order.length; i++) {
                target[offset + i] = values[order[i]];
            }
        }
    }
}
