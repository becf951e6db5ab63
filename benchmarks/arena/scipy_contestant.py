"""SciPy's CSR products with a Numba kernel for the weight gradient, as truly sparse SET implementations have it.

Features are rows throughout, so that every inner loop runs over the examples of a minibatch without a stride.
"""

import contest
import numba
import numpy as np
import scipy
import scipy.sparse
from contest import MOMENTUM


@numba.njit(parallel=True, fastmath=True)
def active_gradient(rows, columns, delta, x, gradient):
    for p in numba.prange(len(rows)):
        d, v = delta[rows[p]], x[columns[p]]
        total = np.float32(0)
        for b in range(d.shape[0]):
            total += d[b] * v[b]
        gradient[p] = total


@numba.njit(parallel=True, fastmath=True)
def nesterov(values, velocity, gradient, rate, momentum):
    for p in numba.prange(len(values)):
        velocity[p] = momentum * velocity[p] + gradient[p]
        values[p] -= rate * (gradient[p] + momentum * velocity[p])


@numba.njit(parallel=True, fastmath=True)
def add_bias(z, bias, relu):
    for o in numba.prange(z.shape[0]):
        for b in range(z.shape[1]):
            value = z[o, b] + bias[o]
            z[o, b] = max(value, np.float32(0)) if relu else value


@numba.njit(parallel=True, fastmath=True)
def through_relu(delta, y):
    for o in numba.prange(delta.shape[0]):
        for b in range(delta.shape[1]):
            if y[o, b] <= 0:
                delta[o, b] = 0


class Layer:
    def __init__(self, w, relu):
        self.w = scipy.sparse.csr_matrix(w)
        self.relu = relu
        self.rows = np.repeat(np.arange(len(w), dtype=np.int32), np.diff(self.w.indptr))
        self.bias = np.zeros(len(w), np.float32)
        self.gradient = np.empty_like(self.w.data)
        self.velocity = np.zeros_like(self.w.data)
        self.bias_velocity = np.zeros_like(self.bias)

    def forward(self, x):
        y = self.w @ x
        add_bias(y, self.bias, self.relu)
        return y

    def backward(self, x, y, delta, rate, first):
        if self.relu:
            through_relu(delta, y)
        dx = None if first else self.w.T @ delta
        active_gradient(self.rows, self.w.indices, delta, x, self.gradient)
        nesterov(self.w.data, self.velocity, self.gradient, rate, np.float32(MOMENTUM))
        nesterov(self.bias, self.bias_velocity, delta.sum(1), rate, np.float32(MOMENTUM))
        return dx


class ScipyNumba:
    NAME = "scipy-numba"
    DENSE = False

    def __init__(self, problem):
        numba.set_num_threads(problem.threads)
        last = len(problem.weights) - 1
        self.layers = [Layer(w, relu=i < last) for i, w in enumerate(problem.weights)]
        self.rate = np.float32(problem.rate)

    def state(self):
        return f"SciPy {scipy.__version__}, Numba {numba.__version__}, NumPy {np.__version__}"

    def prepare(self, x, labels):
        return np.ascontiguousarray(x.T), labels

    def inputs(self, x):
        return np.ascontiguousarray(x.T)

    def values(self, x):
        values = [x]
        for layer in self.layers:
            values.append(layer.forward(values[-1]))
        exponentials = np.exp(values[-1] - values[-1].max(0))
        values.append(exponentials / exponentials.sum(0))
        return values

    def output(self, x):
        return self.values(x)[-1].T

    def step(self, minibatch):
        x, labels = minibatch
        *values, delta = self.values(x)
        examples = np.arange(len(labels))
        loss = -np.log(delta[labels, examples] + np.float32(1e-30)).mean()
        delta[labels, examples] -= 1
        delta /= np.float32(len(labels))
        for i in reversed(range(len(self.layers))):
            delta = self.layers[i].backward(values[i], values[i + 1], delta, self.rate, i == 0)
        return loss

    def dense_weights(self):
        return [layer.w.toarray() for layer in self.layers], [layer.bias for layer in self.layers]


if __name__ == "__main__":
    contest.main(ScipyNumba)
