"""Grade one submission: run the suites and make the report."""

import contextlib
import io
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

import pytest

from . import plugin
from .asking.project import Sandbox
from .bench import Opened, sandbox_for
from .catalog import Course, Step
from .errors import GraderError, GraderFault
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

QUIET = (
    *("-p", "no:cacheprovider", "-p", "no:doctest", "-p", "no:unittest"),
    *("-p", "no:junitxml", "-p", "no:pastebin", "-p", "no:logging", "-p", "no:debugging"),
    *("-p", "no:faulthandler", "-p", "no:stepwise", "-p", "no:setuponly"),
    *("-p", "no:threadexception", "-p", "no:unraisableexception", "-p", "no:warnings"),
    *("--disable-plugin-autoload", "--import-mode=importlib", "--assert=plain"),
    *("-p", "grader.plugin", "-q", "--no-header", "--no-summary", "--capture=no"),
    *("-c", "/dev/null"),
)


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
    chosen = [course.step(slug) for slug in options.steps] or list(course.steps)
    chosen.sort(key=course.steps.index)
    sandbox = sandbox_for(course, stage, opened, options.seed)
    own = _run(course, sandbox, chosen, options)
    steps = []
    for step in chosen:
        again = None
        if _is_worth_another_run(course, step, own, chosen):
            again = _run_on_reference(course, stage, opened, step, options)
        steps.append(_step_report(step, own[step.slug], again, options.policy))
    return Report(
        submission=_facts(opened),
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
        warnings=(*warnings, *_absences(stage)),
        duration_s=round(time.monotonic() - started, 3),
    )


def total_of(steps: Sequence[StepReport], name: str) -> float:
    """Sum one number over the steps."""
    return round(sum(float(getattr(step, name)) for step in steps), 2)


def _run(
    course: Course, sandbox: Sandbox, steps: Sequence[Step], options: Options
) -> dict[str, tuple[CheckReport, ...]]:
    """Run the suites of the steps; return their checks in the suites' order."""
    session = plugin.Session(course, sandbox)

    def announce(identity: str) -> None:
        options.on_check(identity, session.expected[identity].facts.title)

    session.on_start = announce
    paths = [str(path) for step in steps for path in step.suites().values()]
    problem = _run_pytest(session, course.folder, paths)
    sandbox.close()
    if set(session.results) != set(session.expected) or not session.expected:
        missing = sorted(set(session.expected) - set(session.results))
        raise GraderFault(
            problem=f"the suites did not run to their end ({problem or missing}).",
            next_step="Run them by hand: pytest CHECKPOINT --submission PATH.",
        )
    found: dict[str, list[CheckReport]] = {step.slug: [] for step in steps}
    for identity, expected in session.expected.items():
        found[expected.step].append(session.results[identity])
    return {slug: tuple(checks) for slug, checks in found.items()}


def _run_pytest(session: plugin.Session, folder: Path, paths: list[str]) -> str:
    """Run pytest in this process; return what it printed if it could not."""

    class Hand:
        """Hand the session to the plugin."""

        @pytest.hookimpl(tryfirst=True)
        def pytest_configure(self, config: pytest.Config) -> None:
            config.stash[plugin.SESSION] = session

    printed = io.StringIO()
    arguments = [*QUIET, "--rootdir", str(folder), "--confcutdir", str(folder), *paths]
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            status = pytest.main(arguments, plugins=[Hand()])
    except GraderError:
        raise
    ran = {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}
    return "" if status in ran else printed.getvalue()[-3_000:]


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
    course: Course, stage: Stage, opened: Opened, step: Step, options: Options
) -> tuple[CheckReport, ...] | None:
    """Grade one step on right earlier steps; None where that cannot be laid."""
    layers = reference_layers(course, opened, course.steps.index(step))
    if layers is None:
        return None
    sandbox = sandbox_for(course, stage, opened, options.seed, layers)
    return _run(course, sandbox, [step], options)[step.slug]


def reference_layers(course: Course, opened: Opened, upto: int) -> Tree | None:
    """Lay right earlier steps under a submission's own later files.

    Returns:
        None where a file of the submission belongs to both an earlier step and a later
        one, so that they cannot be told apart.
    """
    before = [role for step in course.steps[:upto] for role in step.own]
    after = [role for step in course.steps[upto:] for role in step.own]
    layout = opened.layout
    replaced = _places(layout, set(before) - set(after))
    kept = _places(layout, set(after))
    if replaced & kept:
        return None
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


def _facts(opened: Opened) -> SubmissionFacts:
    submission, layout = opened.submission, opened.layout
    return SubmissionFacts(
        name=submission.name,
        digest=submission.tree.digest,
        kind=submission.kind,
        layout=layout.name,
        root=layout.root,
        found=dict(layout.paths),
        missing=layout.missing,
        notes=(*submission.notes, *layout.notes),
    )


def _absences(stage: Stage) -> list[str]:
    return [
        f"{name} is not installed in this Python: {why}"
        for name, why in stage.absent.items()
    ]
