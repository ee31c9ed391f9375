"""Rebuild a student's workspace at the step that fails, for a clinic; pure."""

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.bench import Opened
from grader.catalog import Course, Step
from grader.errors import MisuseError
from grader.gradebook.standing import Attempt, Standing
from grader.grading import reference_layers
from grader.plugin import Expected
from grader.report import Outcome, Report
from grader.safe_names import safe_names
from grader.submission.tree import Tree

from .guide import Guide
from .markdown import code, text
from .needs import Need, needs, needs_at

WORK = "work"
NOTES = "CLINIC.md"


@dataclass(frozen=True, slots=True)
class Case:
    """What is opened: a student's attempt at the step of one need."""

    standing: Standing
    attempt: Attempt
    step: Step
    need: Need
    others: tuple[Need, ...]
    """What else stands in the way, for later."""

    @property
    def folder(self) -> Path:
        """Give the folder that a workspace has if nobody names one."""
        name = safe_names([self.standing.student.key])[0]
        return Path("clinic") / f"{name}-{self.step.slug}"


def find_case(standing: Standing, course: Course, step: str | None) -> Case:
    """Find the first step that fails, or what fails in a certain one.

    Raises:
        MisuseError: if there is no report, or nothing fails there.
    """
    key, attempt = standing.student.key, standing.counted
    if attempt is None:
        raise MisuseError(
            problem=f"{key} has no report: {standing.state}.",
            next_step="Grade the work first, by `grader class`.",
        )
    report = attempt.report
    lost = [name for name, met in standing.criteria.items() if met is False]
    found = needs(report, course, lost)
    found = found or needs(report, course, lost, everything=True, bonus=True)
    if step is not None:
        found = needs_at(report, course, course.step(step).slug)
    if not found:
        raise MisuseError(
            problem=f"{key} has nothing to repair{f' in {step}' if step else ''}.",
            next_step="Name another --step, or see `grader gradebook`.",
        )
    need, *others = found
    return Case(standing, attempt, course.step(need.step), need, tuple(others))


def rebuild(case: Case, course: Course, opened: Opened) -> tuple[Tree, str]:
    """Give the files at the step, and where they are from.

    They are the student's own; where the student's earlier steps do not pass, the
    course's are laid in their place.
    """
    own = "All files are the student's own."
    if not _is_wrong_before(course, case.step, case.attempt.report):
        return opened.tree, own
    layers = reference_layers(course, opened, case.step)
    if layers is None:
        return opened.tree, f"{own} The earlier steps do not pass either."
    return layers, (
        f"The files of {case.step.slug} are the student's own. The earlier steps do "
        "not pass, so the course's are laid in their place."
    )


def _is_wrong_before(course: Course, step: Step, report: Report) -> bool:
    earlier = {each.slug for each in course.steps[: course.steps.index(step)]}
    return any(
        check.outcome is not Outcome.PASSED and not check.bonus
        for graded in report.steps
        if graded.slug in earlier
        for check in graded.checks
    )


def twin(need: Need, checks: Mapping[str, Expected]) -> Expected | None:
    """Give the visible check that is nearest to a failed one; itself if it is visible.

    Nearest is the first of its own step that it comes after, directly or not; else the
    step's last visible one.
    """
    seen, waiting = set(), [need.check.id]
    while waiting:
        check = checks.get(waiting.pop(0))
        if check is None or check.id in seen or check.step != need.step:
            continue
        if check.visibility == "visible":
            return check
        seen.add(check.id)
        waiting += check.needs()
    of_step = [check for check in checks.values() if check.step == need.step]
    return next((c for c in reversed(of_step) if c.visibility == "visible"), None)


def commands(
    case: Case, course: Course, checks: Mapping[str, Expected], work: Path
) -> dict[str, str]:
    """Write what to run: the visible twin, and the failed check where it is hidden."""
    found = {}
    near = twin(case.need, checks)
    failed = checks.get(case.need.check.id)
    if near is not None:
        found[f"With the student: {near.facts.title}"] = near
    if failed is not None and failed != near:
        found[f"For you alone, a hidden check: {failed.facts.title}"] = failed
    seed = case.attempt.report.grader.seed
    return {told: _command(course, c, work, seed) for told, c in found.items()}


def _command(course: Course, check: Expected, work: Path, seed: int) -> str:
    suite = course.step(check.step).suites()[check.visibility]
    node = f"{_from_here(suite)}::test_{check.id.partition('.')[2]}"
    given = ["--submission", str(work), "--seed", str(seed)]
    return shlex.join(["uv", "run", "pytest", "--tb=short", node, *given])


def _from_here(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def workspace(
    case: Case,
    course: Course,
    guide: Guide,
    files: tuple[Tree, str],
    to_run: Mapping[str, str],
) -> dict[str, bytes]:
    """Give the files of a workspace, and the notes of the assistant beside them.

    No check is among them: the commands run the course's own.
    """
    tree, source = files
    notes = "\n".join(_notes(case, course, guide, source, to_run)) + "\n"
    work = {f"{WORK}/{path}": content for path, content in tree.files.items()}
    return {NOTES: notes.encode("utf-8"), **work}


def _notes(
    case: Case, course: Course, guide: Guide, source: str, to_run: Mapping[str, str]
) -> Iterator[str]:
    need, student = case.need, case.standing.student
    pitfall = course.pitfalls.get(need.pitfall)
    about = pitfall.diagnosis if pitfall else need.check.title
    yield f"# {text(student.name or student.key)}: {text(about)}"
    criterion = text(need.criterion)
    yield f"\nStep `{case.step.slug}`, criterion {criterion}, `{need.cause}`."
    yield f"For the teaching assistant; the student gets `{WORK}/` alone. {source}"
    if need.check.message:
        yield f"\n## Seen\n\n{text(need.check.message)}"
    if pitfall:
        yield f"\n## Shortest reproduction\n\n{pitfall.see}"
    yield f"\n## Ask first\n\n> {guide.question(need.pitfall)}"
    yield "\n## Run"
    for told, command in to_run.items():
        yield f"\n{text(told)}\n\n```sh\n{command}\n```"
    if case.others:
        rest = ", ".join(f"{code(n.cause)} ({n.step})" for n in case.others)
        yield f"\n## Later\n\n{rest}"
