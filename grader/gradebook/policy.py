"""What a class has agreed on, as data: due dates, lateness, attempts, rounding."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from grader.disclosure import Disclosure
from grader.errors import MisuseError

WHOLE = Decimal(100)
NEXT_STEP = "Correct the class's course.toml; docs/instructor.md lists every setting."


class Part(BaseModel):
    """A frozen part of the policy; what it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Late(Part):
    """What lateness costs."""

    grace_hours: Annotated[float, Field(ge=0)] = 48
    grace_percent: Annotated[float, Field(ge=0, le=100)] = 10
    """Taken off within the grace."""
    after_percent: Annotated[float, Field(ge=0, le=100)] = 100
    """Taken off after it."""


class Attempts(Part):
    """Which attempt counts."""

    count: Literal["best", "last"] = "best"


class Points(Part):
    """How points are summed up."""

    round_to: Annotated[Decimal, Field(gt=0)] = Decimal("0.01")
    bonus: Literal["add", "cap", "ignore"] = "add"
    """Added to the score, added up to the full marks, or left out."""


class Criteria(Part):
    """Which criteria a student must meet."""

    required: tuple[str, ...] = ()
    """All of them if empty."""


class Feedback(Part):
    """What students see of hidden checks."""

    before_due: Disclosure = Disclosure.TITLES
    after_due: Disclosure = Disclosure.DIAGNOSES


class Policy(Part):
    """All that a class has agreed on; the defaults hold without a course.toml."""

    title: str = "Movie service lab"
    timezone: str = "UTC"
    due: datetime | None = None
    late: Late = Late()
    extensions: Mapping[str, datetime] = Field(default_factory=dict)
    """The due date of single students, by key."""
    excused: tuple[str, ...] = ()
    """The students who need no grade, by key."""
    attempts: Attempts = Attempts()
    points: Points = Points()
    criteria: Criteria = Criteria()
    feedback: Feedback = Feedback()

    def due_for(self, key: str) -> datetime | None:
        """Return when a student's work is due; never before the class's own date."""
        dates = [date for date in (self.due, self.extensions.get(key)) if date]
        return max(map(self.aware, dates), default=None)

    def aware(self, time: datetime) -> datetime:
        """Read a time without an offset as one of the class's time zone."""
        return time.replace(tzinfo=ZoneInfo(self.timezone)) if not time.tzinfo else time

    def disclosure(self, due: datetime | None, at: datetime) -> Disclosure:
        """Say what a student whose work was due then sees of hidden checks.

        Without a due date nothing is ever over, so it is what holds before one.
        """
        is_over = due is not None and at > due
        return self.feedback.after_due if is_over else self.feedback.before_due


def read_policy(text: str) -> Policy:
    """Read the class's ``course.toml``.

    Raises:
        MisuseError: if it is no TOML, or says what no policy knows.
    """
    try:
        facts = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _wrong(str(error)) from error
    if "roles" in facts or "stage" in facts:
        raise MisuseError(
            problem="That course.toml is the manifest of checkpoints, not of a class.",
            next_step="Give --course the one with due dates: see docs/instructor.md.",
        )
    try:
        policy = Policy.model_validate(facts)
        ZoneInfo(policy.timezone)
    except ValidationError as error:
        told = (f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise _wrong("; ".join(told)) from error
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise _wrong(f"there is no time zone {facts.get('timezone')!r}") from error
    return policy


def _wrong(problem: str) -> MisuseError:
    return MisuseError(
        problem=f"The class's course.toml cannot be used: {problem}.",
        next_step=NEXT_STEP,
    )


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late work is, and what share of its points that costs."""

    by: timedelta | None = None
    percent: Decimal = field(default_factory=Decimal)
    words: str = ""


def lateness(late: Late, due: datetime | None, submitted: datetime | None) -> Lateness:
    """Tell how late work is; in time if it is not known when it came or was due."""
    if due is None or submitted is None or submitted <= due:
        return Lateness()
    by = submitted - due
    within = by <= timedelta(hours=late.grace_hours)
    percent = Decimal(str(late.grace_percent if within else late.after_percent))
    after = f"{_hours(by)} late"
    return Lateness(by, percent, f"{after}, {_plain(percent)} % taken off")


def penalty(points: float, late: Lateness) -> float:
    """Give the points that lateness takes off."""
    return float(Decimal(str(points)) * late.percent / WHOLE)


def with_bonus(points: Points, score: float, bonus: float, most: float) -> float:
    """Give the part of the bonus that counts beside the score."""
    if points.bonus == "ignore":
        return 0.0
    if points.bonus == "cap":
        return max(0.0, min(bonus, most - score))
    return bonus


def rounded(points: Points, score: float) -> float:
    """Round a score to the class's step, halves upwards; never below nothing."""
    step = points.round_to
    # What no float can hold exactly must not decide which way a half goes.
    exact = Decimal(str(round(score, 6))) / step
    steps = exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return float(max(Decimal(0), steps * step))


def now() -> datetime:
    """Give the time, with its zone."""
    return datetime.now(UTC)


def _hours(by: timedelta) -> str:
    minutes = max(1, round(by / timedelta(minutes=1)))
    if minutes < 120:  # noqa: PLR2004 - two hours
        return f"{minutes} min"
    hours = minutes / 60
    return f"{hours:.0f} h" if hours < 48 else f"{hours / 24:.1f} days"  # noqa: PLR2004


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
