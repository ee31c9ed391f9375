"""Show progress, courses and errors to a person at a terminal."""

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import TextIO

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from .catalog import Course
from .report import readable

__all__ = [
    "Console",
    "number",
    "open_console",
    "plain",
    "progress",
    "show_error",
    "show_steps",
]


def open_console(stream: TextIO | None = None) -> Console:
    """Open a console on a stream; on standard output without one."""
    return Console(file=stream or sys.stdout, highlight=False, markup=False)


@contextlib.contextmanager
def progress(console: Console) -> Iterator[Callable[[str, str], None]]:
    """Show what is being done, where somebody can see it, and take it away again.

    Yields:
        What to call with the id and the title of each check as it begins.
    """
    if not console.is_terminal:
        yield lambda _identity, _title: None
        return
    spinner = Spinner("dots", text="Starting the sandbox …")
    begun = 0

    def announce(identity: str, title: str) -> None:
        nonlocal begun
        begun += 1
        step = identity.partition(".")[0]
        line = plain(f"{begun} · {step} · {title}")
        line.truncate(max(20, console.width - 4), overflow="ellipsis")
        spinner.update(text=line)

    with Live(
        spinner,
        console=console,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    ):
        yield announce


def plain(text: str, style: str = "") -> Text:
    """Give text as it is: no markup, no control characters, one paragraph."""
    return Text(" ".join(readable(text).split()), style=style)


def show_steps(console: Console, course: Course) -> None:
    """Show the steps of a course."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("Step", "Title", "When", "Points", "Criterion"):
        table.add_column(name, justify="right" if name == "Points" else "left")
    for step in course.steps:
        table.add_row(
            plain(step.slug, "bold"),
            plain(step.title),
            plain(step.window),
            number(step.points),
            plain(step.criterion),
        )
    console.print(table)


def show_error(console: Console, what: str, problem: str, next_step: str) -> None:
    """Show an error: what happened, and what to do next."""
    lines = [line for line in readable(problem).splitlines() if line.strip()]
    first, rest = lines[0], lines[1:]
    console.print(Text(f"{what} ", style="bold red") + Text(first), soft_wrap=True)
    for line in [*rest, *readable(next_step).splitlines()]:
        console.print(Text(f"  {line}"), soft_wrap=True)


def number(value: float) -> str:
    """Give a number of points without needless zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
