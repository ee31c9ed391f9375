"""Grade jobs in parallel: some worker processes, each with a stage of its own."""

import contextlib
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from grader.bench import Opened, open_stage, sandbox_for
from grader.catalog import Course
from grader.errors import GraderError, GraderFault
from grader.sandbox.engines import Engine
from grader.sandbox.stage import Stage
from grader.submission.layout import find_layout, require_service
from grader.submission.opening import Submission
from grader.submission.tree import Tree
from grader.suites import run_suites
from grader.workers import Lost, run_tasks

from .jobs import Job
from .judging import Run
from .reuse import unchanged_steps
from .settings import Settings, read_settings

PATIENCE_S = 3_600.0
"""For one job; its checks have their own, far shorter limits."""


@dataclass(frozen=True, slots=True)
class Crew:
    """What the workers share."""

    course: Path
    engine: Engine
    python: Path | None
    size: int
    reuses: bool = True
    """Whether a variant skips the steps that it cannot change."""


def run_jobs(
    crew: Crew, jobs: Sequence[Job], on_run: Callable[[Run], None]
) -> list[Run]:
    """Grade every job; call ``on_run`` with each as it is done.

    Raises:
        GraderFault: if a worker ends or meets an error that is nobody's variant.
    """
    runs = []
    opening = partial(open_worker, crew)
    answers = run_tasks(opening, deque(jobs), crew.size, patience_s=PATIENCE_S)
    with contextlib.closing(answers):  # also the workers, when one gives up
        for job, answer in answers:
            if isinstance(answer, Lost):
                raise GraderFault(
                    problem=f"The course could not be proved: {job.label}: "
                    f"{answer.reason}",
                    next_step="Try again with --jobs 1; if it stays, report it to us.",
                )
            runs.append(answer)
            on_run(answer)
    return runs


@contextlib.contextmanager
def open_worker(crew: Crew) -> Iterator[Callable[[Job], Run]]:
    """Prepare a worker: a course, and a warm stage of its own."""
    course = Course.read(crew.course)
    grading = Grading(course, read_settings(course), reuses=crew.reuses)
    with open_stage(course, crew.engine, crew.python) as stage:
        yield partial(grading.run, stage)


class Grading:
    """Grade jobs of one course."""

    def __init__(self, course: Course, settings: Settings, *, reuses: bool) -> None:
        self._course = course
        self._settings = settings
        self._reuses = reuses
        self._finished = _opened(course, "finished", course.reference())

    def run(self, stage: Stage, job: Job) -> Run:
        """Grade one job, but for the steps that it cannot change."""
        started = time.monotonic()
        opened = _opened(self._course, job.name, Tree(job.files))
        same: tuple[str, ...] = ()
        if self._reuses and job.is_variant:
            same = unchanged_steps(self._settings, self._finished, opened)
        steps = tuple(slug for slug in job.grades if slug not in same)
        if not steps:
            return Run(job, reused=same)
        try:
            if self._course.roles:
                require_service(opened.layout, self._course.service)
            sandbox = sandbox_for(self._course, stage, opened, job.seed)
            chosen = [self._course.step(slug) for slug in steps]
            found = run_suites(self._course, sandbox, chosen, lambda *_: None)
        except GraderError as error:
            return Run(job, problem=str(error))
        return Run(
            job,
            checks=tuple(check for checks in found.values() for check in checks),
            reused=same,
            duration_s=round(time.monotonic() - started, 3),
        )


def _opened(course: Course, name: str, tree: Tree) -> Opened:
    submission = Submission(name, "folder", tree, None, ())
    return Opened(submission, find_layout(tree, course.roles))
