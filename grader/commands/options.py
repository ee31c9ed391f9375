"""Options that several commands share, each written once."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from grader.running import DEBUG
from grader.scoring import Policy

GRADEBOOK = "gradebook.db"

Checkpoints = Annotated[
    Path,
    typer.Option(
        "--checkpoints",
        help="The course: a folder of checkpoints.",
        show_default="the one that came with the grader",
    ),
]
SandboxName = Annotated[
    Literal["auto", "bubblewrap", "none", "fresh"],
    typer.Option("--sandbox", help="Where the submission's code runs."),
]
Python = Annotated[
    Path | None,
    typer.Option("--python", help="The Python whose packages it runs with."),
]
Debug = Annotated[
    bool, typer.Option(DEBUG, help="Show where in the grader an error arose.")
]
Steps = Annotated[
    list[str] | None,
    typer.Option("--step", help="Grade only this step; may be given again."),
]
Seed = Annotated[
    int | None,
    typer.Option("--seed", min=0, help="Send the inputs of an earlier report."),
]
StepPolicy = Annotated[
    Policy,
    typer.Option(
        "--policy",
        help="carry: a step counts on right earlier steps too, if that is better.",
    ),
]
GradebookURL = Annotated[
    str,
    typer.Option("--gradebook", help="The gradebook: a file of SQLite, or a URL."),
]
CourseFile = Annotated[
    Path | None,
    typer.Option(
        "--course",
        help="The class's own course.toml: due dates, lateness, what is shown.",
    ),
]
WorkspaceFolder = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        help="The folder that you work in.",
        show_default="the one you stand in",
    ),
]
Background = Annotated[
    bool,
    typer.Option(
        "--background/--no-background",
        help="Keep a checker warm for the next time, or end the one that is kept.",
    ),
]


def now() -> datetime:
    """Return the present moment, as this machine's clock has it."""
    return datetime.now().astimezone()
