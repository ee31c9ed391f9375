"""Grade a class: what is missing, in parallel, each grade kept as soon as it exists."""

import contextlib
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Literal

from grader.asking.draw import draw_seed
from grader.errors import GraderFault
from grader.gradebook.book import Basis, Gradebook, HandIn
from grader.workers import Lost, run_tasks

from .intake import Intake, Work
from .working import Answer, Setting, Task, Ungradable, open_worker

TRIES = 3
ENOUGH_TO_GIVE_UP = 4
"""So many works lost, and none graded: it is not about the works."""
PATIENCE_S = 1_800.0
"""For one work; far beyond the limit that grading has by itself."""

State = Literal["graded", "known", "ungradable", "lost", "again"]


@dataclass(frozen=True, slots=True)
class Event:
    """What came of one work."""

    work: Work
    state: State
    reason: str = ""
    score: float | None = None
    max_score: float | None = None


@dataclass(frozen=True, slots=True)
class Orders:
    """How to grade a class."""

    setting: Setting
    basis: Basis
    workers: int = 1
    seed: int | None = None
    """The same for all; drawn afresh for each without one."""


@dataclass(slots=True)
class _Tries:
    of: Counter[Work] = field(default_factory=Counter)
    graded: int = 0


def run_class(
    book: Gradebook, folder: Path, intake: Intake, orders: Orders
) -> Iterator[Event]:
    """Grade what has no grade yet; tell what came of each work.

    A grade is kept before its event is told. What could not be graded is noted with
    its reason, and the others go on.

    Raises:
        GraderFault: if nothing can be graded at all.
    """
    _note_before(book, folder, intake)
    known = book.known(orders.basis)
    tasks = deque(
        Task(work, _seed(orders), frozenset(known.get(work.student.key, ())))
        for work in intake.works
    )
    tries = _Tries()
    opening = partial(open_worker, orders.setting)
    answers = run_tasks(opening, tasks, orders.workers, patience_s=PATIENCE_S)
    with contextlib.closing(answers):
        for task, answer in answers:
            if isinstance(answer, Lost):
                event = _give_again(tasks, task, answer.reason, tries)
            else:
                event = _keep(book, orders.basis, task.work, answer)
                tries.graded += event.state == "graded"
            if event.state in {"lost", "ungradable"}:
                place = str(task.work.place)
                book.note_problem(place, event.reason, task.work.student)
            yield event


def _note_before(book: Gradebook, folder: Path, intake: Intake) -> None:
    book.forget_problems(folder.resolve())
    for unmatched in intake.unmatched:
        book.note_problem(unmatched.place, unmatched.reason, None)
    for refused in intake.refused:
        told = f"{refused.place.name}: {refused.reason}"
        book.note_problem(str(refused.place), told, refused.student)


def _seed(orders: Orders) -> int:
    return draw_seed() if orders.seed is None else orders.seed


def _give_again(tasks: deque[Task], task: Task, reason: str, tries: _Tries) -> Event:
    """Try a work again that was lost by our fault, but not for ever."""
    tries.of[task.work] += 1
    if not tries.graded and len(tries.of) >= ENOUGH_TO_GIVE_UP:
        raise GraderFault(
            problem=f"None of the first {len(tries.of)} works could be graded: "
            f"{reason}",
            next_step="See that `grader grade .` works here. The same command goes on "
            "where this one stopped.",
        )
    if tries.of[task.work] < TRIES:
        tasks.append(task)
        return Event(task.work, "again", reason)
    told = f"the grader failed {TRIES} times, so it is no score: {reason}"
    return Event(task.work, "lost", told)


def _keep(book: Gradebook, basis: Basis, work: Work, answer: Answer) -> Event:
    if isinstance(answer, Ungradable):
        return Event(work, "ungradable", answer.reason)
    handed_in = HandIn(work.student, answer.digest, str(work.place), work.submitted_at)
    book.keep(handed_in, basis, answer.report)
    if answer.report is None:
        return Event(work, "known")
    report = answer.report
    return Event(work, "graded", score=report.score, max_score=report.max_score)
