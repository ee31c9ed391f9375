"""Show a class being graded: who is nobody, how far it is, who has no grade and why."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.text import Text

from .classroom.intake import Intake
from .classroom.running import Event
from .terminal import number, plain

WORDS = {
    "graded": "graded",
    "known": "had their grade already",
    "ungradable": "could not be graded",
    "lost": "failed by our fault",
}
FINAL = set(WORDS)
LINES = 10
HOUR_S, MINUTE_S = 3_600, 60


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast works are graded, and how long the rest will take."""

    graded: int
    left: int
    elapsed_s: float

    def __str__(self) -> str:
        if not self.graded or self.elapsed_s <= 0:
            return ""
        each_s = self.elapsed_s / self.graded
        rate = f"{MINUTE_S / each_s:.1f} a minute"
        return f", {rate}, {_about(each_s * self.left)} left"


def _about(seconds: float) -> str:
    if seconds >= HOUR_S:
        return f"{seconds / HOUR_S:.1f} h"
    return (
        f"{seconds / MINUTE_S:.0f} min" if seconds >= MINUTE_S else f"{seconds:.0f} s"
    )


def show_intake(console: Console, intake: Intake, warning: str = "") -> None:
    """Show what will not be graded, and how unsafely, before anything is."""
    if warning:
        console.print(plain(warning, "bold red"), soft_wrap=True)
    for unmatched in intake.unmatched:
        place = Path(unmatched.place).name
        _line(console, "Belongs to nobody", f"{place}: {unmatched.reason}")
    for refused in intake.refused:
        told = f"{refused.student.key}: {refused.place.name}: {refused.reason}"
        _line(console, "Not graded", told)
    late = [w for w in intake.works if w.marked_late and w.submitted_at is None]
    for work in late:
        told = f"{work.student.key}: Canvas says so, but not how late; see --times"
        _line(console, "Late", told)


@contextmanager
def progress(console: Console, works: int) -> Iterator[Callable[[Event], None]]:
    """Show how far a class is: a bar on a terminal, some lines elsewhere.

    Yields:
        What to call with each event.
    """
    counted: Counter[str] = Counter()
    began = time.monotonic()
    columns = (BarColumn(), TextColumn("{task.description}"))
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("starting", total=works)

        def watch(event: Event) -> None:
            counted[event.state] += 1
            done = sum(counted[state] for state in FINAL)
            elapsed_s = time.monotonic() - began
            pace = str(Pace(counted["graded"], works - done, elapsed_s))
            bar.update(task, completed=done, description=f"{done} of {works}{pace}")
            if event.state in {"ungradable", "lost"}:
                told = f"{event.work.student.key}: {event.reason}"
                _line(console, "Not graded", told)
            elif event.state == "again":
                told = f"{event.work.student.key}: {event.reason}"
                _line(console, "Trying again", told)
            elif not console.is_terminal and done % max(1, works // LINES) == 0:
                console.print(plain(f"{done} of {works}{pace}"))

        yield watch


def show_end(console: Console, counted: Counter[str], gradebook: str) -> None:
    """Show what came of a run."""
    told = [
        f"{counted[state]} {word}" for state, word in WORDS.items() if counted[state]
    ]
    console.print(plain(f"{', '.join(told) or 'There was nothing to grade'}."))
    console.print(plain(f"The gradebook is {gradebook}."), soft_wrap=True)


def show_stop(console: Console, counted: Counter[str]) -> None:
    """Show that a person stopped a run, and that nothing is lost."""
    told = f"Stopped. {number(counted['graded'])} graded and kept; the same command "
    console.print(plain(f"{told}goes on with the others."))


def _line(console: Console, what: str, told: str) -> None:
    text = Text(f"{what}: ", style="bold") + plain(told)
    console.print(text, soft_wrap=True)
