"""The command that checks whenever a file is saved."""

import sys
from collections.abc import Sequence
from functools import partial

import typer

from grader import terminal
from grader.catalog import DEFAULT_COURSE, Course
from grader.sandbox.choice import choose_engine
from grader.student.checked import Checked
from grader.student.checking import open_checker
from grader.student.keys import open_keys
from grader.student.watching import Watcher
from grader.watch_terminal import WatchScreen

from .options import Checkpoints, SandboxName, WorkspaceFolder, now
from .student import open_workspace


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("watch")(watch)


def watch(
    workspace: WorkspaceFolder = None,
    sandbox: SandboxName = "auto",
    checkpoints: Checkpoints = DEFAULT_COURSE,
) -> None:
    """Check again whenever you save: the steps that you began and that it can affect.

    Keys: h for a hint, n to start the next step, a to check all, q to quit.
    """
    course = Course.read(checkpoints)
    console = terminal.open_console()
    folder = open_workspace(workspace, console)
    choice = choose_engine(sandbox, own_folder=folder.is_ours)
    if choice.warning:
        console.print(terminal.plain(choice.warning, "yellow"))
    starting = partial(terminal.progress, terminal.open_console(sys.stderr))
    with open_keys(sys.stdin) as key, open_checker(course, choice.engine) as checker:

        def check(slugs: Sequence[str]) -> Checked:
            with starting() as on_check:
                return checker.check(folder.folder, slugs, on_check)

        screen = WatchScreen(console, course, folder)
        Watcher(course, folder, check, screen, key, now).run()
