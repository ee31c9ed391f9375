"""Grade one submission: what runs, on which files, and what its report says."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import metadata

from .bench import Opened, sandbox_for
from .catalog import Course, Step
from .plugin import PATIENCE_S
from .practising import grade_notebooks
from .report import (
    CheckReport,
    GraderFacts,
    Outcome,
    Report,
    StepReport,
    SubmissionFacts,
)
from .sandbox.stage import Stage
from .scoring import Policy, counted, criteria, total, worth
from .submission.layout import Layout
from .submission.relocation import relocate
from .submission.tree import Tree
from .suites import run_suites


@dataclass(frozen=True, slots=True)
class Options:
    """How to grade."""

    steps: tuple[str, ...] = ()
    """The slugs to grade; all of them if empty."""
    seed: int = 0
    policy: Policy = "carry"
    on_check: Callable[[str, str], None] = field(default=lambda _check, _title: None)
    """Called with the id and title of each check as it begins."""


def grade(
    course: Course,
    stage: Stage,
    opened: Opened,
    options: Options,
    warnings: Sequence[str] = (),
) -> Report:
    """Grade an opened submission on a running stage."""
    started = time.monotonic()
    wanted = {course.step(slug).slug for slug in options.steps}
    chosen = [step for step in course.steps if step.slug in wanted or not wanted]
    sandbox = sandbox_for(course, stage, opened, options.seed)
    own = run_suites(course, sandbox, chosen, options.on_check) if chosen else {}
    steps = []
    for step in chosen:
        again = None
        if _is_worth_another_run(course, step, own, chosen):
            left_s = started + PATIENCE_S - time.monotonic()
            again = _run_on_reference((course, stage, opened), step, options, left_s)
        steps.append(_step_report(step, own[step.slug], again, options.policy))
    practised = grade_notebooks(
        course,
        sandbox,
        [p for p in course.practice if {p.slug, p.step} & wanted or not wanted],
        options.on_check,
        started + PATIENCE_S - time.monotonic(),
    )
    return Report(
        submission=_facts(opened, practised.notes),
        grader=GraderFacts(
            version=metadata.version("movie-service-lab"),
            checkpoints_digest=course.digest,
            sandbox=stage.engine.name,
            seed=options.seed,
            policy=options.policy,
            packages=stage.versions,
        ),
        score=total_of(steps, "score"),
        max_score=total_of(steps, "max_score"),
        bonus=total_of(steps, "bonus"),
        criteria=criteria(steps, course.criteria, options.policy),
        steps=tuple(steps),
        practice=practised.reports,
        warnings=(*warnings, *_absences(stage), *practised.warnings),
        duration_s=round(time.monotonic() - started, 3),
    )


def total_of(steps: Sequence[StepReport], name: str) -> float:
    """Sum one number over the steps."""
    return round(sum(float(getattr(step, name)) for step in steps), 2)


def _is_worth_another_run(
    course: Course,
    step: Step,
    own: dict[str, tuple[CheckReport, ...]],
    chosen: Sequence[Step],
) -> bool:
    """Say whether a step fell short while an earlier one may be to blame."""
    if course.baseline is None or step.slug not in course.solutions:
        return False
    falls_short = any(check.outcome is not Outcome.PASSED for check in own[step.slug])
    earlier = course.steps[: course.steps.index(step)]
    unknown = any(before not in chosen for before in earlier)
    wrong = any(
        check.outcome is not Outcome.PASSED
        for before in earlier
        for check in own.get(before.slug, ())
        if not check.bonus
    )
    return falls_short and (unknown or wrong)


def _run_on_reference(
    graded: tuple[Course, Stage, Opened], step: Step, options: Options, left_s: float
) -> tuple[CheckReport, ...] | None:
    """Grade one step on right earlier steps; None where that cannot be laid."""
    course, stage, opened = graded
    layers = reference_layers(course, opened, step)
    if layers is None:
        return None
    sandbox = sandbox_for(course, stage, opened, options.seed, layers)
    return run_suites(course, sandbox, [step], options.on_check, left_s)[step.slug]


def reference_layers(course: Course, opened: Opened, step: Step) -> Tree | None:
    """Lay right earlier steps under a submission's own files of one step.

    A role that belongs to an earlier step too stays the submission's own.

    Returns:
        None where one file plays a role of the step and one of an earlier step, so that
        they cannot be told apart.
    """
    upto = course.steps.index(step)
    earlier = {role for before in course.steps[:upto] for role in before.own}
    replaced = _places(opened.layout, earlier - set(step.own))
    if replaced & _places(opened.layout, set(step.own)):
        return None
    layout = opened.layout
    reference = relocate(course.reference(upto), course.roles, layout)
    ours = Tree(
        {
            path: content
            for path, content in reference.files.items()
            if path not in opened.tree.files or _lies_in(path, replaced)
        }
    )
    return opened.tree.without(*replaced).overlay(ours)


def _places(layout: Layout, roles: set[str]) -> set[str]:
    found = (layout.locate(role) for role in sorted(roles))
    return {place for place in found if place is not None}


def _lies_in(path: str, places: set[str]) -> bool:
    return any(
        path == place or (place.endswith("/") and path.startswith(place))
        for place in places
    )


def _step_report(
    step: Step,
    own: tuple[CheckReport, ...],
    again: tuple[CheckReport, ...] | None,
    policy: Policy,
) -> StepReport:
    better = again is not None and policy == "carry" and total(again) > total(own)
    shown = again if better and again is not None else own
    return StepReport(
        slug=step.slug,
        title=step.title,
        criterion=step.criterion,
        score=counted(total(own), None if again is None else total(again), policy),
        max_score=worth(own),
        bonus=total(shown, bonus=True),
        own=total(own),
        on_reference=None if again is None else total(again),
        checks=own,
        reference_checks=again or (),
    )


def _facts(opened: Opened, notes: Sequence[str]) -> SubmissionFacts:
    submission, layout = opened.submission, opened.layout
    return SubmissionFacts(
        name=submission.name,
        digest=submission.tree.digest,
        kind=submission.kind,
        layout=layout.name,
        root=layout.root,
        found=dict(layout.paths),
        missing=layout.missing,
        notes=(*submission.notes, *layout.notes, *notes),
    )


def _absences(stage: Stage) -> list[str]:
    return [
        f"{name} is not installed in this Python: {why}"
        for name, why in stage.absent.items()
    ]
