"""Decide where students stand: pure functions of grades and the class's policy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from grader.disclosure import Disclosure
from grader.report import Report

from .policy import Lateness, Policy, lateness, penalty, rounded, with_bonus
from .standing import Adjustment, Attempt, Standing, Student, Unmatched

ABSENT = "nothing was handed in"
BY_HAND = "graded by hand"


@dataclass(frozen=True, slots=True)
class Graded:
    """What a gradebook keeps of one submission that was graded."""

    report: Report
    graded_at: datetime
    submitted_at: datetime | None
    place: str


@dataclass(frozen=True, slots=True)
class Record:
    """What a gradebook keeps of one student; the submissions in their order."""

    student: Student
    graded: tuple[Graded, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    ungraded: str = ""
    """Why the newest submission has no grade."""


@dataclass(frozen=True, slots=True)
class Class:
    """Where everybody of a class stands."""

    policy: Policy
    standings: tuple[Standing, ...]
    unmatched: tuple[Unmatched, ...] = ()

    @property
    def title(self) -> str:
        """Return the name of what was graded."""
        return self.policy.title

    @property
    def due(self) -> datetime | None:
        """Return when the work was due, extensions apart."""
        return self.policy.aware(self.policy.due) if self.policy.due else None

    @property
    def strangers(self) -> tuple[str, ...]:
        """Return whom the policy names though nobody of the class has that key."""
        known = {standing.student.key for standing in self.standings}
        named = {*self.policy.extensions, *self.policy.excused}
        return tuple(sorted(named - known))

    def disclosure(self, standing: Standing, at: datetime) -> Disclosure:
        """Say what a student sees of hidden checks at some time."""
        return self.policy.disclosure(standing.due, at)


def place_class(
    policy: Policy, records: Sequence[Record], unmatched: Sequence[Unmatched] = ()
) -> Class:
    """Place everybody; whoever was never graded is measured as the others are."""
    maxima = [graded.report.max_score for one in records for graded in one.graded]
    most = maxima[-1] if maxima else None
    standings = tuple(place(policy, record, most) for record in records)
    return Class(policy, standings, tuple(unmatched))


def place(policy: Policy, record: Record, most: float | None = None) -> Standing:
    """Place one student."""
    due = policy.due_for(record.student.key)
    attempts = tuple(
        _attempt(policy, due, number, graded)
        for number, graded in enumerate(record.graded, 1)
    )
    counted = _counted(policy, attempts)
    by_hand = sum(adjustment.points for adjustment in record.adjustments)
    excused = record.student.key in policy.excused
    if counted is None:
        has_points = any(adjustment.points for adjustment in record.adjustments)
        state = record.ungraded or ABSENT
        return Standing(
            student=record.student,
            score=rounded(policy.points, by_hand) if has_points else None,
            max_score=most,
            adjustments=record.adjustments,
            state=f"{BY_HAND}: {state}" if has_points else state,
            excused=excused,
            due=due,
        )
    late = lateness(policy.late, due, counted.submitted_at)
    return Standing(
        student=record.student,
        attempts=attempts,
        counted=counted,
        score=rounded(policy.points, counted.score + by_hand),
        max_score=counted.report.max_score,
        automatic=counted.report.score,
        bonus=_bonus(policy, counted.report),
        penalty=counted.penalty,
        lateness=late.words,
        adjustments=record.adjustments,
        criteria=_criteria(policy, counted.report),
        excused=excused,
        due=due,
        state=_state(record),
    )


def _state(record: Record) -> str:
    return f"graded; could not be: {record.ungraded}" if record.ungraded else "graded"


def _attempt(
    policy: Policy, due: datetime | None, number: int, graded: Graded
) -> Attempt:
    late = lateness(policy.late, due, graded.submitted_at)
    earned = graded.report.score + _bonus(policy, graded.report)
    lost = _lost(earned, late)
    return Attempt(
        number=number,
        report=graded.report,
        graded_at=graded.graded_at,
        submitted_at=graded.submitted_at,
        place=graded.place,
        late_by=late.by,
        penalty=lost,
        score=round(earned - lost, 6),
    )


def _lost(earned: float, late: Lateness) -> float:
    return round(penalty(earned, late), 6)


def _bonus(policy: Policy, report: Report) -> float:
    return with_bonus(policy.points, report.score, report.bonus, report.max_score)


def _counted(policy: Policy, attempts: Sequence[Attempt]) -> Attempt | None:
    if not attempts:
        return None
    if policy.attempts.count == "last":
        return attempts[-1]
    return max(attempts, key=lambda attempt: (attempt.score, -attempt.number))


def _criteria(policy: Policy, report: Report) -> dict[str, bool | None]:
    required = policy.criteria.required or tuple(report.criteria)
    return {name: report.criteria.get(name) for name in required}
