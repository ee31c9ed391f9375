"""What ``grader class`` does, from its options to its exit code."""

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from grader.catalog import Course
from grader.classroom.environment import environment_digest
from grader.classroom.intake import Intake, take_in
from grader.classroom.naming import Roster
from grader.classroom.roster import read_roster, read_times
from grader.classroom.running import Orders, run_class
from grader.classroom.working import Setting
from grader.classroom_terminal import progress, show_end, show_intake, show_stop
from grader.errors import GraderFault, MisuseError
from grader.gradebook.book import Basis, Gradebook
from grader.gradebook.policy import Policy as ClassPolicy
from grader.gradebook.reading import policy_of
from grader.sandbox.choice import choose_engine
from grader.scoring import Policy
from grader.terminal import Console

INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Request:
    """What ``grader class`` was asked for."""

    submissions: Path
    gradebook: str
    roster: Path | None
    times: Path | None
    policy_file: Path | None
    workers: int
    steps: tuple[str, ...]
    sandbox: str
    python: Path | None
    checkpoints: Path
    seed: int | None
    policy: Policy


def grade_class(request: Request, console: Console) -> int:
    """Grade a class, show how it goes, and return the exit code."""
    course = Course.read(request.checkpoints)
    for slug in request.steps:
        course.step(slug)
    _require_folder(request.submissions)
    students = read_roster(request.roster) if request.roster else []
    choice = choose_engine(request.sandbox, own_folder=False)
    setting = Setting(
        request.checkpoints, choice, request.python, request.steps, request.policy
    )
    basis = Basis(course.digest, environment_digest(setting))
    with Gradebook.open(request.gradebook, create=True) as book, book.alone():
        policy = policy_of(book, request.gradebook, request.policy_file)
        book.enroll(students)
        intake = _take_in(request, Roster(tuple(book.roster())), policy)
        show_intake(console, intake, choice.warning)
        workers = request.workers or os.cpu_count() or 1
        orders = Orders(setting, basis, workers, request.seed)
        return _run(book, request.submissions, intake, orders, console)


def _run(
    book: Gradebook, folder: Path, intake: Intake, orders: Orders, console: Console
) -> int:
    counted: Counter[str] = Counter()
    try:
        with progress(console, len(intake.works)) as watch:
            for event in run_class(book, folder, intake, orders):
                counted[event.state] += 1
                watch(event)
    except KeyboardInterrupt:
        show_stop(console, counted)
        return INTERRUPTED
    counted["ungradable"] += len(intake.refused)
    show_end(console, counted, book.name)
    return GraderFault.exit_code if counted["lost"] else 0


def _take_in(request: Request, roster: Roster, policy: ClassPolicy) -> Intake:
    first = take_in(request.submissions, roster)
    if request.times is None:
        return first
    known = roster.students or tuple(work.student for work in first.works)
    times = read_times(request.times, Roster(known), policy.aware)
    return take_in(request.submissions, roster, times)


def _require_folder(path: Path) -> None:
    if not path.is_dir():
        what = "is no folder" if path.exists() else "is not there"
        raise MisuseError(
            problem=f"{path} {what}.",
            next_step="Give the folder that holds the submissions; unpack a download.",
        )
