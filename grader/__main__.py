"""Run the command line, with no more of it than the command needs."""

import gc
import sys
from importlib import import_module

import typer

from .running import prepare_streams, run

# Which module of ``commands`` has a command: importing them all takes longer than many
# a command. Whatever is not listed here is looked for in all of them.
ROOMS = {
    **dict.fromkeys(("grade", "steps", "schema"), "grade"),
    **dict.fromkeys(("start", "reset", "check", "hint", "progress"), "student"),
    **dict.fromkeys(("class", "gradebook", "adjust"), "classroom"),
    **dict.fromkeys(("kit", "labs"), "kit"),
    **{
        name: name
        for name in (
            *("verify", "preflight", "submit", "watch", "timeline"),
            *("export", "feedback", "clinic"),
        )
    },
}
# Importing makes very many objects and next to no garbage: look for it more seldom.
COLLECT_AFTER = 50_000


def main() -> None:
    """Run the command line of this process."""
    gc.set_threshold(COLLECT_AFTER)
    arguments = sys.argv[1:]
    room = ROOMS.get(arguments[0]) if arguments else None
    if room is not None:
        prepare_streams()
        sys.exit(run(only(room), arguments))
    from .cli import main as run_any

    run_any()


def only(room: str) -> typer.Typer:
    """Return a command line of the commands of one module alone."""
    app = typer.Typer(
        name="grader", add_completion=False, pretty_exceptions_enable=False
    )
    app.callback()(_stay_a_group)
    import_module(f".commands.{room}", __package__).register(app)
    return app


def _stay_a_group() -> None:
    """Keep a command's own name on the command line where it is the only one."""


if __name__ == "__main__":
    main()
