"""A clinic plan puts each of the course's wrong services with its own mistake.

The reports are built from what each variant claims, which ``grader verify`` proves.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest

from grader.catalog import Course
from grader.clinics.guide import DEFAULT_QUESTION, Guide
from grader.clinics.planning import Plan, plan
from grader.disclosure import Disclosure
from grader.plugin import Expected
from grader.report import CheckReport, Outcome, Report, StepReport
from grader.scoring import criteria, points, total, worth
from grader.verifying.collecting import collect
from grader.verifying.variants import Variant, read_variants
from tests.class_fakes import RIGHT, standing

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def course() -> Course:
    """Read the real course."""
    return Course.read(ROOT / "checkpoints")


@pytest.fixture(scope="module")
def rejects(course: Course) -> list[Variant]:
    """Read its wrong services."""
    return [variant for variant in read_variants(course) if variant.kind == "rejects"]


@pytest.fixture(scope="module")
def reports(course: Course, rejects: list[Variant]) -> dict[str, Report]:
    """Build the report that each of them claims to have."""
    checks = collect(course)
    return {variant.label: claimed(variant, course, checks) for variant in rejects}


def claimed(variant: Variant, course: Course, checks: Mapping[str, Expected]) -> Report:
    """Fail what the variant says it fails, and skip what comes after that."""
    found: dict[str, CheckReport] = {}
    for identity, check in checks.items():
        missed = [n for n in check.needs() if not has_passed(found[n])]
        fails = identity in variant.fails
        outcome = Outcome.SKIPPED if missed else Outcome.PASSED
        outcome = Outcome.FAILED if fails and not missed else outcome
        found[identity] = CheckReport(
            id=identity,
            title=check.facts.title,
            visibility="hidden" if check.visibility == "hidden" else "visible",
            outcome=outcome,
            points=points(outcome, check.facts.points),
            max_points=check.facts.points,
            core=check.facts.core,
            bonus=check.facts.bonus,
            pitfall=variant.pitfall if outcome is Outcome.FAILED else None,
            because=tuple(missed),
            duration_s=0.0,
        )
    steps = tuple(
        StepReport(
            slug=step.slug,
            title=step.title,
            criterion=step.criterion,
            score=total(own),
            max_score=worth(own),
            own=total(own),
            checks=own,
        )
        for step in course.steps
        if (own := tuple(c for i, c in found.items() if checks[i].step == step.slug))
    )
    met = criteria(steps, course.criteria, "carry")
    return RIGHT.model_copy(update={"steps": steps, "criteria": met})


def has_passed(check: CheckReport) -> bool:
    """Say whether a check passed."""
    return check.outcome is Outcome.PASSED


def planned(course: Course, reports: Mapping[str, Report], *, everyone: bool) -> Plan:
    """Plan clinics for a class of wrong services."""
    return plan(
        [standing(label, report) for label, report in reports.items()],
        course,
        size=6,
        disclose=lambda _: Disclosure.TITLES,
        everyone=everyone,
    )


def test_each_reject_sits_with_its_own_mistake(
    course: Course, rejects: list[Variant], reports: dict[str, Report]
) -> None:
    """With that one alone, though it drags many checks down."""
    made = planned(course, reports, everyone=True)

    seats: dict[str, set[str]] = {label: set() for label in reports}
    for group in made.groups:
        for member in group.members:
            seats[member.student.key].add(group.cause)
    assert seats == {variant.label: {variant.pitfall} for variant in rejects}
    assert [*made.ungraded, *made.points_only, *made.fine] == []


def test_without_everyone_only_a_missed_criterion_is_seated(
    course: Course, rejects: list[Variant], reports: dict[str, Report]
) -> None:
    """Whoever lost points alone is listed with the mistake; stretch work is not."""
    made = planned(course, reports, everyone=False)

    seated = {m.student.key for group in made.groups for m in group.members}
    listed = {student.key: causes for student, causes in made.points_only}
    fine = {student.key for student in made.fine}
    for variant in rejects:
        report = reports[variant.label]
        lost = False in report.criteria.values()
        points_lost = any(step.score < step.max_score for step in report.steps)
        assert (variant.label in seated) == lost
        if not lost:
            assert (variant.label in fine) == (not points_lost)
            causes = listed.get(variant.label, ())
            assert causes == ((variant.pitfall,) if points_lost else ())


def test_each_group_has_a_question_and_a_notebook_of_its_own(
    course: Course, reports: dict[str, Report]
) -> None:
    """Every mistake of the course has been thought about."""
    guide = Guide.read(course.folder)

    groups = planned(course, reports, everyone=True).groups

    asked = {group.cause: guide.question(group.cause) for group in groups}
    assert [cause for cause, text in asked.items() if text == DEFAULT_QUESTION] == []
    assert {group.criterion for group in groups} <= set(guide.notebooks)
