"""Start a step, start over, or catch up: what is laid, and what the progress says."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from grader.catalog import Course, Step
from grader.submission.tree import Tree

from .layers import beginning, catching_up, handed_out, starter
from .laying import Laying, compare, lay, only_missing
from .progress import Progress, StepProgress, read_progress, write_progress
from .workspace import Workspace, require_student_folder


@dataclass(frozen=True, slots=True)
class Started:
    """A step that was laid."""

    step: Step
    laying: Laying
    again: bool
    """Whether it had been started before, so that only missing files were laid."""
    backup: Path | None
    notes: tuple[str, ...]


def start(course: Course, workspace: Workspace, step: Step, now: datetime) -> Started:
    """Lay a step's starter over a workspace, once.

    Raises:
        MisuseError: if an earlier step was never begun, or the folder is the course's.
    """
    require_student_folder(workspace, course)
    progress, note = read_progress(workspace)
    if progress.step(step.slug).started is not None:
        laying = only_missing(workspace, starter(course, step))
        return _lay(workspace, step, (laying, progress, note), now, again=True)
    laying = _compare(course, workspace, beginning(course, step, workspace))
    return _lay(workspace, step, (laying, progress, note), now)


def catch_up(
    course: Course,
    workspace: Workspace,
    step: Step,
    now: datetime,
    solutions: Path | None = None,
) -> Started:
    """Lay right earlier steps and a step's starter over a workspace.

    Raises:
        MisuseError: if the solutions are nowhere, or the folder is the course's.
    """
    require_student_folder(workspace, course)
    progress, note = read_progress(workspace)
    laying = _compare(course, workspace, catching_up(course, step, solutions))
    for before in course.steps[: course.steps.index(step)]:
        known = progress.step(before.slug)
        caught_up = known.model_copy(
            update={"started": known.started or now, "caught_up": True, "stuck": None}
        )
        progress = progress.with_step(before.slug, caught_up)
    return _lay(workspace, step, (laying, progress, note), now)


def plan_reset(course: Course, workspace: Workspace, step: Step) -> Laying:
    """Work out what starting a step over would write.

    Raises:
        MisuseError: if the folder is the course's.
    """
    require_student_folder(workspace, course)
    return _compare(course, workspace, starter(course, step))


def reset(workspace: Workspace, step: Step, laying: Laying, now: datetime) -> Started:
    """Start a step over, as ``plan_reset`` worked out."""
    progress, note = read_progress(workspace)
    cleared = progress.with_step(step.slug, StepProgress(started=now))
    return _lay(workspace, step, (laying, cleared, note), now)


def _compare(course: Course, workspace: Workspace, layer: Tree) -> Laying:
    return compare(workspace, layer, handed_out(course))


def _lay(
    workspace: Workspace,
    step: Step,
    plan: tuple[Laying, Progress, str],
    now: datetime,
    *,
    again: bool = False,
) -> Started:
    laying, progress, note = plan
    backup = lay(workspace, laying, step.slug, now)
    known = progress.step(step.slug)
    begun = known.model_copy(update={"started": known.started or now})
    changed = progress.with_step(step.slug, begun, current=True)
    notes = [note, write_progress(workspace, changed)]
    return Started(step, laying, again, backup, tuple(filter(None, notes)))
