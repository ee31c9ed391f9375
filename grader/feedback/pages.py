"""Turn a standing into a page: what is on it, and in which order; pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import resources

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup, escape

from grader.catalog import Course
from grader.disclosure import Disclosure, Shown, shown_steps
from grader.exporting.cells import number
from grader.gradebook.standing import Adjustment, Standing
from grader.report import Outcome, StepReport, readable

CODE = re.compile(r"`([^`]+)`")
LONGEST_LINE = 300
GRADED = "graded"
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class StepPart:
    """One step on the page."""

    title: str
    score: float
    max_score: float
    bonus: float
    note: str
    """How the points came about, where they come from two runs."""
    open: tuple[Shown, ...]
    """What fell short by itself."""
    waiting: tuple[tuple[str, int, float], ...]
    """What failed, how many checks wait for it, and their points."""
    passed: tuple[Shown, ...]
    missed_bonus: tuple[Shown, ...]

    @property
    def full(self) -> bool:
        """Say whether it has all its points."""
        return self.score >= self.max_score


@dataclass(frozen=True, slots=True)
class Settings:
    """What a page depends on beside the standing."""

    course: Course
    title: str
    disclosure: Disclosure


def page(standing: Standing, settings: Settings) -> str:
    """Write a student's page; the same standing gives the same page."""
    attempt = standing.counted
    report, pitfalls = standing.report, settings.course.pitfalls
    shown = shown_steps(report, pitfalls, settings.disclosure) if report else ()
    steps = tuple(shown)
    return _template().render(
        title=settings.title,
        name=_line(standing.student.name or standing.student.key),
        standing=standing,
        state="" if standing.state == GRADED else _line(standing.state),
        report=report,
        criteria=_criteria(standing, settings.course),
        adjustments=tuple(map(_adjustment, standing.adjustments)),
        submitted=_moment(attempt.submitted_at if attempt else None),
        graded=_moment(attempt.graded_at if attempt else None),
        steps=tuple(_step(step, checks) for step, checks in steps),
    )


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["points"] = number
    environment.filters["with_code"] = with_code
    source = resources.files(__package__).joinpath("page.html").read_text("utf-8")
    return environment.from_string(source)


def with_code(text: str) -> Markup:
    """Show what stands between backticks as code; the text itself is escaped."""
    return Markup(CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704


def _criteria(
    standing: Standing, course: Course
) -> tuple[tuple[str, bool | None], ...]:
    names = dict.fromkeys([*course.criteria, *standing.criteria])
    return tuple((name, standing.criteria.get(name)) for name in names)


def _adjustment(adjustment: Adjustment) -> tuple[str, str, str]:
    change = f"{adjustment.points:+g}".replace("-", MINUS) if adjustment.points else ""
    return change, readable(adjustment.reason), readable(adjustment.author)


def _line(text: str) -> str:
    return " ".join(readable(text).split())[:LONGEST_LINE]


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC") if at else ""


def _step(step: StepReport, checks: Sequence[Shown]) -> StepPart:
    short = [c for c in checks if not c.passed and not c.bonus]
    skipped = [check for check in short if check.outcome is Outcome.SKIPPED]
    return StepPart(
        title=step.title,
        score=step.score,
        max_score=step.max_score,
        bonus=step.bonus,
        note=_two_runs(step),
        open=tuple(c for c in short if c.outcome is not Outcome.SKIPPED),
        waiting=_waiting(skipped),
        passed=tuple(check for check in checks if check.passed),
        missed_bonus=tuple(c for c in checks if c.bonus and not c.passed),
    )


def _two_runs(step: StepReport) -> str:
    if step.on_reference is None or step.on_reference == step.own:
        return ""
    own, other = number(step.own), number(step.on_reference)
    return (
        f"{own} with your own earlier steps, {other} with right ones in their place: "
        f"{number(step.score)} counts."
    )


def _waiting(skipped: Sequence[Shown]) -> tuple[tuple[str, int, float], ...]:
    """Count what was skipped at the failure that it waits for."""
    found: dict[str, list[Shown]] = {}
    for check in skipped:
        found.setdefault(check.needs[0] if check.needs else "", []).append(check)
    return tuple(
        (cause, len(these), sum(check.max_points for check in these))
        for cause, these in found.items()
    )
