"""Watch a workspace: check again what a saved file can affect.

Files are polled, as their times and sizes: a workspace is small, and mounted drives
tell nobody what changes on them.
"""

import os
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from grader.catalog import Course, Step
from grader.errors import MisuseError
from grader.submission.names import is_beneath, is_junk, private_reason
from grader.verifying.settings import StepSettings, is_at, read_step_settings

from . import session, starting
from .checked import Checked
from .progress import Progress, read_progress
from .workspace import Workspace

POLL_S = 0.25
MOST_FILES = 5_000

Snapshot = Mapping[str, tuple[int, int]]


def snapshot(folder: Path, leave_out: Collection[str]) -> Snapshot:
    """Map the files that are graded to their times and sizes."""
    found: dict[str, tuple[int, int]] = {}
    for here, folders, files in os.walk(folder):
        inside = Path(os.path.relpath(here, folder)).as_posix()
        start = "" if inside == "." else f"{inside}/"
        folders[:] = [f for f in folders if _is_watched(f"{start}{f}", leave_out)]
        for path in (f"{start}{name}" for name in files):
            if _is_watched(path, leave_out) and len(found) < MOST_FILES:
                found.update(_facts(folder, path))
    return found


def _is_watched(path: str, leave_out: Collection[str]) -> bool:
    junk = is_junk(path) or private_reason(path) is not None
    return not junk and not is_beneath(path, leave_out)


def _facts(folder: Path, path: str) -> Iterator[tuple[str, tuple[int, int]]]:
    try:
        facts = (folder / path).stat()
    except OSError:
        return
    yield path, (facts.st_mtime_ns, facts.st_size)


def differences(before: Snapshot, after: Snapshot) -> set[str]:
    """Return the paths that were made, changed or removed."""
    every = {*before, *after}
    return {path for path in every if before.get(path) != after.get(path)}


def affected(
    paths: Collection[str],
    settings: Mapping[str, StepSettings],
    found: Mapping[str, str],
    *,
    inputs_decide: bool,
) -> set[str]:
    """Return the steps that changed files can affect.

    Args:
        paths: The changed files.
        settings: What decides each step.
        found: Role to the place of its files.
        inputs_decide: Whether a step's inputs are all that it depends on.
    """
    return {
        slug
        for slug, step in settings.items()
        if any(
            (not step.inputs or not inputs_decide or _is_one(path, step.inputs, found))
            and not _is_one(path, step.ignores, found)
            for path in paths
        )
    }


def _is_one(path: str, names: Collection[str], found: Mapping[str, str]) -> bool:
    return is_at(path, (found.get(name, name) for name in names))


class Screen(Protocol):
    """Where the watching is seen."""

    def checked(self, result: session.Result, fresh: Collection[str]) -> None:
        """Show checked steps; ``fresh`` have just become green."""

    def hint(self, step: Step, told: session.Told | None) -> None:
        """Show a hint."""

    def begun(self, started: starting.Started) -> None:
        """Show a step that was started."""

    def trouble(self, error: MisuseError) -> None:
        """Show what could not be done."""

    def finished(self) -> None:
        """Show that all is done."""


@dataclass
class Watcher:
    """Check, wait for a change or a key, and check again."""

    course: Course
    workspace: Workspace
    check: Callable[[Sequence[str]], Checked]
    screen: Screen
    key: Callable[[], str]
    now: Callable[[], datetime]
    sleep: Callable[[float], None] = time.sleep
    seen: Snapshot = field(default_factory=dict)
    found: Mapping[str, str] = field(default_factory=dict)

    def run(self) -> None:
        """Watch until the key to quit, or until all is done."""
        self.seen = self._look()
        self._check(self._begun())
        while not self._is_done():
            key = self.key()
            if key == "q":
                return
            self._act(key)
            after = self._look()
            if after != self.seen:
                self._check(self._affected(self._settled(after)))
            else:
                self.sleep(POLL_S)
        self.screen.finished()

    def next_step(self) -> Step | None:
        """Return the first step that was not begun yet."""
        begun = self._begun()
        return next((step for step in self.course.steps if step not in begun), None)

    def _look(self) -> Snapshot:
        return snapshot(self.workspace.folder, self.course.leave_out)

    def _settled(self, after: Snapshot) -> set[str]:
        """Wait until nothing changes any more; return what has changed."""
        before = self.seen
        while after != self.seen:
            self.seen = after
            self.sleep(POLL_S)
            after = self._look()
        return differences(before, after)

    def _affected(self, paths: set[str]) -> list[Step]:
        settings = {s.slug: read_step_settings(s) for s in self.course.steps}
        inputs_decide = not self.course.visible_only
        slugs = affected(paths, settings, self.found, inputs_decide=inputs_decide)
        return [step for step in self._begun() if step.slug in slugs]

    def _begun(self) -> list[Step]:
        progress = self._progress()
        steps = self.course.steps
        return [s for s in steps if progress.step(s.slug).started] or list(steps)

    def _progress(self) -> Progress:
        return read_progress(self.workspace)[0]

    def _check(self, steps: Sequence[Step]) -> None:
        if not steps:
            return
        before = self._progress()
        try:
            result = session.check_steps(self.workspace, steps, self.check, self.now)
        except MisuseError as error:
            self.screen.trouble(error)
            return
        self.found = result.checked.found
        fresh = {
            step.slug
            for step in steps
            if result.progress.step(step.slug).is_green
            and not before.step(step.slug).is_green
        }
        self.screen.checked(result, fresh)

    def _act(self, key: str) -> None:
        if key == "h":
            self._hint()
        elif key == "a":
            self._check(self.course.steps)
        elif key == "n" and (step := self.next_step()) is not None:
            try:
                started = starting.start(self.course, self.workspace, step, self.now())
            except MisuseError as error:
                self.screen.trouble(error)
                return
            self.screen.begun(started)
            self.seen = self._look()
            self._check([step])

    def _hint(self) -> None:
        progress = self._progress()
        stuck = [s for s in self._begun() if progress.step(s.slug).stuck]
        for step in stuck[:1] or self.course.steps[:1]:
            told = session.next_hint(self.course, self.workspace, step, self.now())
            self.screen.hint(step, told)

    def _is_done(self) -> bool:
        """Say whether every step is green, after checking all of them once more."""
        if not self._are_green():
            return False
        self._check(self.course.steps)
        return self._are_green()

    def _are_green(self) -> bool:
        progress = self._progress()
        return all(progress.step(step.slug).is_green for step in self.course.steps)
