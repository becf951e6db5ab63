"""Table (Markdown and CSV) and plot of the matches in a folder."""

import csv
import os
import platform
import statistics
import sys
from collections import defaultdict
from pathlib import Path

CONTESTANTS = {
    "dl4j-dense": "DL4J, dense",
    "packed": "this project, packed",
    "torch-dense": "PyTorch, dense",
    "torch-masked": "PyTorch, masks",
    "torch-coo": "PyTorch, sparse COO",
    "scipy-numba": "SciPy CSR and Numba",
    "mkl": "MKL sparse BLAS",
}


def read(folder):
    """{(widths, density): {contestant: {measure: values}}} and {contestant: state}."""
    matches, states = defaultdict(lambda: defaultdict(dict)), {}
    for file in sorted(Path(folder).glob("*-*.csv")):
        with open(file, newline="") as lines:
            for widths, density, batch, threads, name, state, measure, values in csv.reader(lines):
                key = widths, float(density), int(batch), int(threads)
                matches[key][name][measure] = [float(value) for value in values.split()]
                states[name] = state
    order = sorted(matches, key=lambda key: (len(key[0]), key[0], -key[1]))
    return {key: matches[key] for key in order}, states


def until(contestant, accuracy):
    """Epochs and seconds until the accuracy was reached, or None."""
    seconds = 0.0
    for epoch, (time, got) in enumerate(zip(contestant["epoch s"], contestant["epoch accuracy"]), 1):
        seconds += time
        if got >= accuracy:
            return epoch, seconds
    return None


def rows(matches, accuracy):
    """One dictionary per contestant and match, of numbers; what was not measured is absent."""
    for (widths, density, batch, threads), contestants in matches.items():
        ours = contestants.get("packed", {})
        for name in (name for name in CONTESTANTS if name in contestants):
            values = contestants[name]
            row = {"widths": widths, "density": density, "batch": batch, "threads": threads, "contestant": name}
            for measure in ("step ms", "infer 1 ms", "infer 256 ms"):
                if measure in values:
                    row[f"median {measure}"] = statistics.median(values[measure])
                    row[f"min {measure}"] = min(values[measure])
                    if measure in ours:
                        row[f"packed is faster, {measure}"] = (
                            row[f"median {measure}"] / statistics.median(ours[measure]))
                        row[f"packed is faster at best, {measure}"] = row[f"min {measure}"] / min(ours[measure])
            if "peak MB" in values:
                row["peak MB"] = values["peak MB"][0]
            if "epoch s" in values:
                row["median epoch s"] = statistics.median(values["epoch s"])
                row["best accuracy"] = max(values["epoch accuracy"])
                if reached := until(values, accuracy):
                    row["epochs to accuracy"], row["seconds to accuracy"] = reached
            yield row


def markdown(table, states, accuracy):
    lines = [f"{processor()}, {os.cpu_count()} cores. Medians (minima) in milliseconds; *x* is how many times as fast "
             "packed is, by medians (by minima). Peak memory is the resident memory of the process after its steps."]
    lines += [""] + [f"- {CONTESTANTS[name]}: {states[name]}" for name in CONTESTANTS if name in states]
    head = None
    for row in table:
        if "median step ms" not in row:
            continue
        if head != (head := (row["widths"], row["density"])):
            lines += ["", f"**{row['widths']}, density {row['density']:g}**, batch {row['batch']}, {row['threads']} threads", "",
                      "| contestant | training step | x | batch of 1 | x | batch of 256 | x | peak MB |",
                      "|---|---|---|---|---|---|---|---|"]
        cells = [CONTESTANTS[row["contestant"]]]
        for measure in ("step ms", "infer 1 ms", "infer 256 ms"):
            cells.append(f"{row['median ' + measure]:.2f} ({row['min ' + measure]:.2f})")
            times = row.get("packed is faster, " + measure), row.get("packed is faster at best, " + measure)
            cells.append("" if times[0] is None else f"{times[0]:.1f} ({times[1]:.1f})")
        lines.append("| " + " | ".join(cells + [f"{row['peak MB']:.0f}"]) + " |")
    learned = [row for row in table if "median epoch s" in row]
    if learned:
        lines += ["", f"**MNIST to {accuracy:.1%}**", "",
                  "| network | density | contestant | seconds per epoch | epochs | seconds | best accuracy |",
                  "|---|---|---|---|---|---|---|"]
    for row in learned:
        reached = ((f"{row['epochs to accuracy']:.0f}", f"{row['seconds to accuracy']:.1f}")
                   if "epochs to accuracy" in row else ("not reached", ""))
        lines.append(f"| {row['widths']} | {row['density']:g} | {CONTESTANTS[row['contestant']]} | "
                     f"{row['median epoch s']:.1f} | {' | '.join(reached)} | {row['best accuracy']:.2%} |")
    return "\n".join(lines) + "\n"


def processor():
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo") as cpuinfo:
            for line in cpuinfo:
                if line.startswith("model name"):
                    return line.split(":")[1].strip()
    return platform.processor()


def in_lines(widths):
    """An architecture in two lines, for neighbours' labels not to touch."""
    sizes = widths.split("-")
    half = len(sizes) // 2
    return "-".join(sizes[:half]) + "-\n" + "-".join(sizes[half:])


def plot(table, file):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    steps = [row for row in table if "median step ms" in row]
    names = [name for name in CONTESTANTS if any(row["contestant"] == name for row in steps)]
    matches = list(dict.fromkeys((row["widths"], row["density"]) for row in steps))
    figure, axes = pyplot.subplots(1, 2, figsize=(13, 5))
    for axis, measure, title in ((axes[0], "step ms", "training step"), (axes[1], "infer 1 ms", "inference, batch of 1")):
        width = 0.8 / len(names)
        for n, name in enumerate(names):
            found = {(row["widths"], row["density"]): row for row in steps if row["contestant"] == name}
            places = [m for m, match in enumerate(matches) if match in found]
            medians = [found[matches[m]][f"median {measure}"] for m in places]
            axis.bar([m + (n - (len(names) - 1) / 2) * width for m in places], medians, width, label=CONTESTANTS[name])
        axis.set_xticks(range(len(matches)), [f"{in_lines(widths)}\ndensity {density:g}" for widths, density in matches],
                        fontsize=7)
        axis.set_yscale("log")
        axis.set_ylabel("milliseconds, median")
        axis.set_title(title)
    figure.legend(*axes[0].get_legend_handles_labels(), loc="lower center", ncol=len(names), fontsize=8, frameon=False)
    figure.tight_layout(rect=(0, 0.05, 1, 1))
    figure.savefig(file, dpi=120)


def write(folder, accuracy):
    folder = Path(folder)
    matches, states = read(folder)
    table = list(rows(matches, accuracy))
    columns = list(dict.fromkeys(column for row in table for column in row))
    with open(folder / "arena.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows({k: f"{v:.5g}" if isinstance(v, float) else v for k, v in row.items()} for row in table)
    text = markdown(table, states, accuracy)
    (folder / "arena.md").write_text(text)
    if any("median step ms" in row for row in table):
        plot(table, folder / "arena.png")
    print(text)


if __name__ == "__main__":
    write(sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 0.975)
