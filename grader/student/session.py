"""Check a workspace and keep what came of it in the progress."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from grader.catalog import Course, Step
from grader.report import Outcome

from .checked import Checked
from .hints import Rung, ask, earned, ladder
from .progress import Progress, Stuck, after_check, read_progress, write_progress
from .readme import shown_readme
from .workspace import Workspace, choose_step


@dataclass(frozen=True, slots=True)
class Told:
    """The rungs that a student sees of a ladder, and how many there are."""

    stuck: Stuck
    rungs: tuple[Rung, ...]
    all_rungs: int


@dataclass(frozen=True, slots=True)
class Result:
    """What came of checking some steps."""

    checked: Checked
    steps: tuple[Step, ...]
    progress: Progress
    notes: tuple[str, ...]

    @property
    def is_short(self) -> bool:
        """Say whether a check that counts did not pass."""
        return any(
            check.outcome is not Outcome.PASSED and not check.bonus
            for checks in self.checked.steps.values()
            for check in checks
        )

    @property
    def is_broken(self) -> bool:
        """Say whether a check broke, which is our fault."""
        return any(
            check.outcome is Outcome.BROKEN
            for checks in self.checked.steps.values()
            for check in checks
        )


def steps_to_check(
    course: Course, workspace: Workspace, name: str | None, *, everything: bool
) -> tuple[Step, ...]:
    """Return the step that was named, else the current one, else all.

    Raises:
        MisuseError: if there is no such step.
    """
    if name is not None:
        return (choose_step(course, name),)
    progress, _ = read_progress(workspace)
    known = [step for step in course.steps if step.slug == progress.current]
    return course.steps if everything or not known else tuple(known)


def check_steps(
    workspace: Workspace,
    steps: Sequence[Step],
    check: Callable[[Sequence[str]], Checked],
    now: Callable[[], datetime],
) -> Result:
    """Check the steps and keep how far each is."""
    checked = check([step.slug for step in steps])
    progress, note = read_progress(workspace)
    for step in steps:
        after = after_check(
            progress.step(step.slug), checked.steps[step.slug], checked.digest, now()
        )
        progress = progress.with_step(step.slug, after)
    notes = filter(None, [note, write_progress(workspace, progress)])
    return Result(checked, tuple(steps), progress, tuple(notes))


def told(course: Course, step: Step, stuck: Stuck, now: datetime) -> Told:
    """Give the rungs that a student sees by now."""
    rungs = ladder(stuck, course.pitfalls, shown_readme(course, step))
    return Told(stuck, rungs[: earned(stuck, now)], len(rungs))


def next_hint(
    course: Course, workspace: Workspace, step: Step, now: datetime
) -> Told | None:
    """Ask for the next rung of a step's ladder; None where nothing is stuck."""
    progress, _ = read_progress(workspace)
    known = progress.step(step.slug)
    if known.stuck is None:
        return None
    rungs = ladder(known.stuck, course.pitfalls, shown_readme(course, step))
    asked = ask(known.stuck, len(rungs), now)
    kept = known.model_copy(update={"stuck": asked})
    write_progress(workspace, progress.with_step(step.slug, kept))
    return told(course, step, asked, now)
