"""The command line: every room of commands, and the exit code it ends with."""

import sys
from collections.abc import Sequence

import typer

from . import running
from .commands import (
    classroom,
    clinic,
    export,
    feedback,
    grade,
    kit,
    preflight,
    student,
    submit,
    timeline,
    verify,
    watch,
)

STUDENT = (preflight, student, submit, watch, timeline)
INSTRUCTOR = (kit, classroom, export, feedback, clinic)

app = typer.Typer(
    name="grader",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Grade movie services, and prove the course that grades them.",
)
for room in (grade, verify, *STUDENT, *INSTRUCTOR):
    room.register(app)


def run(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code; show every error in sentences."""
    return running.run(app, arguments)


def main() -> None:
    """Run the command line of this process."""
    running.prepare_streams()
    sys.exit(run(sys.argv[1:]))
