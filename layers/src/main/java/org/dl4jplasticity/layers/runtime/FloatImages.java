package org.dl4jplasticity.layers.runtime;

import java.nio.FloatBuffer;
import java.util.stream.IntStream;
import org.dl4jplasticity.kernel.RowParallel;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Copies between ND4J's images [examples, channels, height, width] and heap arrays in which the
 * examples of a place are neighbours, on all cores.
 *
 * @param rows where the first example's numbers stand within a channel, by row; added to that by
 *     column; negative for a row that has no place
 * @param columns the same by column
 * @param plane the distance between two channels
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record FloatImages(int[] rows, int[] columns, int plane) {
    /** Examples that are copied at a time: a vector or two of neighbours. */
    private static final int EXAMPLES = 8;

    /** Numbers of one example that are copied at a time; they stay in the first-level cache. */
    private static final int NUMBERS = 512;

    /** The images of one channel and a few examples, and which part of them. */
    private interface Copy {
        void part(float[] block, int channel, int example, int examples, int row, int rowCount);
    }

    /** One row of a single example. */
    private interface RowCopy {
        void row(int channel, int row);
    }

    /** Copies images to the heap; what lies between them stays. */
    void read(INDArray images, float[] heap) {
        INDArray source = images.castTo(DataType.FLOAT);
        if (!isDense(source)) {
            source = source.dup('c');
        }
        FloatBuffer buffer = source.data().asNioFloat();
        int start = buffer.position();
        int ofExample = Math.toIntExact(source.stride(0));
        int ofChannel = Math.toIntExact(source.stride(1));
        int width = columns.length;
        if (isRowByRow(source)) {
            eachRow(
                    source,
                    (channel, row) -> {
                        if (rows[row] >= 0) {
                            int from = start + channel * ofChannel + row * width;
                            int at = channel * plane + rows[row] + columns[0];
                            buffer.get(from, heap, at, width);
                        }
                    });
            return;
        }
        each(
                source,
                (block, channel, example, examples, row, rowCount) -> {
                    int length = rowCount * width;
                    for (int j = 0; j < examples; j++) {
                        int from =
                                start
                                        + (example + j) * ofExample
                                        + channel * ofChannel
                                        + row * width;
                        buffer.get(from, block, j * length, length);
                    }
                    int at = channel * plane + example;
                    toHeap(block, examples, row, rowCount, heap, at);
                });
    }

    private void toHeap(
            float[] block, int examples, int row, int rowCount, float[] heap, int start) {
        int width = columns.length;
        int length = rowCount * width;
        for (int r = 0; r < rowCount; r++) {
            int y = rows[row + r];
            for (int c = 0; c < width; c++) {
                int x = columns[c];
                if (y >= 0 && x >= 0) {
                    int i = r * width + c;
                    int at = start + y + x;
                    if (examples == EXAMPLES) {
                        heap[at] = block[i];
                        heap[at + 1] = block[i + length];
                        heap[at + 2] = block[i + 2 * length];
                        heap[at + 3] = block[i + 3 * length];
                        heap[at + 4] = block[i + 4 * length];
                        heap[at + 5] = block[i + 5 * length];
                        heap[at + 6] = block[i + 6 * length];
                        heap[at + 7] = block[i + 7 * length];
                    } else {
                        for (int j = 0; j < examples; j++) {
                            heap[at + j] = block[i + j * length];
                        }
                    }
                }
            }
        }
    }

    /** Copies images from the heap; rows and columns that have no place are 0. */
    void write(float[] heap, INDArray images) {
        if (images.dataType() != DataType.FLOAT || !isDense(images)) {
            throw new IllegalArgumentException(
                    "expected contiguous images of floats, got " + images.shapeInfoToString());
        }
        FloatBuffer buffer = images.data().asNioFloat();
        int start = buffer.position();
        int ofExample = Math.toIntExact(images.stride(0));
        int ofChannel = Math.toIntExact(images.stride(1));
        int width = columns.length;
        if (isRowByRow(images)) {
            float[] unseen = new float[width];
            eachRow(
                    images,
                    (channel, row) -> {
                        boolean seen = rows[row] >= 0;
                        int at = channel * plane + rows[row] + columns[0];
                        int to = start + channel * ofChannel + row * width;
                        buffer.put(to, seen ? heap : unseen, seen ? at : 0, width);
                    });
            return;
        }
        each(
                images,
                (block, channel, example, examples, row, rowCount) -> {
                    int length = rowCount * width;
                    int at = channel * plane + example;
                    fromHeap(heap, at, block, examples, row, rowCount);
                    for (int j = 0; j < examples; j++) {
                        int to =
                                start
                                        + (example + j) * ofExample
                                        + channel * ofChannel
                                        + row * width;
                        buffer.put(to, block, j * length, length);
                    }
                });
    }

    private void fromHeap(
            float[] heap, int start, float[] block, int examples, int row, int rowCount) {
        int width = columns.length;
        int length = rowCount * width;
        for (int r = 0; r < rowCount; r++) {
            int y = rows[row + r];
            for (int c = 0; c < width; c++) {
                int x = columns[c];
                int i = r * width + c;
                int at = start + y + x;
                if (y < 0 || x < 0) {
                    for (int j = 0; j < examples; j++) {
                        block[i + j * length] = 0;
                    }
                } else if (examples == EXAMPLES) {
                    block[i] = heap[at];
                    block[i + length] = heap[at + 1];
                    block[i + 2 * length] = heap[at + 2];
                    block[i + 3 * length] = heap[at + 3];
                    block[i + 4 * length] = heap[at + 4];
                    block[i + 5 * length] = heap[at + 5];
                    block[i + 6 * length] = heap[at + 6];
                    block[i + 7 * length] = heap[at + 7];
                } else {
                    for (int j = 0; j < examples; j++) {
                        block[i + j * length] = heap[at + j];
                    }
                }
            }
        }
    }

    /** Of a single example the columns of a row may be neighbours in both. */
    private boolean isRowByRow(INDArray images) {
        return images.size(0) == 1
                && columns[0] >= 0
                && IntStream.range(1, columns.length)
                        .allMatch(i -> columns[i] == columns[i - 1] + 1);
    }

    private void eachRow(INDArray image, RowCopy copy) {
        RowParallel.shared()
                .run(
                        Math.toIntExact(image.size(1)),
                        (long) rows.length * columns.length / 8, // a copy of whole vectors
                        (from, to) -> {
                            for (int channel = from; channel < to; channel++) {
                                for (int row = 0; row < rows.length; row++) {
                                    copy.row(channel, row);
                                }
                            }
                        });
    }

    private void each(INDArray images, Copy copy) {
        int batch = Math.toIntExact(images.size(0));
        int channels = Math.toIntExact(images.size(1));
        int atATime = Math.max(1, Math.min(rows.length, NUMBERS / columns.length));
        RowParallel.shared()
                .run(
                        channels,
                        (long) rows.length * columns.length * batch,
                        (from, to) -> {
                            float[] block = new float[EXAMPLES * atATime * columns.length];
                            for (int channel = from; channel < to; channel++) {
                                for (int row = 0; row < rows.length; row += atATime) {
                                    int rowCount = Math.min(atATime, rows.length - row);
                                    for (int b = 0; b < batch; b += EXAMPLES) {
                                        int examples = Math.min(EXAMPLES, batch - b);
                                        copy.part(block, channel, b, examples, row, rowCount);
                                    }
                                }
                            }
                        });
    }

    /** Each image is contiguous, and so are all of them, channel by channel or the other way. */
    private static boolean isDense(INDArray images) {
        long plane = images.size(2) * images.size(3);
        boolean rowMajor =
                (images.size(3) == 1 || images.stride(3) == 1)
                        && (images.size(2) == 1 || images.stride(2) == images.size(3));
        boolean byExample = images.stride(1) == plane && images.stride(0) == plane * images.size(1);
        boolean byChannel = images.stride(0) == plane && images.stride(1) == plane * images.size(0);
        return rowMajor && (byExample || byChannel);
    }
}
