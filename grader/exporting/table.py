"""``csv``: one row a student, for people, spreadsheets and programs of your own."""

from collections.abc import Iterator, Sequence

from grader.gradebook.standing import Standing

from .cells import harmless, number, to_csv
from .exported import Exported, Settings

IDENTITY = ("key", "name", "email", "login", "section")
GRADE = ("score", "max_score", "automatic", "bonus", "late", "adjusted", "state")


def export(standings: Sequence[Standing], settings: Settings) -> Exported:
    """Write one row a student, also of those who were not graded."""
    course = settings.course
    steps = [step.slug for step in course.steps]
    header = [
        *IDENTITY,
        *GRADE,
        *("submitted_at", "pitfalls", "reasons"),
        *(f"criterion:{name}" for name in course.criteria),
        *(f"step:{slug}" for slug in steps),
    ]
    rows = [_row(standing, settings, steps) for standing in standings]
    return Exported({"grades.csv": to_csv([header, *rows], marked=True)})


def _row(standing: Standing, settings: Settings, steps: Sequence[str]) -> list[str]:
    student, report = standing.student, standing.report
    identity = (harmless(getattr(student, name)) for name in IDENTITY)
    scores = {step.slug: step.score for step in report.steps} if report else {}
    submitted = standing.counted.submitted_at if standing.counted else None
    return [
        *identity,
        number(standing.score),
        number(standing.max_score),
        number(standing.automatic),
        number(standing.bonus),
        number(standing.penalty),
        number(standing.adjusted),
        harmless(standing.state),
        submitted.isoformat() if submitted else "",
        " ".join(pitfalls(standing)),
        harmless("; ".join(a.reason for a in standing.adjustments)),
        *(_met(standing.criteria.get(name)) for name in settings.course.criteria),
        *(number(scores.get(slug)) for slug in steps),
    ]


def _met(met: bool | None) -> str:  # noqa: FBT001 - a criterion's state
    return {True: "yes", False: "no", None: ""}[met]


def pitfalls(standing: Standing) -> Iterator[str]:
    """Name each pitfall that the counted report shows, once."""
    report = standing.report
    checks = (c for step in report.steps for c in step.checks) if report else ()
    yield from dict.fromkeys(check.pitfall for check in checks if check.pitfall)
