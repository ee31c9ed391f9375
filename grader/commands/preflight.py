"""The command that looks over a machine before class."""

import sys
from typing import Annotated

import typer

from grader import preflight_terminal, terminal
from grader.catalog import DEFAULT_COURSE, Course
from grader.student import preflight as looking

from .options import Checkpoints, WorkspaceFolder
from .student import SHORT, open_workspace

ASKED = "One question about indexes or foreign keys that class should answer"


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("preflight")(preflight)


def preflight(
    question: Annotated[
        str | None,
        typer.Option(
            "--question",
            help="Your open question for class, instead of being asked for it.",
        ),
    ] = None,
    port: Annotated[
        int,
        typer.Option("--port", min=1, max=65_535, help="Where your service will be."),
    ] = 8000,
    workspace: WorkspaceFolder = None,
    checkpoints: Checkpoints = DEFAULT_COURSE,
) -> None:
    """Look whether this machine is ready for class, and keep your question for it.

    Exits 0 when it is, 1 while something is missing.
    """
    course = Course.read(checkpoints)
    console = terminal.open_console()
    folder = open_workspace(workspace, console)
    found = preflight_terminal.show_findings(
        console, looking.look(folder, course, port)
    )
    if question is None and sys.stdin.isatty() and not looking.read_question(folder):
        question = _asked()
    if question is not None:
        looking.save_question(folder, question)
    kept = looking.read_question(folder)
    preflight_terminal.show_summary(console, found, kept)
    if any(finding.verdict is looking.Verdict.MISSING for finding in found):
        raise typer.Exit(SHORT)


def _asked() -> str | None:
    answer = typer.prompt(
        f"\n{ASKED}:", default="", show_default=False, prompt_suffix="\n> "
    )
    return str(answer).strip() or None
