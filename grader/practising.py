"""Grade the notebooks of a submission, beside the points of its steps.

A notebook that is as it came costs nothing: whether a cell has an answer is seen from
its text. Only answers start a kernel.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from .asking.notebook import HandedIn
from .asking.project import Sandbox
from .bench import hand_in
from .catalog import Course, Practice
from .report import CheckReport, StepReport
from .scoring import total, worth
from .submission.notebook import ENDING
from .suites import run_suites

UNTOUCHED = "The notebooks are as they came, so none was graded."
NOT_RUN = (
    "The notebooks were not graded: this Python cannot run them ({why}). "
    "Install the extra: uv sync --extra notebooks."
)


@dataclass(frozen=True, slots=True)
class Practised:
    """What came of a submission's notebooks."""

    reports: tuple[StepReport, ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def grade_notebooks(
    course: Course,
    sandbox: Sandbox,
    chosen: Sequence[Practice],
    on_check: Callable[[str, str], None],
    patience_s: float,
) -> Practised:
    """Grade the chosen notebooks if the submission has an answer in any of them."""
    if course.notebooks is None or not chosen:
        return Practised()
    if not any(path.endswith(ENDING) for path in sandbox.tree.files):
        return Practised()
    found = [hand_in(course.notebooks, sandbox, each) for each in chosen]
    if all(notebook.problem for notebook in found):
        there = any(notebook.path for notebook in found)
        return Practised(notes=(UNTOUCHED,) if there else ())
    absent = sandbox.stage.prepare(course.notebooks.libraries)
    if absent:
        why = next(iter(absent.values()))
        return Practised(warnings=(NOT_RUN.format(why=why),))
    checks = run_suites(course, sandbox, chosen, on_check, patience_s)
    return Practised(
        reports=tuple(_report(each, checks) for each in chosen),
        notes=tuple(_notes(found)),
    )


def _report(
    practice: Practice, checks: Mapping[str, tuple[CheckReport, ...]]
) -> StepReport:
    own = checks[practice.slug]
    return StepReport(
        slug=practice.slug,
        title=practice.title,
        criterion=practice.criterion,
        score=total(own),
        max_score=worth(own),
        own=total(own),
        checks=own,
    )


def _notes(found: Iterable[HandedIn]) -> Iterable[str]:
    for notebook in found:
        notes = notebook.rebuilt.notes if notebook.rebuilt else ()
        yield from (f"{notebook.path}: {note}." for note in notes)
