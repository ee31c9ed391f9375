"""Where each student stands: frozen values, whatever they were read from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from grader.report import Report


@dataclass(frozen=True, slots=True)
class Student:
    """Somebody of the roster, as other systems know them; all of it verbatim."""

    key: str
    """Unique in the class, and the same for good."""
    name: str = ""
    email: str = ""
    login: str = ""
    """The user name; Canvas calls it SIS Login ID."""
    idnumber: str = ""
    """The student number, as Moodle has it."""
    canvas_id: str = ""
    sis_user_id: str = ""
    section: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One graded submission."""

    number: int
    report: Report
    graded_at: datetime
    submitted_at: datetime | None = None
    place: str = ""
    """Where the submission was when it was graded."""
    late_by: timedelta | None = None
    """None if it was in time, or nobody knows when it came."""
    penalty: float = 0.0
    """The points taken off for being late."""
    score: float = 0.0
    """What it is worth: the points and the bonus, less the penalty."""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A change by a person, beside the automatic grade."""

    points: float
    """0 for a comment."""
    reason: str
    author: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """All that counts for one student."""

    student: Student
    attempts: tuple[Attempt, ...] = ()
    """In the order in which they came."""
    counted: Attempt | None = None
    """The attempt that counts; none if nothing could be graded."""
    score: float | None = None
    """What counts in the end: late policy, adjustments and rounding applied."""
    max_score: float | None = None
    automatic: float | None = None
    """What the grader gave, before anything was taken off or added."""
    bonus: float = 0.0
    """The bonus points in the score."""
    penalty: float = 0.0
    """The points taken off for being late."""
    lateness: str = ""
    """How late, and what that costs, in words."""
    adjustments: tuple[Adjustment, ...] = ()
    criteria: Mapping[str, bool | None] = field(default_factory=dict)
    state: str = "graded"
    """Or why there is no grade."""
    excused: bool = False
    due: datetime | None = None
    """When the work was due for this student, extensions applied."""

    @property
    def report(self) -> Report | None:
        """Give the report that counts."""
        return self.counted.report if self.counted else None

    @property
    def adjusted(self) -> float:
        """Sum what people changed."""
        return sum(adjustment.points for adjustment in self.adjustments)


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Something that was handed in, and belongs to nobody who is known."""

    place: str
    reason: str
