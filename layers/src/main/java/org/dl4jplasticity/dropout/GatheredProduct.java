package org.dl4jplasticity.dropout;

import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A layer that copies what is kept of its matrices into smaller ones and multiplies those. Matrices
 * with a row per example are in 'c' order, those of weights in 'f' order, so that what belongs to
 * an example or to a unit is one stretch of memory.
 */
final class GatheredProduct implements ControlledProduct {
    private final DataType type;
    private final Room smallX;
    private final Room smallW;
    private final Room smallB;
    private final Room smallZ;
    private final Room smallY;
    private final Room smallGradient;
    private KeptUnits inputs;
    private KeptUnits units;
    private int[] examples;
    private IActivation activation;

    /** x of the kept inputs, [minibatch, inputs]. */
    private INDArray x;

    /** W of the kept inputs and units, [inputs, units]. */
    private INDArray w;

    /** x W + b of the kept units, [minibatch, units]. */
    private INDArray z;

    GatheredProduct(DataType type) {
        this.type = type;
        smallX = new Room(type);
        smallW = new Room(type);
        smallB = new Room(type);
        smallZ = new Room(type);
        smallY = new Room(type);
        smallGradient = new Room(type);
    }

    /** Memory that is used again and again, and grows when it has to. */
    private static final class Room {
        private final DataType type;
        private INDArray vector;

        Room(DataType type) {
            this.type = type;
        }

        /** {@return a matrix of anything, which is the last one's memory} */
        INDArray matrix(char order, long rows, long columns) {
            long length = rows * columns;
            if (vector == null || vector.length() < length) {
                vector = Nd4j.createUninitialized(type, new long[] {length + length / 8}, 'c');
            }
            return vector.get(NDArrayIndex.interval(0, length))
                    .reshape(order, new long[] {rows, columns});
        }
    }

    @Override
    public void forward(
            INDArray x,
            INDArray w,
            INDArray b,
            KeptUnits inputs,
            KeptUnits units,
            IActivation activation,
            INDArray y) {
        this.inputs = inputs;
        this.units = units;
        this.activation = activation;
        int minibatch = Math.toIntExact(x.size(0));
        examples = KeptUnits.all(minibatch).kept();
        if (inputs.count() == 0 || units.count() == 0) {
            withoutProduct(b, y);
            return;
        }
        this.x = inputs.areAll() ? byExample(x) : keptOf(x, inputs, smallX);
        this.w = smallW.matrix('f', inputs.count(), units.count());
        gather(w, inputs.kept(), units.kept(), this.w);
        z = smallZ.matrix('c', minibatch, units.count());
        Nd4j.matmul(this.x, this.w, z);
        if (b != null) {
            z.addiRowVector(keptOf(b));
        }
        INDArray values = smallY.matrix('c', minibatch, units.count());
        values.assign(z);
        spread(activation.getActivation(values, true), units, y);
    }

    /** No input is kept, or no unit: what there is comes from the biases alone. */
    private void withoutProduct(INDArray b, INDArray y) {
        z = null;
        y.assign(0);
        if (units.count() > 0) {
            z = smallZ.matrix('c', examples.length, units.count());
            z.assign(0);
            if (b != null) {
                z.addiRowVector(keptOf(b));
            }
            spread(activation.getActivation(z.dup(), true), units, y);
        }
    }

    private INDArray keptOf(INDArray vector) {
        INDArray small = smallB.matrix('f', units.count(), 1);
        INDArray column = vector.reshape('f', new long[] {vector.length(), 1});
        gather(column, units.kept(), new int[] {0}, small);
        return small.reshape(new long[] {units.count()});
    }

    /** {@return the matrix itself if examples are stretches of its memory and it has the type} */
    private INDArray byExample(INDArray matrix) {
        INDArray typed = matrix.castTo(type);
        boolean stretches =
                typed.stride(1) == 1 && typed.stride(0) == typed.size(1) && typed.ordering() == 'c';
        return stretches ? typed : typed.dup('c');
    }

    /** {@return some columns of a matrix with a row per example} */
    private INDArray keptOf(INDArray matrix, KeptUnits kept, Room room) {
        INDArray small = room.matrix('c', examples.length, kept.count());
        gather(byExample(matrix).transpose(), kept.kept(), examples, small.transpose());
        return small;
    }

    /** Writes columns, times their factor, into a matrix with a row per example. */
    private void spread(INDArray small, KeptUnits kept, INDArray matrix) {
        if (kept.factor() != 1) {
            small.muli(kept.factor());
        }
        scatter(byExample(small).transpose(), kept.kept(), examples, matrix.transpose());
    }

    @Override
    public void backward(
            INDArray epsilon, INDArray wGradient, INDArray bGradient, INDArray xGradient) {
        if (z == null) {
            wGradient.assign(0);
            xGradient.assign(0);
            if (bGradient != null) {
                bGradient.assign(0);
            }
            return;
        }
        INDArray delta = keptOf(epsilon, units, smallY);
        if (units.factor() != 1) {
            delta.muli(units.factor());
        }
        delta = activation.backprop(z, delta).getFirst();
        if (bGradient != null) {
            INDArray sums = delta.sum(0).reshape('f', new long[] {units.count(), 1});
            INDArray column = bGradient.reshape('f', new long[] {bGradient.length(), 1});
            scatter(sums, units.kept(), new int[] {0}, column);
        }
        if (inputs.count() == 0) {
            wGradient.assign(0);
            xGradient.assign(0);
            return;
        }
        INDArray gradient = smallGradient.matrix('f', inputs.count(), units.count());
        Nd4j.gemm(x, delta, gradient, true, false, 1, 0);
        scatter(gradient, inputs.kept(), units.kept(), wGradient);
        if (inputs.areAll()) {
            Nd4j.gemm(delta, w, xGradient, false, true, 1, 0);
        } else {
            INDArray small = smallX.matrix('c', examples.length, inputs.count());
            Nd4j.gemm(delta, w, small, false, true, 1, 0);
            scatter(small.transpose(), inputs.kept(), examples, xGradient.transpose());
        }
    }

    @Override
    public int firstOutside(INDArray x, KeptUnits inputs) {
        INDArray columns = byExample(x).transpose();
        return type == DataType.FLOAT
                ? FloatSubmatrix.firstOutside(columns, inputs.kept())
                : DoubleSubmatrix.firstOutside(columns, inputs.kept());
    }

    private void gather(INDArray matrix, int[] rows, int[] columns, INDArray submatrix) {
        if (type == DataType.FLOAT) {
            FloatSubmatrix.gather(matrix, rows, columns, submatrix);
        } else {
            DoubleSubmatrix.gather(matrix, rows, columns, submatrix);
        }
    }

    private void scatter(INDArray submatrix, int[] rows, int[] columns, INDArray matrix) {
        if (type == DataType.FLOAT) {
            FloatSubmatrix.scatter(submatrix, rows, columns, matrix);
        } else {
            DoubleSubmatrix.scatter(submatrix, rows, columns, matrix);
        }
    }
}
