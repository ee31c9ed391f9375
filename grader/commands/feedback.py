"""The ``feedback`` command: a page for each student."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from grader import terminal
from grader.bench import DEFAULT_COURSE
from grader.catalog import Course
from grader.exporting.cells import harmless, to_csv
from grader.safe_names import safe_names
from grader.writing import open_folder, write_whole

from .choosing import Hidden, Students, Title, chosen, open_class
from .options import GRADEBOOK, Checkpoints, CourseFile, Debug, GradebookURL

FOLDER = Path("feedback")
INDEX = "pages.csv"


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("feedback")(feedback)


def feedback(
    gradebook: GradebookURL = GRADEBOOK,
    course: CourseFile = None,
    to: Annotated[
        Path, typer.Option("--to", help="The folder for the pages.")
    ] = FOLDER,
    student: Students = None,
    title: Title = None,
    hidden: Hidden = None,
    checkpoints: Checkpoints = DEFAULT_COURSE,
    debug: Debug = False,
) -> None:
    """Write a page for each student: what was earned, what fell short, what to try."""
    from grader.feedback.pages import Settings, page  # it loads Jinja

    del debug
    now = datetime.now(UTC)
    graded = open_class(gradebook, course)
    catalogue = Course.read(checkpoints)
    standings = chosen(graded.standings, student)
    names = [f"{name}.html" for name in safe_names([s.student.key for s in standings])]
    folder = open_folder(to, "--to")
    for standing, name in zip(standings, names, strict=True):
        shown = hidden or graded.disclosure(standing, now)
        settings = Settings(catalogue, title or graded.title, shown)
        write_whole(folder / name, page(standing, settings))
    people = [s.student for s in standings]
    rows = [
        [harmless(who.key), harmless(who.name), harmless(who.email), name]
        for who, name in zip(people, names, strict=True)
    ]
    index = to_csv([["key", "name", "email", "page"], *rows], marked=True)
    write_whole(folder / INDEX, index)
    told = f"{len(names)} pages are in {to}; {INDEX} says whose is which."
    terminal.open_console(sys.stdout).print(terminal.plain(told), soft_wrap=True)
