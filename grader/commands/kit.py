"""Commands for those who prepare the course: the kit, and the labs' texts."""

from pathlib import Path
from typing import Annotated

import typer

from grader import terminal
from grader.bench import DEFAULT_COURSE
from grader.catalog import Course
from grader.kit.checked import labs_now
from grader.kit.contents import make_kit
from grader.kit.laying import lay, require_free
from grader.kit.settings import read_kit_settings
from grader.writing import write_whole

Checkpoints = Annotated[
    Path,
    typer.Option(
        "--checkpoints",
        help="The course: a folder of checkpoints.",
        show_default="this repository's",
    ),
]
Out = Annotated[Path, typer.Argument(help="A new folder, or a new zip: NAME.zip.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""

    @app.command("kit")
    def kit(out: Out, checkpoints: Checkpoints = DEFAULT_COURSE) -> None:
        """Make what students receive; nothing that is hidden is in it."""
        require_free(out)
        made = make_kit(Course.read(checkpoints))
        lay(made, out)
        size = sum(map(len, made.files.values())) / 1_000_000
        told = f"{len(made.files)} files, {size:.1f} MB, nothing hidden"
        terminal.open_console().print(terminal.plain(f"Wrote {out}: {told}."))

    @app.command("labs")
    def labs(checkpoints: Checkpoints = DEFAULT_COURSE) -> None:
        """Write into the labs' texts which visible checks each step has."""
        course = Course.read(checkpoints)
        texts = labs_now(course, read_kit_settings(course).labs)
        stale = [path for path in texts if path.read_text("utf-8") != texts[path]]
        for path in stale:
            write_whole(path, texts[path].encode())
        told = f"Brought {len(stale)} of {len(texts)} texts up to date."
        terminal.open_console().print(terminal.plain(told))
