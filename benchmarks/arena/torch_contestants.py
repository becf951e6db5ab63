"""PyTorch: dense, dense with masks, and with sparse COO weights."""

import time

import contest
import torch
import torch.nn.functional as F
from contest import MOMENTUM


class Torch:
    """A perceptron of ReLU units, cross-entropy and Nesterov momentum; subclasses say what a weight is."""

    DENSE = False

    def __init__(self, problem):
        torch.set_num_threads(problem.threads)
        torch.set_flush_denormal(True)
        self.weights = [self.weight(w) for w in problem.weights]
        self.biases = [torch.zeros(width, requires_grad=True) for width in problem.widths[1:]]
        self.optimizer = torch.optim.SGD(
            self.weights + self.biases, lr=problem.rate, momentum=MOMENTUM, nesterov=True)

    def weight(self, w):
        return torch.tensor(w, requires_grad=True)

    def linear(self, layer, x):
        return F.linear(x, self.weights[layer], self.biases[layer])

    def state(self):
        blas = "MKL" if torch.backends.mkl.is_available() else "OpenBLAS"
        with open("/proc/self/maps") as maps:
            found = {line.rsplit("/", 1)[-1].strip() for line in maps if "openblas" in line}
        return f"PyTorch {torch.__version__}, {blas} {' '.join(sorted(found))}".strip()

    def prepare(self, x, labels):
        return torch.from_numpy(x), torch.from_numpy(labels)

    def inputs(self, x):
        return torch.from_numpy(x)

    def logits(self, x):
        for layer in range(len(self.weights)):
            x = self.linear(layer, x if layer == 0 else F.relu(x))
        return x

    def step(self, minibatch):
        x, labels = minibatch
        self.optimizer.zero_grad(set_to_none=True)
        loss = F.cross_entropy(self.logits(x), labels)
        loss.backward()
        self.update()
        return loss.detach()

    def update(self):
        self.optimizer.step()

    def output(self, x):
        with torch.inference_mode():
            return F.softmax(self.logits(x), 1)

    def dense_weights(self):
        return [w.detach().numpy() for w in self.weights], [b.detach().numpy() for b in self.biases]


class Dense(Torch):
    NAME = "torch-dense"
    DENSE = True


class Masked(Torch):
    """As published RigL code has it: gradient times mask before the step, weights times mask after it."""

    NAME = "torch-masked"

    def __init__(self, problem):
        super().__init__(problem)
        self.masks = [torch.tensor(mask) for mask in problem.masks]

    @torch.no_grad()
    def update(self):
        for weight, mask in zip(self.weights, self.masks):
            weight.grad *= mask
        self.optimizer.step()
        for weight, mask in zip(self.weights, self.masks):
            weight *= mask


class SparseLinear(torch.autograd.Function):
    """Y = W X with W sparse COO and features as rows; gradient on the active entries only."""

    @staticmethod
    def forward(context, values, x, weight):
        context.weight = weight
        context.save_for_backward(values, x)
        return torch.sparse.mm(weight.matrix(values), x)

    @staticmethod
    def backward(context, gradient):
        values, x = context.saved_tensors
        weight = context.weight
        gradient = gradient.contiguous()
        dx = None
        if context.needs_input_grad[1]:
            dx = torch.sparse.mm(weight.transposed(values), gradient)
        return weight.gradient(gradient, x), dx, None


class CooWeight:
    """The indices of a layer, both ways round, and the faster of two ways to the gradient."""

    def __init__(self, dense, batch):
        self.shape = dense.shape
        self.indices = torch.tensor(dense).nonzero().t().contiguous()
        rows, columns = self.indices
        self.ids = rows * self.shape[1] + columns
        self.by_column = torch.argsort(columns * self.shape[0] + rows)
        self.transposed_indices = self.indices[:, self.by_column].flip(0).contiguous()
        self.gradient = self.sampled
        sample = torch.rand(self.shape[0], batch), torch.rand(self.shape[1], batch)
        self.gradient = min((self.sampled, self.through_dense), key=lambda way: self.seconds(way, sample))

    @staticmethod
    def seconds(way, sample):
        times = []
        for _ in range(5):
            begin = time.perf_counter()
            way(*sample)
            times.append(time.perf_counter() - begin)
        return min(times)

    def matrix(self, values):
        return torch.sparse_coo_tensor(self.indices, values, self.shape)._coalesced_(True)

    def transposed(self, values):
        shape = self.shape[1], self.shape[0]
        return torch.sparse_coo_tensor(self.transposed_indices, values[self.by_column], shape)._coalesced_(True)

    def sampled(self, gradient, x):
        rows, columns = self.indices
        return (gradient[rows] * x[columns]).sum(1)

    def through_dense(self, gradient, x):
        return (gradient @ x.t()).flatten()[self.ids]


class Coo(Torch):
    NAME = "torch-coo"

    def __init__(self, problem):
        self.layers = [CooWeight(w, problem.batch) for w in problem.weights]
        super().__init__(problem)

    def weight(self, w):
        return torch.tensor(w[w.nonzero()], requires_grad=True)

    def linear(self, layer, x):
        product = SparseLinear.apply(self.weights[layer], x, self.layers[layer])
        return product + self.biases[layer][:, None]

    def logits(self, x):
        return super().logits(x.t().contiguous()).t()

    def dense_weights(self):
        weights = [layer.matrix(w).to_dense().detach().numpy() for layer, w in zip(self.layers, self.weights)]
        return weights, super().dense_weights()[1]


if __name__ == "__main__":
    contest.main(Dense, Masked, Coo)
