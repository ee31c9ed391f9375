"""The commands about a class: grade it, look at it, change what one student has."""

import getpass
import math
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from grader import terminal
from grader.bench import DEFAULT_COURSE
from grader.catalog import Course
from grader.errors import MisuseError
from grader.gradebook.standing import Adjustment

from .choosing import find, open_class
from .options import (
    GRADEBOOK,
    Checkpoints,
    CourseFile,
    Debug,
    GradebookURL,
    Python,
    SandboxName,
    Seed,
    StepPolicy,
    Steps,
)


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("class")(class_command)
    app.command("gradebook")(gradebook_command)
    app.command("adjust")(adjust_command)


def class_command(
    submissions: Annotated[
        Path, typer.Argument(help="A folder of folders, zips or checkouts.")
    ],
    gradebook: GradebookURL = GRADEBOOK,
    roster: Annotated[
        Path | None, typer.Option("--roster", help="The students, as a CSV file.")
    ] = None,
    times: Annotated[
        Path | None,
        typer.Option("--times", help="When they handed in: student,submitted."),
    ] = None,
    course: CourseFile = None,
    workers: Annotated[
        int, typer.Option("--workers", min=0, help="How many; 0 for one a core.")
    ] = 0,
    step: Steps = None,
    sandbox: SandboxName = "auto",
    python: Python = None,
    checkpoints: Checkpoints = DEFAULT_COURSE,
    seed: Seed = None,
    policy: StepPolicy = "carry",
    debug: Debug = False,
) -> None:
    """Grade a class; stopped or killed, the same command goes on where it was."""
    del debug
    from .class_run import Request, grade_class  # not before somebody needs a database

    request = Request(
        submissions=submissions,
        gradebook=gradebook,
        roster=roster,
        times=times,
        policy_file=course,
        workers=workers,
        steps=tuple(step or ()),
        sandbox=sandbox,
        python=python,
        checkpoints=checkpoints,
        seed=seed,
        policy=policy,
    )
    raise typer.Exit(grade_class(request, terminal.open_console(sys.stdout)))


def gradebook_command(
    student: Annotated[
        str | None, typer.Argument(help="Only this one, by key, name, login or email.")
    ] = None,
    gradebook: GradebookURL = GRADEBOOK,
    course: CourseFile = None,
    checkpoints: Checkpoints = DEFAULT_COURSE,
    debug: Debug = False,
) -> None:
    """Show a class: scores, criteria, mistakes by frequency, who has no grade."""
    del debug
    from grader.gradebook_terminal import show_class, show_student

    graded = open_class(gradebook, course)
    console = terminal.open_console(sys.stdout)
    if student is None:
        show_class(console, graded, Course.read(checkpoints).pitfalls)
    else:
        show_student(console, find(graded.standings, student))


def adjust_command(
    student: Annotated[str, typer.Argument(help="The key, name, login or email.")],
    reason: Annotated[
        str, typer.Option("--reason", help="Why, for the student and for later.")
    ],
    points: Annotated[
        float, typer.Option("--points", help="Points to add or, below 0, to take.")
    ] = 0.0,
    author: Annotated[
        str | None,
        typer.Option("--author", help="Who says so.", show_default="your login"),
    ] = None,
    gradebook: GradebookURL = GRADEBOOK,
    debug: Debug = False,
) -> None:
    """Add points or a comment beside the automatic grade; later runs keep it."""
    del debug
    from grader.gradebook.book import Gradebook
    from grader.gradebook_terminal import show_student

    if not math.isfinite(points) or not reason.strip():
        raise MisuseError(
            problem="An adjustment needs a number of points and a reason.",
            next_step='Say --points -2 --reason "two files copied".',
        )
    who = find(open_class(gradebook, None).standings, student).student
    by = author or getpass.getuser()
    with Gradebook.open(gradebook) as book:
        book.adjust(who, Adjustment(points, reason.strip(), by, datetime.now(UTC)))
    standing = find(open_class(gradebook, None).standings, who.key)
    show_student(terminal.open_console(sys.stdout), standing)
