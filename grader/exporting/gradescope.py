"""``gradescope``: the results.json that a Gradescope autograder leaves."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from grader.disclosure import shown_steps
from grader.gradebook.standing import Standing
from grader.report import Report

from .exported import Exported, Settings
from .single import one_each
from .telling import told

NAME = "results.json"


def export(standings: Sequence[Standing], settings: Settings) -> Exported:
    """Write one results.json a student."""
    return one_each(standings, NAME, lambda s, report: _result(s, report, settings))


def _result(standing: Standing, report: Report, settings: Settings) -> str:
    result = {
        "score": standing.score,
        "execution_time": round(report.duration_s),
        "output": _output(standing, report),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {"criteria": dict(standing.criteria)},
        "tests": list(_tests(standing, report, settings)),
    }
    return json.dumps(result, indent=2, ensure_ascii=False) + "\n"


def _output(standing: Standing, report: Report) -> str:
    marks = {True: "met", False: "missed", None: "not graded"}
    lines = [f"{name}: {marks[met]}" for name, met in standing.criteria.items()]
    if standing.penalty:
        lines.append(f"Late: {standing.penalty:g} points taken off.")
    lines += [f"{a.points:+g} points: {a.reason}" for a in standing.adjustments]
    return "\n".join([*lines, *report.warnings])


def _tests(
    standing: Standing, report: Report, settings: Settings
) -> Iterator[dict[str, Any]]:
    steps = shown_steps(report, settings.course.pitfalls, settings.disclosure(standing))
    for number, (step, checks) in enumerate(steps, 1):
        for place, check in enumerate(checks, 1):
            yield {
                "score": check.points,
                "max_score": check.max_points,
                "status": "passed" if check.passed else "failed",
                "name": f"{step.slug}: {check.title}",
                "number": f"{number}.{place}",
                "output": "\n".join(told(check)),
                "tags": [step.criterion, *(["bonus"] if check.bonus else [])],
                "visibility": "visible",
            }
