"""Measure the grader's cost as ratios taken in one run, and print them as a table.

Usage: python -m benchmarks.run [--rounds N]
"""

import argparse
import os
import platform
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from benchmarks.measure import peak_pss_mb, run

ROOT = Path(__file__).parent.parent
COLD = [sys.executable, "-c", "import fastapi, sqlmodel, alembic, pytest"]
GRADE = [sys.executable, "-m", "grader", "grade", "."]
PLAIN = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
PLAIN += ["benchmarks/plain_pytest.py"]
JUPYTER = [sys.executable, "-m", "jupyter", "execute"]
JUPYTER += ["solutions/notebooks/01_sqlmodel_primer.ipynb"]
CLASS = 10
NOTEBOOKS = 5
PROBES = 200
COLD_IMPORTS = 3
Row = tuple[str, str, str]
Measure = Callable[[], float]
Round = Mapping[str, float]
Fact = Callable[[Round], float]


def main() -> None:
    """Measure everything in turns, ``rounds`` times; print medians and ratios."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=3)
    count = options.parse_args().rounds
    rounds = in_turns(MEASURES, count)
    memory = max(peak_pss_mb(GRADE, ROOT) for _ in range(count))
    show([*of_services(rounds, memory), *of_notebooks(rounds)])


def cpu(*command: str, times: int = 1) -> Measure:
    """Measure a command's processor seconds, on average over some runs."""
    return lambda: statistics.mean(run(command, ROOT).cpu_s for _ in range(times))


def wall(*command: str) -> Measure:
    """Measure how many seconds a command takes."""
    return lambda: run(command, ROOT).wall_s


def script(name: str, count: int) -> list[str]:
    """Give the command of one of the scripts beside this one."""
    return [sys.executable, "-m", f"benchmarks.{name}", str(count)]


MEASURES = {
    "cold": cpu(*COLD, times=COLD_IMPORTS),
    "grade": cpu(*GRADE),
    "plain": cpu(*PLAIN),
    "ten": cpu(*script("ten_submissions", CLASS)),
    "one": cpu(*script("ten_submissions", 1)),
    "probes": cpu(*script("warm_probe", PROBES + 1)),
    "probe": cpu(*script("warm_probe", 1)),
    "jupyter": wall(*JUPYTER),
    "notebooks": wall(*script("graded_notebook", NOTEBOOKS + 1)),
    "notebook": wall(*script("graded_notebook", 1)),
}


def in_turns(measures: Mapping[str, Measure], count: int) -> list[Round]:
    """Measure all in each round: a busy host then weighs on both sides of a ratio."""
    return [
        {name: measure() for name, measure in measures.items()} for _ in range(count)
    ]


def fact(rounds: Sequence[Round], name: str, bound: str, find: Fact) -> Row:
    """Find something out in each round; give the row with its median."""
    return name, f"{statistics.median(map(find, rounds)):.3g}", bound


def of_services(rounds: Sequence[Round], memory: float) -> list[Row]:
    """Give the rows about services."""

    def probe(of: Round) -> float:
        return (of["probes"] - of["probe"]) / PROBES

    def further(of: Round) -> float:
        return (of["ten"] - of["one"]) / (CLASS - 1)

    row = partial(fact, rounds)
    return [
        row("cold import, CPU s", "", lambda of: of["cold"]),
        row("one full `grader grade .`, CPU s", "", lambda of: of["grade"]),
        row("… ÷ cold import", "≤ 10", lambda of: of["grade"] / of["cold"]),
        row("20 checks in plain pytest, CPU s", "", lambda of: of["plain"]),
        row("20 checks, ten submissions, CPU s each", "", lambda of: of["ten"] / CLASS),
        row("… ÷ plain pytest", "≤ 0.5", lambda of: of["ten"] / CLASS / of["plain"]),
        row("… each further submission, CPU s", "", further),
        row("a probe in the warm stage, CPU ms", "", lambda of: probe(of) * 1000),
        row("cold import ÷ a probe", "≥ 15", lambda of: of["cold"] / probe(of)),
        ("peak memory, grader + sandbox, PSS MB", f"{memory:.0f}", "≤ 500"),
    ]


def of_notebooks(rounds: Sequence[Round]) -> list[Row]:
    """Give the rows about notebooks."""

    def graded(of: Round) -> float:
        return (of["notebooks"] - of["notebook"]) / NOTEBOOKS

    row = partial(fact, rounds)
    alone = "… alone, with the start of the sandbox ÷ plain"
    return [
        row("a notebook in plain `jupyter execute`, s", "", lambda of: of["jupyter"]),
        row("… graded in a warm stage, its checks too, s", "", graded),
        row("… ÷ plain", "≤ 1.2", lambda of: graded(of) / of["jupyter"]),
        row(alone, "", lambda of: of["notebook"] / of["jupyter"]),
    ]


def show(rows: list[Row]) -> None:
    """Print the table of results."""
    lines = ["| measured in one run | result | must reach |", "|---|---|---|"]
    lines += [f"| {name} | {value} | {bound} |" for name, value, bound in rows]
    sys.stdout.write("\n".join([*lines, "", machine(), ""]))


def machine() -> str:
    """Describe the machine."""
    model = "unknown processor"
    place = Path("/proc/cpuinfo")
    if place.is_file():
        names = [
            line.partition(":")[2].strip()
            for line in place.read_text("utf-8").splitlines()
            if line.startswith("model name")
        ]
        model = names[0] if names else platform.machine()
    return (
        f"Python {platform.python_version()}, {platform.system()} "
        f"{platform.release()}, {os.cpu_count()} cores, {model}."
    )


if __name__ == "__main__":
    main()
