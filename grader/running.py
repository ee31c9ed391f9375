"""Run a command line; show every error in sentences and end with its exit code."""

import sys
from collections.abc import Sequence

import typer

from . import terminal
from .errors import GraderError, GraderFault, MisuseError

INTERRUPTED = 130
DEBUG = "--debug"


def run(app: typer.Typer, arguments: Sequence[str]) -> int:
    """Run a command and return its exit code; show every error in sentences.

    With ``--debug`` among the arguments, of any command, an error is raised as it came.
    """
    wanted = [argument for argument in arguments if argument != DEBUG]
    console = terminal.open_console(sys.stderr)
    try:
        app(wanted)
    except SystemExit as stop:  # how a command ends, also one misused
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        if len(wanted) < len(arguments):
            raise
        return _show_error(console, error)
    return 0


def _show_error(console: terminal.Console, error: Exception) -> int:
    if isinstance(error, MisuseError):
        terminal.show_error(console, "Error:", error.problem, error.next_step)
        return error.exit_code
    ours = "The grader made a mistake, not you:"
    if isinstance(error, GraderError):
        terminal.show_error(console, ours, error.problem, error.next_step)
        return error.exit_code
    told = f"{type(error).__name__}: {error}"
    next_step = "Run it again with --debug, and send us what it prints."
    terminal.show_error(console, ours, told, next_step)
    return GraderFault.exit_code


def prepare_streams() -> None:
    """Let the standard streams show what they cannot encode as well as they can."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
