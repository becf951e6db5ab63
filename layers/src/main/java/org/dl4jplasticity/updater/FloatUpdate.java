package org.dl4jplasticity.updater;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.dl4jplasticity.kernel.RowParallel;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The arithmetic of {@link UpdatePass}: pieces that fit a core's first cache are copied to the
 * heap, where each step of a rule is a loop that the compiler turns into vector instructions.
 */
@SuppressWarnings("cast") // needed here, redundant in the double twin
final class FloatUpdate {
    /** Parameters of a piece: four arrays of them are half of a common first cache. */
    private static final int PIECE = 1024;

    /** A rough count of operations on a parameter, by which threads are called. */
    private static final int WORK = 16;

    private final FloatBuffer params;
    private final FloatBuffer gradients;
    private final FloatBuffer state;

    private final float[] p = new float[PIECE];
    private final float[] g = new float[PIECE];
    private final float[] v = new float[PIECE];
    private final float[] w = new float[PIECE];

    /** A few parameters of one stretch. */
    private record Piece(UpdateStretch stretch, int from, int length) {}

    private FloatUpdate(INDArray params, INDArray gradients, INDArray state) {
        this.params = params.data().asNioFloat();
        this.gradients = gradients.data().asNioFloat();
        this.state = state == null ? null : state.data().asNioFloat();
    }

    static void run(
            INDArray params, INDArray gradients, INDArray state, List<UpdateStretch> stretches) {
        List<Piece> pieces = new ArrayList<>();
        for (UpdateStretch stretch : stretches) {
            for (int from = 0; from < stretch.length(); from += PIECE) {
                pieces.add(new Piece(stretch, from, Math.min(PIECE, stretch.length() - from)));
            }
        }
        RowParallel.shared()
                .run(
                        pieces.size(),
                        (long) PIECE * WORK,
                        (from, to) -> {
                            FloatUpdate update = new FloatUpdate(params, gradients, state);
                            for (Piece piece : pieces.subList(from, to)) {
                                update.update(piece.stretch(), piece.from(), piece.length());
                            }
                        });
    }

    private void update(UpdateStretch stretch, int from, int length) {
        UpdateRule rule = stretch.rule();
        int start = stretch.start() + from;
        gradients.get(gradients.position() + start, g, 0, length);
        boolean usesParams = rule.l1() != 0 || rule.l2() != 0 || rule.decay() != 0;
        if (usesParams) {
            params.get(params.position() + start, p, 0, length);
        }
        divide(rule.divisor(), length);
        regularize(rule, length);
        int slots = rule.kind().slots();
        int first = slots == 0 ? 0 : state.position() + stretch.state() + from;
        int second = first + stretch.slot();
        if (slots > 0) {
            state.get(first, v, 0, length);
        }
        if (slots > 1) {
            state.get(second, w, 0, length);
        }
        switch (rule.kind()) {
            case NONE -> {}
            case SGD -> sgd((float) rule.rate(), length);
            case NESTEROVS -> nesterovs((float) rule.rate(), (float) rule.first(), length);
            case ADAM -> adam(rule, length);
        }
        if (slots > 0) {
            state.put(first, v, 0, length);
        }
        if (slots > 1) {
            state.put(second, w, 0, length);
        }
        if (rule.decay() != 0) {
            addParams((float) rule.decay(), length);
        }
        gradients.put(gradients.position() + start, g, 0, length);
    }

    private void divide(double divisor, int length) {
        if (divisor != 1) {
            float by = (float) divisor;
            for (int i = 0; i < length; i++) {
                g[i] /= by;
            }
        }
    }

    private void regularize(UpdateRule rule, int length) {
        if (rule.l2() != 0) {
            addParams((float) rule.l2(), length);
        }
        if (rule.l1() != 0) {
            float l1 = (float) rule.l1();
            for (int i = 0; i < length; i++) {
                g[i] += l1 * Math.signum(p[i]);
            }
        }
    }

    private void addParams(float factor, int length) {
        for (int i = 0; i < length; i++) {
            g[i] += factor * p[i];
        }
    }

    private void sgd(float rate, int length) {
        for (int i = 0; i < length; i++) {
            g[i] *= rate;
        }
    }

    /** v = m v' - r g; the update, which is subtracted, is m v' - (1 + m) v. */
    private void nesterovs(float rate, float momentum, int length) {
        for (int i = 0; i < length; i++) {
            float before = momentum * v[i];
            float after = before - rate * g[i];
            v[i] = after;
            g[i] = before - (1 + momentum) * after;
        }
    }

    /** v and w are the means of gradients and of squared gradients. */
    private void adam(UpdateRule rule, int length) {
        float rate = (float) rule.rate();
        float beta1 = (float) rule.first();
        float beta2 = (float) rule.second();
        float rest1 = (float) (1 - rule.first());
        float rest2 = (float) (1 - rule.second());
        float epsilon = (float) rule.epsilon();
        for (int i = 0; i < length; i++) {
            float mean = beta1 * v[i] + rest1 * g[i];
            float square = beta2 * w[i] + rest2 * g[i] * g[i];
            v[i] = mean;
            w[i] = square;
            g[i] = rate * mean / ((float) Math.sqrt(square) + epsilon);
        }
    }
}
