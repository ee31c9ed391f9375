"""Grade one work after another in a worker: the warm stage stays, the world is new."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from grader.bench import open_for_course, open_stage
from grader.catalog import Course
from grader.errors import GraderFault, MisuseError
from grader.grading import Options, grade
from grader.report import Outcome, Report
from grader.sandbox.choice import Choice
from grader.sandbox.stage import Stage
from grader.scoring import Policy

from .intake import Work


@dataclass(frozen=True, slots=True)
class Setting:
    """What all of a class are graded with."""

    course: Path
    choice: Choice
    python: Path | None = None
    steps: tuple[str, ...] = ()
    policy: Policy = "carry"


@dataclass(frozen=True, slots=True)
class Task:
    """One work to grade, unless it has a grade already."""

    work: Work
    seed: int
    known: frozenset[str] = frozenset()
    """The digests of this student's works that have one."""


@dataclass(frozen=True, slots=True)
class Graded:
    """What came of a work; no report where it had a grade already."""

    digest: str
    report: Report | None = None


@dataclass(frozen=True, slots=True)
class Ungradable:
    """Why nothing can be graded there: the student's side, so no second try helps."""

    reason: str


Answer = Graded | Ungradable


@contextlib.contextmanager
def open_worker(setting: Setting) -> Iterator[Callable[[Task], Answer]]:
    """Prepare a worker; its stage starts with the first work that needs a grade."""
    with contextlib.ExitStack() as opened:
        yield Grading(setting, opened).answer


class Grading:
    """Grade works on one stage."""

    def __init__(self, setting: Setting, opened: contextlib.ExitStack) -> None:
        self._setting = setting
        self._opened = opened
        self._course = Course.read(setting.course)
        self._stage: Stage | None = None

    def answer(self, task: Task) -> Answer:
        """Grade a work.

        Raises:
            GraderFault: if that is our fault; then it is no grade.
        """
        try:
            opened = open_for_course(task.work.place, self._course)
        except MisuseError as error:
            return Ungradable(error.problem)
        digest = opened.tree.digest
        if digest in task.known:
            return Graded(digest)
        options = Options(
            steps=self._setting.steps, seed=task.seed, policy=self._setting.policy
        )
        warning = self._setting.choice.warning
        warnings = [warning] if warning else []
        report = grade(self._course, self._warm_stage(), opened, options, warnings)
        _require_sound(report)
        return Graded(digest, report)

    def _warm_stage(self) -> Stage:
        if self._stage is None:
            start = partial(open_stage, python=self._setting.python)
            engine = self._setting.choice.engine
            self._stage = self._opened.enter_context(start(self._course, engine))
        return self._stage


def _require_sound(report: Report) -> None:
    """Refuse a report in which a check broke: it is our fault, and no grade."""
    broken = [
        check
        for step in report.steps
        for check in (*step.checks, *step.reference_checks)
        if check.outcome is Outcome.BROKEN
    ]
    if broken:
        first = broken[0]
        raise GraderFault(
            problem=f"{len(broken)} checks broke, the first is {first.id}: "
            f"{first.message}",
            next_step="It is tried again; if it stays, report it to us.",
        )
