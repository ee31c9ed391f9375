"""The ``clinic`` commands: plan clinics, and open a workspace in one."""

import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from grader import terminal
from grader.bench import DEFAULT_COURSE, Opened, open_for_course
from grader.catalog import Course
from grader.clinics.guide import Guide
from grader.clinics.opening import (
    NOTES,
    WORK,
    Case,
    commands,
    find_case,
    rebuild,
    workspace,
)
from grader.clinics.planning import Plan, plan
from grader.clinics.schedule import next_morning, schedule
from grader.errors import MisuseError
from grader.verifying.collecting import collect
from grader.writing import write_new_folder

from .choosing import find, open_class
from .options import GRADEBOOK, Checkpoints, CourseFile, Debug, GradebookURL

FOLDER = Path("clinics")


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    about = "Plan clinics, and open a student's work in one."
    room = typer.Typer(no_args_is_help=True, help=about)
    room.command("plan")(plan_command)
    room.command("open")(open_command)
    app.add_typer(room, name="clinic")


def plan_command(
    gradebook: GradebookURL = GRADEBOOK,
    course: CourseFile = None,
    size: Annotated[
        int, typer.Option("--size", min=1, help="How many students a clinic takes.")
    ] = 6,
    before: Annotated[
        datetime | None,
        typer.Option("--before", help="When the last clinic must be over."),
    ] = None,
    begin: Annotated[
        datetime | None,
        typer.Option(
            "--from", help="When the first begins; else the next weekday at 9."
        ),
    ] = None,
    minutes: Annotated[
        int, typer.Option("--minutes", min=5, max=240, help="How long each one takes.")
    ] = 20,
    everyone: Annotated[
        bool,
        typer.Option("--everyone", help="Also who met the criteria and lost points."),
    ] = False,
    to: Annotated[
        Path, typer.Option("--to", help="The folder for the plan; a new one.")
    ] = FOLDER,
    checkpoints: Checkpoints = DEFAULT_COURSE,
    debug: Debug = False,
) -> None:
    """Group who misses a criterion by their mistake, with sheets, mails and times."""
    from grader.clinics.booklet import booklet  # it loads icalendar

    del debug
    catalogue, graded = Course.read(checkpoints), open_class(gradebook, course)
    policy, now = graded.policy, datetime.now(UTC)
    made = plan(
        graded.standings,
        catalogue,
        size=size,
        disclose=lambda standing: graded.disclosure(standing, now),
        everyone=everyone,
    )
    here = now.astimezone(ZoneInfo(policy.timezone))
    sittings = schedule(
        made.clinics,
        first=policy.aware(begin) if begin else next_morning(here),
        before=policy.aware(before) if before else None,
        minutes=minutes,
    )
    guide = Guide.read(catalogue.folder)
    files = booklet(made, sittings, guide, title=graded.title, made_at=now)
    write_new_folder(to, files, "--to")
    _show(_told(made, to))


def _told(made: Plan, to: Path) -> Iterator[str]:
    people = {member.student.key for group in made.groups for member in group.members}
    yield (
        f"Clinics: {len(made.clinics)}, students: {len(people)}, mistakes: "
        f"{len(made.groups)}. Begin with {to / 'README.md'}."
    )
    if made.points_only:
        yield f"Every criterion met, points lost: {len(made.points_only)}."
    if made.ungraded:
        keys = ", ".join(standing.student.key for standing in made.ungraded)
        yield f"No report, so nobody knows what they need: {keys}."
    students = [member.student for group in made.groups for member in group.members]
    silent = dict.fromkeys(each.key for each in students if not each.email)
    if silent:
        yield f"No email, so no invitation can be sent: {', '.join(silent)}."


def open_command(
    student: Annotated[str, typer.Argument(help="The key, name, login or email.")],
    gradebook: GradebookURL = GRADEBOOK,
    course: CourseFile = None,
    step: Annotated[
        str | None,
        typer.Option("--step", help="Open this step; else the first that fails."),
    ] = None,
    submission: Annotated[
        Path | None,
        typer.Option("--submission", help="The work; else where it was graded."),
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="The folder to make; a new one.")
    ] = None,
    checkpoints: Checkpoints = DEFAULT_COURSE,
    debug: Debug = False,
) -> None:
    """Rebuild a student's workspace at the failing step, with the check to run."""
    del debug
    catalogue = Course.read(checkpoints)
    standing = find(open_class(gradebook, course).standings, student)
    found = find_case(standing, catalogue, step)
    opened = open_for_course(submission or _place(found), catalogue)
    target = to or found.folder
    to_run = commands(found, catalogue, collect(catalogue), target / WORK)
    tree, source = rebuild(found, catalogue, opened)
    guide = Guide.read(catalogue.folder)
    files = workspace(found, catalogue, guide, (tree, source), to_run)
    target.parent.mkdir(parents=True, exist_ok=True)
    write_new_folder(target, files, "--to")
    _show(_opened(target, source, opened, found, to_run))


def _place(case: Case) -> Path:
    if case.attempt.place and Path(case.attempt.place).exists():
        return Path(case.attempt.place)
    raise MisuseError(
        problem=f"The work of {case.standing.student.key} is no longer where it was "
        f"graded: {case.attempt.place or 'nobody knows where'}.",
        next_step="Say where it is by --submission.",
    )


def _opened(
    target: Path, source: str, opened: Opened, case: Case, to_run: Mapping[str, str]
) -> Iterator[str]:
    yield f"{target / NOTES} says what to ask first. {source}"
    if opened.tree.digest != case.attempt.report.submission.digest:
        yield "These are not the files that were graded: they have changed since."
    for told, command in to_run.items():
        yield f"{told}"
        yield f"  {command}"


def _show(lines: Iterator[str]) -> None:
    console = terminal.open_console(sys.stdout)
    for line in lines:
        console.print(terminal.plain(line), soft_wrap=True)
