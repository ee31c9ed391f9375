"""Measure how long a student waits for ``grader check``, step by step.

Beside each check a cold import of the libraries is timed: on a machine that does other
work too, only the ratio means something.

Usage: python -m benchmarks.check_latency [--rounds N] [--sandbox NAME]
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.run import COLD
from grader.catalog import DEFAULT_COURSE, Course

GRADER = [sys.executable, "-m", "grader", "check"]


def main() -> None:
    """Check each step of the finished service ``rounds`` times; print medians."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--sandbox", default="auto")
    chosen = options.parse_args()
    course = Course.read(DEFAULT_COURSE)
    with tempfile.TemporaryDirectory(prefix="grader-latency-") as folder:
        for path, content in course.reference().files.items():
            target = Path(folder, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        given = ["--workspace", folder, "--sandbox", chosen.sandbox]
        measure(folder, given, [step.slug for step in course.steps], chosen.rounds)


def measure(
    folder: str, given: Sequence[str], slugs: Sequence[str], rounds: int
) -> None:
    """Print a table of what each step takes, the very first check apart."""
    end_background = [*GRADER, slugs[0], *given, "--no-background"]
    wait(end_background, folder)
    first = wait([*GRADER, slugs[0], *given], folder)
    print("| step | wall s, median | cold imports |")
    print("|---|---|---|")
    print(f"| {slugs[0]}, the first check | {first:.2f} |  |")
    for slug in slugs:
        checks, imports = [], []
        for _ in range(rounds):
            checks.append(wait([*GRADER, slug, *given], folder))
            imports.append(wait(COLD, folder))
        ratio = statistics.median(checks) / statistics.median(imports)
        print(f"| {slug} | {statistics.median(checks):.2f} | {ratio:.2f} |")
    wait(end_background, folder)


def wait(command: Sequence[str], folder: str) -> float:
    """Return the seconds that a command takes; fail if it fails."""
    started = time.monotonic()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - started


if __name__ == "__main__":
    main()
