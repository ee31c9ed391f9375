"""Show a student who watches what came of each save."""

from collections.abc import Collection
from datetime import datetime

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from .catalog import Course, Step
from .errors import MisuseError
from .student import session
from .student.layers import todos
from .student.progress import read_progress
from .student.readme import first_paragraph, shown_readme
from .student.starting import Started
from .student.workspace import Workspace
from .student_terminal import show_hint, show_result, show_started
from .terminal import plain, show_error

QUICK_WIN = "Quick win"
KEYS = (("h", "hint"), ("n", "next step"), ("a", "check all"), ("q", "quit"))


class WatchScreen:
    """A terminal that scrolls: each run under a line with its time."""

    def __init__(
        self,
        console: Console,
        course: Course,
        workspace: Workspace,
        now: datetime | None = None,
    ) -> None:
        self._console = console
        self._course = course
        self._workspace = workspace
        self._now = now

    def checked(self, result: session.Result, fresh: Collection[str]) -> None:
        """Show checked steps; ``fresh`` have just become green."""
        now = self._moment()
        self._console.print(Rule(f"{now:%H:%M:%S}", style="dim"))
        told = {
            step.slug: session.told(self._course, step, stuck, now)
            for step in result.steps
            if (stuck := result.progress.step(step.slug).stuck) is not None
        }
        steps = [step for step in result.steps if step.slug in fresh]
        wins = {s.slug: first_paragraph(self._course, s, QUICK_WIN) for s in steps}
        left = {s.slug: todos(self._course, s, self._workspace) for s in result.steps}
        show_result(self._console, result, told, wins, left)
        if fresh:
            self._show_next()
        self._show_keys()

    def hint(self, step: Step, told: session.Told | None) -> None:
        """Show a hint."""
        if told is None:
            self._console.print(plain("Nothing is stuck.", "green"))
        else:
            show_hint(self._console, step, told)

    def begun(self, started: Started) -> None:
        """Show a step that was started."""
        readme = shown_readme(self._course, started.step)
        show_started(self._console, self._course, started, readme)

    def trouble(self, error: MisuseError) -> None:
        """Show what could not be done."""
        show_error(self._console, "Error:", error.problem, error.next_step)
        self._show_keys()

    def finished(self) -> None:
        """Show that all is done."""
        told = "All steps are green, checked once more. Hand in: grader submit"
        self._console.print(plain(told, "bold green"))

    def _show_next(self) -> None:
        progress, _ = read_progress(self._workspace)
        later = (s for s in self._course.steps if not progress.step(s.slug).started)
        step = next(later, None)
        if step is not None:
            line = Text("Next: ", style="bold") + plain(f"{step.slug}, {step.title}")
            self._console.print(line + Text("  (press n)", style="dim"))

    def _show_keys(self) -> None:
        shown = "   ".join(f"{key} {what}" for key, what in KEYS)
        self._console.print(plain(f"Waiting for a saved file.   {shown}", "dim"))

    def _moment(self) -> datetime:
        return self._now or datetime.now().astimezone()
