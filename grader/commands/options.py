"""The options that the student's commands share."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

WorkspaceFolder = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        help="The folder that you work in.",
        show_default="the one you stand in",
    ),
]
CourseFolder = Annotated[
    Path,
    typer.Option(
        "--checkpoints",
        help="The course: a folder of checkpoints.",
        show_default="the one that came with the grader",
    ),
]
SandboxName = Annotated[
    Literal["auto", "bubblewrap", "none", "fresh"],
    typer.Option("--sandbox", help="Where your code runs while it is checked."),
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
