"""Options that several commands share, each written once."""

from pathlib import Path
from typing import Annotated, Literal

import typer

DEBUG = "--debug"
GRADEBOOK = "gradebook.db"

Checkpoints = Annotated[
    Path,
    typer.Option(
        "--checkpoints",
        help="The course: a folder of checkpoints.",
        show_default="this repository's",
    ),
]
SandboxName = Annotated[
    Literal["auto", "bubblewrap", "none"],
    typer.Option("--sandbox", help="Where the submission's code runs."),
]
Python = Annotated[
    Path | None,
    typer.Option("--python", help="The Python whose packages it runs with."),
]
Debug = Annotated[
    bool, typer.Option(DEBUG, help="Show where in the grader an error arose.")
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
