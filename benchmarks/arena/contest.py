"""What every Python contestant shares: options, the problem, the line protocol and the check against NumPy.

A contestant is a class with
    NAME, and state()          what computes, with versions
    __init__(problem)          builds the network from problem.weights and problem.masks
    prepare(x, labels)         a minibatch in its own form; x (batch, inputs) float32, labels (batch,) int
    step(minibatch)            one training step; returns the loss, of any type that float() takes
    inputs(x), output(inputs)  class probabilities, (batch, classes)
    dense_weights()            every layer's weights, (outputs, inputs), and biases, for the check

The protocol: the contestant says "ready STATE", then answers every line on stdin with one on stdout.
    steps SECONDS LEAST         milliseconds of each training step made in SECONDS, at least LEAST of them
    infer BATCH SECONDS LEAST   the same of inference
    epoch                       trains on MNIST once: "seconds accuracy"
"""

import argparse
import os
import struct
import sys
import time
from dataclasses import dataclass

import numpy as np

MOMENTUM = 0.9


@dataclass
class Problem:
    """Architecture, minibatch and start: weights (outputs, inputs) per layer, 0 outside of the masks."""

    widths: list
    density: float
    batch: int
    rate: float
    threads: int
    weights: list
    masks: list

    @staticmethod
    def of(widths, density, batch, rate, threads, seed=1):
        random = np.random.default_rng(seed)
        weights, masks = [], []
        for inputs, outputs in zip(widths, widths[1:]):
            active = max(1, round(density * inputs * outputs))
            mask = np.zeros(inputs * outputs, np.float32)
            mask[random.permutation(inputs * outputs)[:active]] = 1
            mask = mask.reshape(outputs, inputs)
            deviation = np.sqrt(2 * outputs / active)  # He et al. 2015, for the mean number of active inputs
            weights.append((random.standard_normal((outputs, inputs)) * deviation * mask).astype(np.float32))
            masks.append(mask)
        return Problem(widths, density, batch, rate, threads, weights, masks)

    def minibatch(self, seed=1):
        random = np.random.default_rng(seed)
        x = random.random((self.batch, self.widths[0]), np.float32)
        return x, random.integers(0, self.widths[-1], self.batch)


def time_calls(call, seconds, least):
    """Milliseconds of each call."""
    times, end = [], time.perf_counter() + seconds
    while len(times) < least or time.perf_counter() < end:
        begin = time.perf_counter()
        call()
        times.append((time.perf_counter() - begin) * 1e3)
    return times


def read_idx(path):
    with open(path, "rb") as file:
        dimensions = file.read(4)[3]
        shape = struct.unpack(f">{dimensions}I", file.read(4 * dimensions))
        return np.frombuffer(file.read(), np.uint8).reshape(shape)


class Mnist:
    def __init__(self, folder):
        def images(part):
            pixels = read_idx(os.path.join(folder, part + "-images-idx3-ubyte"))
            return pixels.reshape(len(pixels), -1).astype(np.float32) / 255

        def labels(part):
            return read_idx(os.path.join(folder, part + "-labels-idx1-ubyte")).astype(np.int64)

        self.x, self.labels = images("train"), labels("train")
        self.test_x, self.test_labels = images("t10k"), labels("t10k")
        self.random = np.random.default_rng(1)

    def epoch(self, contestant, batch):
        """Trains on every image once; seconds in training and test accuracy after it."""
        begin = time.perf_counter()
        order = self.random.permutation(len(self.x))
        for first in range(0, len(order), batch):
            chosen = order[first : first + batch]
            contestant.step(contestant.prepare(self.x[chosen], self.labels[chosen]))
        seconds = time.perf_counter() - begin
        right = 0
        for first in range(0, len(self.test_x), 500):
            part = slice(first, first + 500)
            output = contestant.output(contestant.inputs(self.test_x[part]))
            right += int((np.asarray(output).argmax(1) == self.test_labels[part]).sum())
        return seconds, right / len(self.test_x)


def serve(contestant, problem, mnist_folder, lines=sys.stdin, out=sys.stdout):
    """Answers the protocol until stdin ends."""

    def say(*words):
        print(*words, file=out, flush=True)

    mnist = None
    minibatch = contestant.prepare(*problem.minibatch())
    say("ready", contestant.state())
    for line in lines:
        command, *arguments = line.split()
        if command == "steps":
            seconds, least = float(arguments[0]), int(arguments[1])
            times = time_calls(lambda: contestant.step(minibatch), seconds, least)
            say(*(f"{t:.4f}" for t in times))
        elif command == "infer":
            batch, seconds, least = int(arguments[0]), float(arguments[1]), int(arguments[2])
            x = contestant.inputs(np.random.default_rng(2).random((batch, problem.widths[0]), np.float32))
            say(*(f"{t:.4f}" for t in time_calls(lambda: contestant.output(x), seconds, least)))
        elif command == "epoch":
            mnist = mnist or Mnist(mnist_folder)
            say(*mnist.epoch(contestant, problem.batch))
        else:
            raise SystemExit(f"protocol: steps, infer or epoch expected, got '{line.strip()}'")


def numpy_step(problem, weights, biases, velocities, x, labels):
    """One step of dense arrays in double precision, masked; the loss. Changes its arguments."""
    values = [x.astype(np.float64)]
    for layer, (w, b) in enumerate(zip(weights, biases)):
        z = values[-1] @ w.T + b
        values.append(np.maximum(z, 0) if layer < len(weights) - 1 else z)
    exponentials = np.exp(values[-1] - values[-1].max(1, keepdims=True))
    delta = exponentials / exponentials.sum(1, keepdims=True)
    rows = np.arange(len(x))
    loss = -np.log(delta[rows, labels]).mean()
    delta[rows, labels] -= 1
    delta /= len(x)
    for layer in reversed(range(len(weights))):
        gradients = [delta.T @ values[layer] * problem.masks[layer], delta.sum(0)]
        delta = delta @ weights[layer] * (values[layer] > 0)
        for parameter, velocity, gradient in zip((weights[layer], biases[layer]), velocities[layer], gradients):
            velocity *= MOMENTUM
            velocity += gradient
            parameter -= problem.rate * (gradient + MOMENTUM * velocity)  # Nesterov's
    return loss


def check(contestant_class, threads):
    """Compares losses and weights after two steps with dense NumPy; the second knows the momentum."""
    problem = Problem.of([23, 31, 17, 10], 0.3, 19, 0.1, threads)
    weights = [w.astype(np.float64) for w in problem.weights]
    if contestant_class.DENSE:
        problem.masks = [np.ones_like(mask) for mask in problem.masks]
    biases = [np.zeros(len(w)) for w in weights]
    velocities = [[np.zeros_like(w), np.zeros(len(w))] for w in weights]
    contestant = contestant_class(problem)
    for seed in (1, 2):
        x, labels = problem.minibatch(seed)
        close("loss", float(contestant.step(contestant.prepare(x, labels))),
              numpy_step(problem, weights, biases, velocities, x, labels))
    got_weights, got_biases = contestant.dense_weights()
    for layer in range(len(weights)):
        close(f"weights of layer {layer}", got_weights[layer], weights[layer])
        close(f"biases of layer {layer}", got_biases[layer], biases[layer])
    print(f"{contestant_class.NAME}: two steps equal NumPy's")


def close(what, got, expected):
    difference = np.abs(np.asarray(got) - expected).max() / np.abs(expected).max()
    if not difference < 1e-4:
        raise SystemExit(f"check: {what} must be within 1e-4 of NumPy's, off by {difference:.2e}")


def main(*contestants):
    names = {contestant.NAME: contestant for contestant in contestants}
    parser = argparse.ArgumentParser()
    parser.add_argument("name", choices=names)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--widths", default="784-1000-1000-1000-10")
    parser.add_argument("--density", type=float, default=0.1)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--learning-rate", type=float, default=0.01)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--mnist")
    options = parser.parse_args()
    contestant = names[options.name]
    if options.check:
        check(contestant, options.threads)
        return
    widths = [int(width) for width in options.widths.split("-")]
    density = 1 if contestant.DENSE else options.density
    problem = Problem.of(widths, density, options.batch, options.learning_rate, options.threads)
    built = contestant(problem)
    problem.weights = problem.masks = None  # what a contestant needs it holds itself
    serve(built, problem, options.mnist)
