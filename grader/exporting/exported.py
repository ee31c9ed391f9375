"""What an export gives: files, and whoever is not in them, with the reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from grader.catalog import Course
from grader.disclosure import Disclosure
from grader.gradebook.standing import Standing


@dataclass(frozen=True, slots=True)
class Absent:
    """A student who is not in the export, or is there without a grade."""

    who: str
    why: str


@dataclass(frozen=True, slots=True)
class Exported:
    """Files by the name that they are meant to have, and what is not in them."""

    files: Mapping[str, str]
    left_out: tuple[Absent, ...] = ()
    """Who has no row or file."""
    notes: tuple[str, ...] = ()
    """What whoever imports the files must know."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an export depends on beside the grades."""

    course: Course
    title: str
    """The name of the column or assignment."""
    disclosure: Callable[[Standing], Disclosure]
    """How much of hidden checks each student is shown."""
    made_at: datetime
    environment: Mapping[str, str] = field(default_factory=dict)
    """What the system that runs the grader says about the submission."""
    above_100: bool = False
    """Whether Moodle takes grades above 100."""
