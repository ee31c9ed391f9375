"""Measure what a class costs: CPU per submission, and what a second worker brings.

Usage: python -m benchmarks.class_cost [--count N] [--mixed]

Needs cgroup v2 and two idle cores. Everybody hands in the finished service, so that one
`grader grade` is the fair measure; with --mixed it is a class like any.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.made_class import LAB, hand_in, make_class
from benchmarks.measure import Cost, run
from benchmarks.run import GRADE, ROOT, machine
from grader.catalog import Course

MOST_CPU = 0.6
LEAST_SPEEDUP = 1.7


def main() -> None:
    """Grade one submission, a class with one worker, and the class with two."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=20)
    options.add_argument("--mixed", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "submissions")
        _lay(folder, chosen.count, mixed=chosen.mixed)
        ones = [run(GRADE, ROOT).cpu_s]
        alone = _grade(folder, Path(place, "one.db"), 1)
        ones.append(run(GRADE, ROOT).cpu_s)
        pair = _grade(folder, Path(place, "two.db"), 2)
    one = statistics.mean(ones)
    each = alone.cpu_s / chosen.count
    work = 60 * chosen.count  # for a rate by the minute
    rows = [
        ("one full `grader grade .`, CPU s", f"{one:.2f}", ""),
        (f"a class of {chosen.count}, CPU s each", f"{each:.2f}", ""),
        ("… ÷ one grade", f"{each / one:.2f}", f"≤ {MOST_CPU}"),
        ("one worker, submissions a minute", f"{work / alone.wall_s:.2f}", ""),
        ("two workers, submissions a minute", f"{work / pair.wall_s:.2f}", ""),
        ("… two ÷ one", f"{alone.wall_s / pair.wall_s:.2f}", f"≥ {LEAST_SPEEDUP}"),
    ]
    lines = ["| measured in one run | result | must reach |", "|---|---|---|"]
    lines += [f"| {name} | {value} | {bound} |" for name, value, bound in rows]
    sys.stdout.write("\n".join([*lines, "", machine(), ""]))


def _lay(folder: Path, count: int, *, mixed: bool) -> None:
    folder.mkdir()
    if mixed:
        make_class(folder, count)
        return
    files = Course.read(LAB).reference().files
    for number in range(count):
        hand_in(folder / f"student-{number:03}", files)


def _grade(folder: Path, gradebook: Path, workers: int) -> Cost:
    command = [sys.executable, "-m", "grader", "class", str(folder)]
    command += ["--gradebook", str(gradebook), "--workers", str(workers)]
    return run(command, ROOT)


if __name__ == "__main__":
    main()
