"""Rebuild a student's workspace at the step that fails, for a clinic."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.bench import Opened
from grader.catalog import Course, Step
from grader.grading import reference_layers
from grader.plugin import Expected
from grader.report import Outcome, Report
from grader.submission.tree import Tree

from .needs import Need

WORK = "work"


@dataclass(frozen=True, slots=True)
class Workspace:
    """What a clinic opens."""

    tree: Tree
    notes: tuple[str, ...]


def rebuild(course: Course, opened: Opened, step: Step, report: Report) -> Workspace:
    """Give the files at a step: the student's own, on right earlier steps if needed."""
    if not _is_wrong_before(course, step, report):
        return Workspace(opened.tree, ("All files are the student's own.",))
    layers = reference_layers(course, opened, step)
    if layers is None:
        told = (
            "The student's earlier steps are wrong, and cannot be told apart from it."
        )
        return Workspace(opened.tree, (told,))
    told = (
        f"The files of {step.slug} are the student's own; the steps before it are the "
        "course's, since the student's do not pass."
    )
    return Workspace(layers, (told,))


def _is_wrong_before(course: Course, step: Step, report: Report) -> bool:
    earlier = {each.slug for each in course.steps[: course.steps.index(step)]}
    return any(
        check.outcome is not Outcome.PASSED and not check.bonus
        for graded in report.steps
        if graded.slug in earlier
        for check in graded.checks
    )


def twin(need: Need, checks: Mapping[str, Expected]) -> Expected | None:
    """Give the visible check that is nearest to a failed one; itself if it is visible.

    Nearest is the first that it comes after, directly or not, in its own step; else the
    step's last visible one.
    """
    seen, waiting = set(), [need.check.id]
    while waiting:
        check = checks.get(waiting.pop(0))
        if check is None or check.id in seen or check.step != need.step:
            continue
        if check.visibility == "visible":
            return check
        seen.add(check.id)
        waiting += check.needs()
    of_step = [c for c in checks.values() if c.step == need.step]
    return next((c for c in reversed(of_step) if c.visibility == "visible"), None)


def command(course: Course, check: Expected, work: Path, seed: int) -> str:
    """Write the command that runs one check on a workspace, with the same inputs."""
    suite = course.step(check.step).suites()[check.visibility]
    node = f"{_shown(suite)}::test_{check.id.partition('.')[2]}"
    words = [
        "uv",
        "run",
        "pytest",
        node,
        "--submission",
        str(work),
        "--seed",
        str(seed),
    ]
    return shlex.join(words)


def _shown(path: Path) -> str:
    """Shorten a path to what it is from here."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
