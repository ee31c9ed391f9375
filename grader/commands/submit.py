"""The command that hands a workspace in."""

from pathlib import Path
from typing import Annotated

import typer

from grader import student_terminal, terminal
from grader.catalog import DEFAULT_COURSE, Course
from grader.errors import GraderFault
from grader.student import handing_in

from .options import Background, Checkpoints, SandboxName, WorkspaceFolder, now
from .student import checked_steps, open_workspace


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("submit")(submit)


def submit(
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            help="The zip to write; its receipt lies beside it.",
            show_default=f"{handing_in.DEFAULT_NAME} in your folder",
        ),
    ] = None,
    workspace: WorkspaceFolder = None,
    sandbox: SandboxName = "auto",
    checkpoints: Checkpoints = DEFAULT_COURSE,
    background: Background = True,
) -> None:
    """Pack your work as a zip to hand in, and write a receipt of how it stands.

    Work that is short can be handed in too: exits 0 once the zip is written.
    """
    course = Course.read(checkpoints)
    console = terminal.open_console()
    folder = open_workspace(workspace, console)
    target = out or folder.folder / handing_in.DEFAULT_NAME
    handing_in.require_writable(target)
    package = handing_in.pack(folder.folder, course)
    result = checked_steps(course, folder, course.steps, sandbox, background=background)
    receipt = handing_in.receipt_for(package, result.checked, course, target, now())
    handing_in.hand_in(package, receipt, target)
    student_terminal.show_handed_in(console, course, package, receipt)
    if result.is_broken:
        raise typer.Exit(GraderFault.exit_code)
