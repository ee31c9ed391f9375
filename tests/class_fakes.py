"""A class as values, for tests that need no database and grade nothing."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader.catalog import Course, Pitfall, Step
from grader.gradebook.standing import Attempt, Standing, Student
from grader.report import (
    CheckReport,
    GraderFacts,
    Outcome,
    Report,
    StepReport,
    SubmissionFacts,
)
from grader.scoring import counted, criteria, points, total, worth

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
# What breaks writers and readers: commas, quotes, a script from right to left, one
# accent in both normal forms, formulas, markup.
NAMES = (
    "Lovelace, Ada",
    'Grace "Amazing" Hopper',
    "דנה כהן",
    "Andr\u00e9",
    "Andre\u0301",
    '=HYPERLINK("http://evil","x")',
    "+1-800",
    "<script>alert(1)</script>",
    "O'Neil; DROP",
)


def pitfall(slug: str, criterion: str = "crud") -> Pitfall:
    """Name a mistake whose texts say which they are."""
    return Pitfall(
        slug=slug,
        diagnosis=f"diagnosis of {slug}",
        why=f"why of {slug}",
        see=f"see `{slug}`",
        way_out=f"way out of {slug}",
        handout="Part B",
        criterion=criterion,
    )


COURSE = Course(
    folder=Path("checkpoints"),
    steps=(
        Step("models", Path("02_models"), "Describe the tables", 10, "schema"),
        Step("store", Path("04_store"), "Serve from the database", 10, "crud"),
    ),
    criteria=("schema", "crud"),
    roles=(),
    pitfalls={
        each.slug: each
        for each in (
            pitfall("no-commit"),
            pitfall("no-order"),
            pitfall("no-table", "schema"),
        )
    },
)


def check(identity: str, outcome: str = "passed", **facts: Any) -> CheckReport:
    """Report one check of two points."""
    worth_points = facts.pop("worth", 2.0)
    plain: dict[str, Any] = {
        "id": identity,
        "title": f"title of {identity}",
        "visibility": "visible",
        "outcome": outcome,
        "points": points(Outcome(outcome), worth_points),
        "max_points": worth_points,
        "core": True,
        "duration_s": 0.25,
    }
    return CheckReport(**plain | facts)


def step(
    slug: str, *checks: CheckReport, again: tuple[CheckReport, ...] = ()
) -> StepReport:
    """Report one step of the course above."""
    of_course = COURSE.step(slug)
    other = total(again) if again else None
    return StepReport(
        slug=slug,
        title=of_course.title,
        criterion=of_course.criterion,
        score=counted(total(checks), other, "carry"),
        max_score=worth(checks),
        bonus=total(checks, bonus=True),
        own=total(checks),
        on_reference=other,
        checks=checks,
        reference_checks=again,
    )


def report(*steps: StepReport) -> Report:
    """Report a submission."""
    return Report(
        submission=SubmissionFacts(
            name="work",
            digest="sha256:0",
            kind="folder",
            layout="repository",
            root="",
            found={},
            missing=(),
            notes=(),
        ),
        grader=GraderFacts(
            version="0.1.0",
            checkpoints_digest="sha256:0",
            sandbox="bubblewrap",
            seed=7,
            policy="carry",
            packages={},
        ),
        score=sum(each.score for each in steps),
        max_score=sum(each.max_score for each in steps),
        bonus=sum(each.bonus for each in steps),
        criteria=criteria(steps, COURSE.criteria, "carry"),
        steps=steps,
        duration_s=3.2,
    )


RIGHT = report(step("models", check("models.one")), step("store", check("store.one")))


def student(key: str = "ada", **facts: Any) -> Student:
    """Give somebody of the roster."""
    plain: dict[str, Any] = {
        "key": key,
        "name": f"Name {key}",
        "email": f"{key}@example.org",
        "login": key,
    }
    return Student(**plain | facts)


def standing(
    who: Student | str = "ada", of: Report | None = RIGHT, **facts: Any
) -> Standing:
    """Give where a student stands whose one attempt gave this report."""
    someone = student(who) if isinstance(who, str) else who
    if of is None:
        state = facts.pop("state", "nothing was handed in")
        return Standing(someone, state=state, **facts)
    attempt = Attempt(1, of, graded_at=NOON, submitted_at=NOON, place="work")
    plain: dict[str, Any] = {
        "attempts": (attempt,),
        "counted": attempt,
        "score": of.score,
        "max_score": of.max_score,
        "automatic": of.score,
        "bonus": of.bonus,
        "criteria": of.criteria,
    }
    return Standing(someone, **plain | facts)
