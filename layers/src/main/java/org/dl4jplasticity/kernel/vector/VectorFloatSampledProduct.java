package org.dl4jplasticity.kernel.vector;

import static org.dl4jplasticity.kernel.FloatKernels.FIRST;
import static org.dl4jplasticity.kernel.vector.VectorFloatKernels.total;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The gradient of the active weights on the Vector API: sums in registers for eight connections of
 * one unit, so that the unit's delta is fetched once for all of them. AVX-512 has registers enough
 * to keep the delta itself.
 */
final class VectorFloatSampledProduct {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    /** Sums kept in registers at a time. */
    private static final int BLOCK = 8;

    private static final int HALF = BLOCK / 2;

    private static final int PAIR = 2;

    /** Connections whose sums are kept, lane by lane, before the lanes are added up. */
    private static final int CHUNK = 64;

    /** Lanes whose number has a bit, and lanes exchanged with those that differ in that bit. */
    private static final VectorMask<Float> BIT_1 = lanesWithBit(1);

    private static final VectorMask<Float> BIT_2 = lanesWithBit(2);
    private static final VectorMask<Float> BIT_4 = lanesWithBit(4);
    private static final VectorMask<Float> BIT_8 = lanesWithBit(8);
    private static final VectorShuffle<Float> SWAP_1 = swap(1);
    private static final VectorShuffle<Float> SWAP_2 = swap(2);
    private static final VectorShuffle<Float> SWAP_4 = swap(4);
    private static final VectorShuffle<Float> SWAP_8 = swap(8);

    /** Whether vectors are those of AVX-512, which has 32 registers for them. */
    private static final boolean MANY_REGISTERS = LANES == 2 * BLOCK;

    /** Whether sums of lanes are taken in registers: with these swaps, vectors of 4, 8 or 16. */
    private static final boolean IN_REGISTERS = LANES >= HALF && LANES <= 2 * BLOCK;

    private static VectorMask<Float> lanesWithBit(int bit) {
        boolean[] lanes = new boolean[LANES];
        for (int lane = 0; lane < LANES; lane++) {
            lanes[lane] = (lane & bit) != 0;
        }
        return VectorMask.fromArray(SPECIES, lanes, 0);
    }

    private static VectorShuffle<Float> swap(int bit) {
        return VectorShuffle.fromOp(SPECIES, lane -> (lane ^ bit) % LANES);
    }

    private VectorFloatSampledProduct() {}

    /**
     * {@link org.dl4jplasticity.kernel.FloatKernels#sampledProduct}. With registers enough to keep
     * a unit's delta there, eight vectors of examples at a time by {@link #addWide}; the examples
     * before those, without such registers all, by {@link #sampled}.
     */
    static void run(
            int[] rowStarts,
            int[] columns,
            float[] delta,
            float[] x,
            int stride,
            float[] gradient,
            int from,
            int to) {
        int wide = MANY_REGISTERS ? stride / (BLOCK * LANES) : 0;
        int b = FIRST + stride - wide * BLOCK * LANES;
        if (b > FIRST) {
            sampled(rowStarts, columns, delta, x, stride, b, gradient, from, to);
        } else {
            Arrays.fill(gradient, rowStarts[from], rowStarts[to], 0);
        }
        for (; b < FIRST + stride; b += BLOCK * LANES) {
            addWide(rowStarts, columns, delta, x, stride, b, gradient, from, to);
        }
    }

    /**
     * Adds what the eight vectors of examples give that start at index b of the first unit. Four
     * connections at a time, the last of a chunk repeated for those that are missing; what is more
     * than C2 puts into one method (lanes are added up elsewhere), or called in the inner loop,
     * would cost more than it saves.
     */
    private static void addWide(
            int[] rowStarts,
            int[] columns,
            float[] delta,
            float[] x,
            int stride,
            int b,
            float[] gradient,
            int from,
            int to) {
        float[] lanes = new float[(CHUNK + HALF) * LANES];
        int chunk = rowStarts[from];
        for (int row = from; row < to; row++) {
            int d = row * stride + b;
            FloatVector d0 = FloatVector.fromArray(SPECIES, delta, d);
            FloatVector d1 = FloatVector.fromArray(SPECIES, delta, d + LANES);
            FloatVector d2 = FloatVector.fromArray(SPECIES, delta, d + 2 * LANES);
            FloatVector d3 = FloatVector.fromArray(SPECIES, delta, d + 3 * LANES);
            FloatVector d4 = FloatVector.fromArray(SPECIES, delta, d + 4 * LANES);
            FloatVector d5 = FloatVector.fromArray(SPECIES, delta, d + 5 * LANES);
            FloatVector d6 = FloatVector.fromArray(SPECIES, delta, d + 6 * LANES);
            FloatVector d7 = FloatVector.fromArray(SPECIES, delta, d + 7 * LANES);
            int p = rowStarts[row];
            while (p < rowStarts[row + 1]) {
                int end = Math.min(rowStarts[row + 1], chunk + CHUNK);
                int out = (p - chunk) * LANES;
                for (int q = p; q < end; q += HALF) {
                    int x0 = columns[q] * stride + b;
                    int x1 = columns[Math.min(q + 1, end - 1)] * stride + b;
                    int x2 = columns[Math.min(q + 2, end - 1)] * stride + b;
                    int x3 = columns[Math.min(q + 3, end - 1)] * stride + b;
                    FloatVector sum0 = d0.mul(FloatVector.fromArray(SPECIES, x, x0));
                    FloatVector sum1 = d0.mul(FloatVector.fromArray(SPECIES, x, x1));
                    FloatVector sum2 = d0.mul(FloatVector.fromArray(SPECIES, x, x2));
                    FloatVector sum3 = d0.mul(FloatVector.fromArray(SPECIES, x, x3));
                    sum0 = d1.fma(FloatVector.fromArray(SPECIES, x, x0 + LANES), sum0);
                    sum1 = d1.fma(FloatVector.fromArray(SPECIES, x, x1 + LANES), sum1);
                    sum2 = d1.fma(FloatVector.fromArray(SPECIES, x, x2 + LANES), sum2);
                    sum3 = d1.fma(FloatVector.fromArray(SPECIES, x, x3 + LANES), sum3);
                    sum0 = d2.fma(FloatVector.fromArray(SPECIES, x, x0 + 2 * LANES), sum0);
                    sum1 = d2.fma(FloatVector.fromArray(SPECIES, x, x1 + 2 * LANES), sum1);
                    sum2 = d2.fma(FloatVector.fromArray(SPECIES, x, x2 + 2 * LANES), sum2);
                    sum3 = d2.fma(FloatVector.fromArray(SPECIES, x, x3 + 2 * LANES), sum3);
                    sum0 = d3.fma(FloatVector.fromArray(SPECIES, x, x0 + 3 * LANES), sum0);
                    sum1 = d3.fma(FloatVector.fromArray(SPECIES, x, x1 + 3 * LANES), sum1);
                    sum2 = d3.fma(FloatVector.fromArray(SPECIES, x, x2 + 3 * LANES), sum2);
                    sum3 = d3.fma(FloatVector.fromArray(SPECIES, x, x3 + 3 * LANES), sum3);
                    sum0 = d4.fma(FloatVector.fromArray(SPECIES, x, x0 + 4 * LANES), sum0);
                    sum1 = d4.fma(FloatVector.fromArray(SPECIES, x, x1 + 4 * LANES), sum1);
                    sum2 = d4.fma(FloatVector.fromArray(SPECIES, x, x2 + 4 * LANES), sum2);
                    sum3 = d4.fma(FloatVector.fromArray(SPECIES, x, x3 + 4 * LANES), sum3);
                    sum0 = d5.fma(FloatVector.fromArray(SPECIES, x, x0 + 5 * LANES), sum0);
                    sum1 = d5.fma(FloatVector.fromArray(SPECIES, x, x1 + 5 * LANES), sum1);
                    sum2 = d5.fma(FloatVector.fromArray(SPECIES, x, x2 + 5 * LANES), sum2);
                    sum3 = d5.fma(FloatVector.fromArray(SPECIES, x, x3 + 5 * LANES), sum3);
                    sum0 = d6.fma(FloatVector.fromArray(SPECIES, x, x0 + 6 * LANES), sum0);
                    sum1 = d6.fma(FloatVector.fromArray(SPECIES, x, x1 + 6 * LANES), sum1);
                    sum2 = d6.fma(FloatVector.fromArray(SPECIES, x, x2 + 6 * LANES), sum2);
                    sum3 = d6.fma(FloatVector.fromArray(SPECIES, x, x3 + 6 * LANES), sum3);
                    sum0 = d7.fma(FloatVector.fromArray(SPECIES, x, x0 + 7 * LANES), sum0);
                    sum1 = d7.fma(FloatVector.fromArray(SPECIES, x, x1 + 7 * LANES), sum1);
                    sum2 = d7.fma(FloatVector.fromArray(SPECIES, x, x2 + 7 * LANES), sum2);
                    sum3 = d7.fma(FloatVector.fromArray(SPECIES, x, x3 + 7 * LANES), sum3);
                    sum0.intoArray(lanes, out);
                    sum1.intoArray(lanes, out + LANES);
                    sum2.intoArray(lanes, out + 2 * LANES);
                    sum3.intoArray(lanes, out + 3 * LANES);
                    out += HALF * LANES;
                }
                if (end == chunk + CHUNK) {
                    addTotals(lanes, gradient, chunk, end);
                    chunk = end;
                }
                p = end;
            }
        }
        addTotals(lanes, gradient, chunk, rowStarts[to]);
    }

    /** Adds the total of each vector's lanes to the gradient of its connection. */
    private static void addTotals(float[] lanes, float[] gradient, int start, int end) {
        joinEights(lanes, (end - start) * LANES);
        int in = 0;
        int p = start;
        for (; p <= end - 2 * BLOCK; p += 2 * BLOCK) {
            FloatVector first = FloatVector.fromArray(SPECIES, lanes, in);
            FloatVector second = FloatVector.fromArray(SPECIES, lanes, in + BLOCK * LANES);
            FloatVector.fromArray(SPECIES, gradient, p)
                    .add(joined(first, second, 8))
                    .intoArray(gradient, p);
            in += 2 * BLOCK * LANES;
        }
        for (; p < end; p += BLOCK) {
            for (int i = 0; i < Math.min(BLOCK, end - p); i++) {
                gradient[p + i] += lanes[in + i] + lanes[in + i + BLOCK];
            }
            in += BLOCK * LANES;
        }
    }

    /**
     * In place of each eight vectors, one: its lanes i and i + 8 add up to the total of the i-th.
     */
    private static void joinEights(float[] lanes, int end) {
        for (int in = 0; in < end; in += BLOCK * LANES) {
            FloatVector sum0 = FloatVector.fromArray(SPECIES, lanes, in);
            FloatVector sum1 = FloatVector.fromArray(SPECIES, lanes, in + LANES);
            FloatVector sum2 = FloatVector.fromArray(SPECIES, lanes, in + 2 * LANES);
            FloatVector sum3 = FloatVector.fromArray(SPECIES, lanes, in + 3 * LANES);
            FloatVector sum4 = FloatVector.fromArray(SPECIES, lanes, in + 4 * LANES);
            FloatVector sum5 = FloatVector.fromArray(SPECIES, lanes, in + 5 * LANES);
            FloatVector sum6 = FloatVector.fromArray(SPECIES, lanes, in + 6 * LANES);
            FloatVector sum7 = FloatVector.fromArray(SPECIES, lanes, in + 7 * LANES);
            FloatVector first = joined(joined(sum0, sum1, 1), joined(sum2, sum3, 1), 2);
            FloatVector second = joined(joined(sum4, sum5, 1), joined(sum6, sum7, 1), 2);
            joined(first, second, 4).intoArray(lanes, in);
        }
    }

    /**
     * The product over the examples before index {@code until} of the first unit. Eight connections
     * of a row at a time, then four, then two; the last ones overlap those before them, for a dot
     * product of one connection alone would wait for each of its own sums.
     */
    private static void sampled(
            int[] rowStarts,
            int[] columns,
            float[] delta,
            float[] x,
            int stride,
            int until,
            float[] gradient,
            int from,
            int to) {
        float[] lanes = new float[BLOCK * LANES];
        for (int row = from; row < to; row++) {
            int start = rowStarts[row];
            int end = rowStarts[row + 1];
            int d = row * stride;
            int p = start;
            for (; p <= end - BLOCK; p += BLOCK) {
                dotBlock(delta, d, x, columns, p, stride, until, gradient, lanes);
            }
            if (end - p > HALF && end - start >= BLOCK) {
                dotBlock(delta, d, x, columns, end - BLOCK, stride, until, gradient, lanes);
                p = end;
            }
            for (; p <= end - HALF; p += HALF) {
                dotHalf(delta, d, x, columns, p, stride, until, gradient, lanes);
            }
            if (end - p > PAIR && end - start >= HALF) {
                dotHalf(delta, d, x, columns, end - HALF, stride, until, gradient, lanes);
                p = end;
            }
            if (p < end && end - start >= PAIR) {
                for (; p <= end - PAIR; p += PAIR) {
                    dotPair(delta, d, x, columns, p, stride, until, gradient, lanes);
                }
                if (p < end) {
                    dotPair(delta, d, x, columns, end - PAIR, stride, until, gradient, lanes);
                    p = end;
                }
            }
            for (; p < end; p++) {
                gradient[p] = dot(delta, d, x, columns[p] * stride, until, lanes);
            }
        }
    }

    /** Eight connections of one row at a time: the row's delta is loaded once for all of them. */
    private static void dotBlock(
            float[] delta,
            int d,
            float[] x,
            int[] columns,
            int p,
            int stride,
            int until,
            float[] gradient,
            float[] lanes) {
        int x0 = columns[p] * stride;
        int x1 = columns[p + 1] * stride;
        int x2 = columns[p + 2] * stride;
        int x3 = columns[p + 3] * stride;
        int x4 = columns[p + 4] * stride;
        int x5 = columns[p + 5] * stride;
        int x6 = columns[p + 6] * stride;
        int x7 = columns[p + 7] * stride;
        FloatVector sum0 = FloatVector.zero(SPECIES);
        FloatVector sum1 = sum0;
        FloatVector sum2 = sum0;
        FloatVector sum3 = sum0;
        FloatVector sum4 = sum0;
        FloatVector sum5 = sum0;
        FloatVector sum6 = sum0;
        FloatVector sum7 = sum0;
        for (int b = FIRST; b < until; b += LANES) {
            FloatVector dv = FloatVector.fromArray(SPECIES, delta, d + b);
            sum0 = dv.fma(FloatVector.fromArray(SPECIES, x, x0 + b), sum0);
            sum1 = dv.fma(FloatVector.fromArray(SPECIES, x, x1 + b), sum1);
            sum2 = dv.fma(FloatVector.fromArray(SPECIES, x, x2 + b), sum2);
            sum3 = dv.fma(FloatVector.fromArray(SPECIES, x, x3 + b), sum3);
            sum4 = dv.fma(FloatVector.fromArray(SPECIES, x, x4 + b), sum4);
            sum5 = dv.fma(FloatVector.fromArray(SPECIES, x, x5 + b), sum5);
            sum6 = dv.fma(FloatVector.fromArray(SPECIES, x, x6 + b), sum6);
            sum7 = dv.fma(FloatVector.fromArray(SPECIES, x, x7 + b), sum7);
        }
        if (IN_REGISTERS) {
            FloatVector first = joined(joined(sum0, sum1, 1), joined(sum2, sum3, 1), 2);
            FloatVector second = joined(joined(sum4, sum5, 1), joined(sum6, sum7, 1), 2);
            if (LANES == HALF) {
                first.intoArray(gradient, p);
                second.intoArray(gradient, p + HALF);
            } else if (LANES == BLOCK) {
                joined(first, second, 4).intoArray(gradient, p);
            } else {
                folded(joined(first, second, 4), BLOCK).intoArray(lanes, 0);
                System.arraycopy(lanes, 0, gradient, p, BLOCK);
            }
        } else {
            sum0.intoArray(lanes, 0);
            sum1.intoArray(lanes, LANES);
            sum2.intoArray(lanes, 2 * LANES);
            sum3.intoArray(lanes, 3 * LANES);
            sum4.intoArray(lanes, 4 * LANES);
            sum5.intoArray(lanes, 5 * LANES);
            sum6.intoArray(lanes, 6 * LANES);
            sum7.intoArray(lanes, 7 * LANES);
            for (int i = 0; i < BLOCK; i++) {
                gradient[p + i] = total(lanes, i * LANES);
            }
        }
    }

    /** Four connections of one row at a time. */
    private static void dotHalf(
            float[] delta,
            int d,
            float[] x,
            int[] columns,
            int p,
            int stride,
            int until,
            float[] gradient,
            float[] lanes) {
        int x0 = columns[p] * stride;
        int x1 = columns[p + 1] * stride;
        int x2 = columns[p + 2] * stride;
        int x3 = columns[p + 3] * stride;
        FloatVector sum0 = FloatVector.zero(SPECIES);
        FloatVector sum1 = sum0;
        FloatVector sum2 = sum0;
        FloatVector sum3 = sum0;
        for (int b = FIRST; b < until; b += LANES) {
            FloatVector dv = FloatVector.fromArray(SPECIES, delta, d + b);
            sum0 = dv.fma(FloatVector.fromArray(SPECIES, x, x0 + b), sum0);
            sum1 = dv.fma(FloatVector.fromArray(SPECIES, x, x1 + b), sum1);
            sum2 = dv.fma(FloatVector.fromArray(SPECIES, x, x2 + b), sum2);
            sum3 = dv.fma(FloatVector.fromArray(SPECIES, x, x3 + b), sum3);
        }
        if (LANES == HALF) {
            joined(joined(sum0, sum1, 1), joined(sum2, sum3, 1), 2).intoArray(gradient, p);
        } else if (IN_REGISTERS) {
            FloatVector sums = joined(joined(sum0, sum1, 1), joined(sum2, sum3, 1), 2);
            folded(sums, HALF).intoArray(lanes, 0);
            gradient[p] = lanes[0];
            gradient[p + 1] = lanes[1];
            gradient[p + 2] = lanes[2];
            gradient[p + 3] = lanes[3];
        } else {
            sum0.intoArray(lanes, 0);
            sum1.intoArray(lanes, LANES);
            sum2.intoArray(lanes, 2 * LANES);
            sum3.intoArray(lanes, 3 * LANES);
            for (int i = 0; i < HALF; i++) {
                gradient[p + i] = total(lanes, i * LANES);
            }
        }
    }

    /** Two connections of one row at a time, each with two sums in turn. */
    private static void dotPair(
            float[] delta,
            int d,
            float[] x,
            int[] columns,
            int p,
            int stride,
            int until,
            float[] gradient,
            float[] lanes) {
        int x0 = columns[p] * stride;
        int x1 = columns[p + 1] * stride;
        FloatVector sum0 = FloatVector.zero(SPECIES);
        FloatVector sum1 = sum0;
        FloatVector sum2 = sum0;
        FloatVector sum3 = sum0;
        int b = FIRST;
        for (; b <= until - 2 * LANES; b += 2 * LANES) {
            FloatVector first = FloatVector.fromArray(SPECIES, delta, d + b);
            FloatVector second = FloatVector.fromArray(SPECIES, delta, d + b + LANES);
            sum0 = first.fma(FloatVector.fromArray(SPECIES, x, x0 + b), sum0);
            sum1 = first.fma(FloatVector.fromArray(SPECIES, x, x1 + b), sum1);
            sum2 = second.fma(FloatVector.fromArray(SPECIES, x, x0 + b + LANES), sum2);
            sum3 = second.fma(FloatVector.fromArray(SPECIES, x, x1 + b + LANES), sum3);
        }
        if (b < until) {
            FloatVector last = FloatVector.fromArray(SPECIES, delta, d + b);
            sum0 = last.fma(FloatVector.fromArray(SPECIES, x, x0 + b), sum0);
            sum1 = last.fma(FloatVector.fromArray(SPECIES, x, x1 + b), sum1);
        }
        if (IN_REGISTERS) {
            folded(joined(sum0.add(sum2), sum1.add(sum3), 1), PAIR).intoArray(lanes, 0);
            gradient[p] = lanes[0];
            gradient[p + 1] = lanes[1];
        } else {
            sum0.add(sum2).intoArray(lanes, 0);
            sum1.add(sum3).intoArray(lanes, LANES);
            gradient[p] = total(lanes, 0);
            gradient[p + 1] = total(lanes, LANES);
        }
    }

    private static float dot(float[] delta, int d, float[] x, int in, int until, float[] lanes) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int b = FIRST; b < until; b += LANES) {
            sum =
                    FloatVector.fromArray(SPECIES, delta, d + b)
                            .fma(FloatVector.fromArray(SPECIES, x, in + b), sum);
        }
        sum.intoArray(lanes, 0);
        return total(lanes, 0);
    }

    /**
     * Sums of lanes, of two vectors at once: lane l, where the bit {@code distance} of l is clear,
     * is the first vector's lane l plus its lane {@code l ^ distance}, and elsewhere the second's.
     * Joining the results in turn ends with each vector's sum in a lane of its own.
     */
    private static FloatVector joined(FloatVector first, FloatVector second, int distance) {
        VectorMask<Float> bit =
                distance == 1 ? BIT_1 : distance == 2 ? BIT_2 : distance == 4 ? BIT_4 : BIT_8;
        VectorShuffle<Float> swap =
                distance == 1 ? SWAP_1 : distance == 2 ? SWAP_2 : distance == 4 ? SWAP_4 : SWAP_8;
        return first.blend(second, bit).add(second.blend(first, bit).rearrange(swap));
    }

    /**
     * Goes on with one vector where {@link #joined} ends with fewer vectors than lanes: the first
     * {@code sums} lanes of the result are the sums of all lanes whose numbers differ from theirs
     * by multiples of {@code sums}.
     */
    private static FloatVector folded(FloatVector joined, int sums) {
        FloatVector folded = joined;
        if (sums <= 2 && LANES > 2) {
            folded = folded.add(folded.rearrange(SWAP_2));
        }
        if (sums <= 4 && LANES > 4) {
            folded = folded.add(folded.rearrange(SWAP_4));
        }
        if (sums <= 8 && LANES > 8) {
            folded = folded.add(folded.rearrange(SWAP_8));
        }
        return folded;
    }
}
