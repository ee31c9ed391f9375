"""The command that shows the labs on a clock."""

import sys
import time
from functools import partial
from typing import Annotated

import typer

from grader import terminal, timeline_terminal
from grader.catalog import DEFAULT_COURSE, Course
from grader.student import timeline as labs
from grader.student.keys import open_keys
from grader.student.progress import read_progress

from .options import Checkpoints, WorkspaceFolder, now
from .student import open_workspace

PAUSE_S = 0.5


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("timeline")(timeline)


def timeline(
    part: Annotated[
        str | None,
        typer.Option(
            "--part", help="The lab that begins.", show_default="the first one"
        ),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option("--start", help="When it begins, as HH:MM.", show_default="now"),
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Show it once and end.")] = False,
    workspace: WorkspaceFolder = None,
    checkpoints: Checkpoints = DEFAULT_COURSE,
) -> None:
    """Show the labs on a clock: the step, the time left, the break, your pace."""
    course = Course.read(checkpoints)
    console = terminal.open_console()
    chosen = labs.choose_part(course, part)
    slots = labs.plan(course, chosen, labs.read_clock(start, now()))
    folder = open_workspace(workspace, console)

    def look() -> labs.Picture:
        return labs.picture(now(), slots, read_progress(folder)[0])

    if once or not console.is_terminal:
        timeline_terminal.show_once(console, look())
        return
    with open_keys(sys.stdin) as key:
        timeline_terminal.show_live(console, look, key, partial(time.sleep, PAUSE_S))
