"""The driver: lets every contestant, a process of its own, take turns, and writes what each took.

A match is one architecture at one density. Its contestants start, warm up, and then step a moment each, A B C A B C,
so that a slow spell of the machine hits all alike; whoever waits sleeps on its stdin. Each match has a file of its own
in the out folder; one that is there is not played again.
"""

import argparse
import csv
import os
import subprocess
import sys
import time
from pathlib import Path

import report

HERE = Path(__file__).parent
TORCH = ["torch-dense", "torch-masked", "torch-coo"]
JAVA = ["dl4j-dense", "packed", "mkl"]
ALL = ["dl4j-dense", "packed", *TORCH, "scipy-numba", "mkl"]


class Contestant:
    """A process that obeys the line protocol; see contest.py."""

    def __init__(self, name, options, widths, density):
        self.name = name
        arguments = ["--widths", widths, "--density", str(density), "--batch", str(options.batch)]
        arguments += ["--learning-rate", str(options.learning_rate)]
        environment = dict(os.environ)
        for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS", "MKL_NUM_THREADS"):
            environment[variable] = str(options.threads)
        environment["OMP_WAIT_POLICY"] = "PASSIVE"
        if name in JAVA:
            command = [*options.java.split(), f"-Ddl4j.plasticity.threads={options.threads}",
                       "org.dl4jplasticity.benchmarks.ArenaContestant", name.replace("-", "_")]
            if options.data_dir:
                arguments += ["--data-dir", options.data_dir]
        else:
            script = "torch_contestants.py" if name in TORCH else "scipy_contestant.py"
            command = [sys.executable, str(HERE / script), name]
            arguments += ["--threads", str(options.threads), "--mnist", str(mnist_folder(options))]
        self.process = subprocess.Popen(
            command + arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=open(options.out / f"{name}.log", "w"), text=True, bufsize=1, env=environment)
        self.state = self.read().removeprefix("ready ")

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"arena: contestant {self.name} ended; see {self.name}.log in the out folder")
        return line.strip()

    def ask(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        return [float(word) for word in self.read().split()]

    def peak_memory_mb(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def mnist_folder(options):
    return Path(options.data_dir or Path.home() / ".dl4j-plasticity" / "data") / "mnist"


def in_turns(contestants, rounds, *words):
    """What each answers to the same words, asked in rounds."""
    times = {contestant.name: [] for contestant in contestants}
    for _ in range(rounds):
        for contestant in contestants:
            times[contestant.name] += contestant.ask(*words)
    return times


def play(options, widths, density):
    """One match: rows of (widths, density, batch, threads, contestant, state, measure, values)."""
    rows = []
    contestants = []

    def record(contestant, measure, *values):
        numbers = " ".join(f"{value:.4f}" for value in values)
        rows.append([widths, density, options.batch, options.threads, contestant.name, contestant.state, measure, numbers])

    try:
        for name in options.contestants:
            contestants.append(Contestant(name, options, widths, density))
        for contestant in contestants:
            contestant.ask("steps", options.warmup, 3)
        times = in_turns(contestants, options.rounds, "steps", options.turn, 2)
        for contestant in contestants:
            record(contestant, "step ms", *times[contestant.name])
            record(contestant, "peak MB", contestant.peak_memory_mb())
        for batch in (1, 256):
            in_turns(contestants, 1, "infer", batch, options.warmup / 4, 3)
            times = in_turns(contestants, max(1, options.rounds // 2), "infer", batch, options.turn / 2, 2)
            for contestant in contestants:
                record(contestant, f"infer {batch} ms", *times[contestant.name])
    finally:
        for contestant in contestants:
            contestant.end()
    return rows


def learn(options, widths, density):
    """Fresh contestants train on MNIST, an epoch each in turn, until they reach the accuracy."""
    rows = []
    for contestant in (learners := [Contestant(name, options, widths, density) for name in options.contestants]):
        contestant.epochs = []
    waiting = list(learners)
    for _ in range(options.epochs):
        for contestant in list(waiting):
            contestant.epochs.append(contestant.ask("epoch"))
            if contestant.epochs[-1][1] >= options.accuracy:
                waiting.remove(contestant)
                contestant.end()
    for contestant in waiting:
        contestant.end()
    for contestant in learners:
        for measure, place in (("epoch s", 0), ("epoch accuracy", 1)):
            numbers = " ".join(f"{epoch[place]:.4f}" for epoch in contestant.epochs)
            rows.append([widths, density, options.batch, options.threads, contestant.name, contestant.state, measure, numbers])
    return rows


def keep(file, play_it, *arguments):
    if file.exists():
        print(f"{file.name}: kept", flush=True)
        return
    begin = time.time()
    rows = play_it(*arguments)
    with open(file.with_suffix(".part"), "w", newline="") as part:
        csv.writer(part).writerows(rows)
    file.with_suffix(".part").rename(file)
    print(f"{file.name}: {time.time() - begin:.0f} s", flush=True)


def parse():
    parser = argparse.ArgumentParser(prog="benchmarks/run", formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--matches", default="784-1000-1000-1000-10:0.2,0.1,0.05,0.01;784-4000-4000-4000-10:0.01",
                        help="architectures and the densities each is played at")
    parser.add_argument("--contestants", default=",".join(ALL[:-1]), help="any of " + ", ".join(ALL))
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--warmup", type=float, default=5, help="seconds each steps before the timed turns")
    parser.add_argument("--turn", type=float, default=0.3, help="seconds of a turn")
    parser.add_argument("--rounds", type=int, default=20, help="turns of each contestant")
    parser.add_argument("--learning-rate", type=float, default=0.05)
    parser.add_argument("--mnist", default="784-1000-1000-1000-10:0.1",
                        help="as --matches: what is trained on MNIST as well; empty for nothing")
    parser.add_argument("--accuracy", type=float, default=0.975, help="test accuracy that ends a training on MNIST")
    parser.add_argument("--epochs", type=int, default=15, help="epochs after which it ends in any case")
    parser.add_argument("--data-dir", help="holds mnist/; as of the command line")
    parser.add_argument("--quick", action="store_true", help="a small match in half a minute, to try")
    parser.add_argument("--out", type=Path, default=Path("runs/arena"))
    parser.add_argument("--java", help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.contestants = options.contestants.split(",")
    if unknown := set(options.contestants) - set(ALL):
        parser.error(f"--contestants must be of {', '.join(ALL)}, got {', '.join(sorted(unknown))}")
    if options.quick:
        options.matches, options.mnist = "784-300-100-10:0.1", ""
        options.warmup, options.turn, options.rounds = 1, 0.1, 5
    return options


def pairs(text):
    """("784-10", 0.1), ("784-10", 0.2) for "784-10:0.1,0.2"; matches are separated by semicolons."""
    for match in filter(None, text.split(";")):
        widths, densities = match.split(":")
        for density in densities.split(","):
            yield widths, float(density)


def main():
    options = parse()
    options.out.mkdir(parents=True, exist_ok=True)
    for widths, density in pairs(options.matches):
        keep(options.out / f"match-{widths}-{density:g}.csv", play, options, widths, density)
    for widths, density in pairs(options.mnist):
        if mnist_folder(options).is_dir():
            keep(options.out / f"mnist-{widths}-{density:g}.csv", learn, options, widths, density)
        else:
            print(f"no MNIST in {mnist_folder(options)}: not trained on it; fetch it by ./plasticity fetch mnist")
    report.write(options.out, options.accuracy)


if __name__ == "__main__":
    main()
