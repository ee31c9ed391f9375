"""The ``export`` command: a class's grades as other systems read them."""

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from grader import terminal
from grader.bench import DEFAULT_COURSE
from grader.catalog import Course
from grader.errors import MisuseError
from grader.exporting.exported import Exported, Settings
from grader.exporting.formats import FORMATS, ONE_FILE, FormatName
from grader.exporting.from_report import class_of
from grader.gradebook.standings import Class
from grader.writing import STANDARD_OUTPUT, open_folder, require_writable, write_whole

from .choosing import Hidden, Students, Title, chosen, open_class
from .options import GRADEBOOK, Checkpoints, CourseFile, Debug, GradebookURL


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("export")(export)


def export(
    format: Annotated[  # noqa: A002 - the option's name
        FormatName, typer.Option("--format", help="The system that reads it.")
    ],
    gradebook: GradebookURL = GRADEBOOK,
    course: CourseFile = None,
    report: Annotated[
        Path | None,
        typer.Option("--report", help="Export one report, without a gradebook."),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to", help="A file, or a folder for one file a student; - prints."
        ),
    ] = None,
    student: Students = None,
    title: Title = None,
    hidden: Hidden = None,
    above_100: Annotated[
        bool, typer.Option("--above-100", help="Moodle has unlimited grades.")
    ] = False,
    checkpoints: Checkpoints = DEFAULT_COURSE,
    debug: Debug = False,
) -> None:
    """Write grades for a spreadsheet, an LMS, an autograder or a CI system."""
    del debug
    now = datetime.now(UTC)
    graded = open_class(gradebook, course) if report is None else class_of(report, now)
    settings = Settings(
        course=Course.read(checkpoints),
        title=title or graded.title,
        disclosure=lambda standing: hidden or graded.disclosure(standing, now),
        made_at=now,
        environment=os.environ,
        above_100=above_100,
    )
    exported = FORMATS[format](chosen(graded.standings, student), settings)
    named = report is not None or len(student or ()) == 1
    _write(exported, to or STANDARD_OUTPUT, to_file=named or format in ONE_FILE)
    console = terminal.open_console(sys.stderr)
    for line in told(exported, graded):
        console.print(terminal.plain(line), soft_wrap=True)


def _write(exported: Exported, to: Path, *, to_file: bool) -> None:
    """Write the one file, or one file a student into a folder."""
    if to_file and not to.is_dir():
        for content in exported.files.values():
            require_writable(to, "--to")
            write_whole(to, content)
        return
    if to == STANDARD_OUTPUT:
        raise MisuseError(
            problem="This format writes one file a student.",
            next_step="Give --to a folder, or name one --student.",
        )
    for name, content in exported.files.items():
        path = open_folder(to, "--to") / name
        path.parent.mkdir(exist_ok=True)
        write_whole(path, content)


def told(exported: Exported, graded: Class) -> Iterator[str]:
    """Tell what is not in an export, and what to know before importing it."""
    out = {absent.who: absent.why for absent in exported.left_out}
    yield from (f"Not exported: {who}: {why}" for who, why in out.items())
    for standing in graded.standings:
        none = standing.score is None and not standing.excused
        if none and standing.student.key not in out:
            yield f"No grade: {standing.student.key}: {standing.state}"
    for unmatched in graded.unmatched:
        yield f"Belongs to nobody: {unmatched.place}: {unmatched.reason}"
    yield from (f"Note: {note}" for note in exported.notes)
