"""Run the command line, with no more of it than the command needs."""

import sys

import typer

from .running import prepare_streams, run

# A student waits for these, and most of what the others need takes long to import.
LIGHT = ("start", "reset", "check", "hint", "progress")


def main() -> None:
    """Run the command line of this process."""
    arguments = sys.argv[1:]
    if arguments[:1] and arguments[0] in LIGHT:
        prepare_streams()
        sys.exit(run(light(), arguments))
    from .cli import main as run_any

    run_any()


def light() -> typer.Typer:
    """Return a command line of the light commands alone."""
    from .commands import student

    app = typer.Typer(
        name="grader", add_completion=False, pretty_exceptions_enable=False
    )
    student.register(app)
    return app


if __name__ == "__main__":
    main()
