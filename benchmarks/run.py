"""Measure the grader's cost as ratios taken in one run, and print them as a table.

Usage: python -m benchmarks.run [--rounds N]
"""

import argparse
import os
import platform
import statistics
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import Cost, run

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
Row = tuple[str, str, str]


def main() -> None:
    """Measure everything ``rounds`` times; print medians and ratios."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=3)
    rounds = options.parse_args().rounds

    def median(measure: Callable[[], float]) -> float:
        return statistics.median(measure() for _ in range(rounds))

    def cpu(*command: str) -> Callable[[], float]:
        return lambda: run(command, ROOT).cpu_s

    def script(name: str, count: int) -> Callable[[], float]:
        return cpu(sys.executable, "-m", f"benchmarks.{name}", str(count))

    cold = median(cpu(*COLD))
    grades = [run(GRADE, ROOT) for _ in range(rounds)]
    plain = median(cpu(*PLAIN))
    one = median(script("ten_submissions", 1))
    ten = median(script("ten_submissions", CLASS))
    few = median(script("warm_probe", 1))
    many = median(script("warm_probe", PROBES + 1))

    def notebooks(count: int) -> Callable[[], float]:
        name = "benchmarks.graded_notebook"
        return lambda: run([sys.executable, "-m", name, str(count)], ROOT).wall_s

    jupyter = median(lambda: run(JUPYTER, ROOT).wall_s)
    alone = median(notebooks(1))
    graded = (median(notebooks(NOTEBOOKS + 1)) - alone) / NOTEBOOKS
    rows = measured(cold, grades, plain, ((one, ten), (few, many)))
    show([*rows, *of_notebooks(jupyter, graded, alone)])


def measured(
    cold: float,
    grades: list[Cost],
    plain: float,
    pairs: tuple[tuple[float, float], tuple[float, float]],
) -> list[Row]:
    """Give the rows about services."""
    full = statistics.median(cost.cpu_s for cost in grades)
    memory = max(cost.peak_pss_mb for cost in grades)
    (one, ten), (few, many) = pairs
    each, further = ten / CLASS, (ten - one) / (CLASS - 1)
    probe = (many - few) / PROBES
    return [
        ("cold import, CPU s", f"{cold:.2f}", ""),
        ("one full `grader grade .`, CPU s", f"{full:.2f}", ""),
        ("… ÷ cold import", f"{full / cold:.1f}", "≤ 10"),
        ("20 checks in plain pytest, CPU s", f"{plain:.2f}", ""),
        ("20 checks, ten submissions, CPU s each", f"{each:.2f}", ""),
        ("… ÷ plain pytest", f"{each / plain:.2f}", "≤ 0.5"),
        ("… each further submission, CPU s", f"{further:.2f}", ""),
        ("a probe in the warm stage, CPU ms", f"{probe * 1000:.1f}", ""),
        ("cold import ÷ a probe", f"{cold / probe:.0f}", "≥ 15"),
        ("peak memory, grader + sandbox, PSS MB", f"{memory:.0f}", "≤ 500"),
    ]


def of_notebooks(jupyter: float, graded: float, alone: float) -> list[Row]:
    """Give the rows about notebooks."""
    return [
        ("a notebook in plain `jupyter execute`, s", f"{jupyter:.2f}", ""),
        ("… graded in a warm stage, its checks too, s", f"{graded:.2f}", ""),
        ("… ÷ plain", f"{graded / jupyter:.2f}", "≤ 1.2"),
        (
            "… alone, with the start of the sandbox ÷ plain",
            f"{alone / jupyter:.2f}",
            "",
        ),
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
