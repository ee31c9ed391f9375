"""Grade jobs in parallel: some worker processes, each with a stage of its own."""

import multiprocessing
import queue
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.context import SpawnProcess
from multiprocessing.queues import Queue
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

from .jobs import Job
from .judging import Run
from .reuse import unchanged_steps
from .settings import Settings, read_settings

PATIENCE_S = 1.0
Answer = Run | str
"""What came of a job, or why the worker gave up."""


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
    context = multiprocessing.get_context("spawn")
    tasks: Queue[Job | None] = context.Queue()
    answers: Queue[Answer] = context.Queue()
    tasks.cancel_join_thread()  # what nobody takes any more must not hold us up
    size = max(1, min(crew.size, len(jobs)))
    for job in [*jobs, *[None] * size]:
        tasks.put(job)
    workers = [
        context.Process(target=work, args=(crew, tasks, answers), daemon=True)
        for _ in range(size)
    ]
    runs = []
    with _at_work(workers):
        for _ in jobs:
            runs.append(_next_run(answers, workers))
            on_run(runs[-1])
    return runs


@contextmanager
def _at_work(workers: Sequence[SpawnProcess]) -> Iterator[None]:
    for worker in workers:
        worker.start()
    try:
        yield
    except BaseException:
        for worker in workers:
            worker.terminate()
        raise
    finally:
        for worker in workers:
            worker.join()


def _next_run(answers: "Queue[Answer]", workers: Sequence[SpawnProcess]) -> Run:
    while True:
        try:
            answer = answers.get(timeout=PATIENCE_S)
        except queue.Empty:
            codes = [worker.exitcode for worker in workers]
            if any(codes) or None not in codes:
                raise _fault(f"the workers ended early ({codes}).") from None
            continue
        if isinstance(answer, Run):
            return answer
        raise _fault(answer)


def _fault(problem: str) -> GraderFault:
    return GraderFault(
        problem=f"The course could not be proved: {problem}",
        next_step="Try again with --jobs 1; if it stays, report it to us.",
    )


def work(crew: Crew, tasks: "Queue[Job | None]", answers: "Queue[Answer]") -> None:
    """Grade jobs until there are no more: the whole life of a worker."""
    try:
        course = Course.read(crew.course)
        grading = Grading(course, read_settings(course), reuses=crew.reuses)
        with open_stage(course, crew.engine, crew.python) as stage:
            while (job := tasks.get()) is not None:
                answers.put(grading.run(stage, job))
    except GraderError as error:
        answers.put(str(error))
    except KeyboardInterrupt:
        return
    except Exception:  # noqa: BLE001 - whatever it is, the parent must hear of it
        answers.put(traceback.format_exc()[-3_000:])


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
