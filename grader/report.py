"""The report of one graded submission: frozen records, and their JSON Schema."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

SCHEMA_VERSION: Literal[1] = 1
LONGEST_TEXT = 4_000
MOST_LINES = 60
# Control characters but tab and newline, what turns the direction of writing, and
# halves of characters, which no file can hold.
HARMFUL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def readable(text: str) -> str:
    """Make text that a submission may have written harmless, and bound it."""
    shown = HARMFUL.sub("\ufffd", text)
    cut = len(shown) > LONGEST_TEXT
    return f"{shown[:LONGEST_TEXT]}…" if cut else shown


def bounded(lines: Sequence[str]) -> tuple[str, ...]:
    """Keep the first lines of very many."""
    more = len(lines) - MOST_LINES
    return (*lines[:MOST_LINES], *([f"… {more} more"] if more > 0 else []))


Readable = Annotated[str, BeforeValidator(readable)]
Lines = Annotated[tuple[Readable, ...], BeforeValidator(bounded)]


class Outcome(StrEnum):
    """What came of one check; only a check that passed earns points."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    BROKEN = "broken"


class Record(BaseModel):
    """A frozen part of a report."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CheckReport(Record):
    """One check of one step."""

    id: str
    title: str
    visibility: Literal["visible", "hidden"]
    outcome: Outcome
    points: float
    max_points: float
    core: bool
    """Whether the step's criterion needs this check."""
    bonus: bool = False
    """Whether its points count beside the step's own."""
    pitfall: str | None = None
    """The named mistake that the evidence shows."""
    message: Readable = ""
    """What happened, in the student's words; empty for a passed check."""
    hint: Readable = ""
    """What to try next."""
    because: tuple[str, ...] = ()
    """The prerequisites whose failure skipped this check."""
    evidence: Lines = ()
    """What was seen, for the instructor: statements, errors, output."""
    duration_s: float


class StepReport(Record):
    """One step's checks and points."""

    slug: str
    title: str
    criterion: str
    score: float
    """What counts, under the report's policy."""
    max_score: float
    bonus: float = 0.0
    own: float
    """The points on the submission's own files throughout."""
    on_reference: float | None = None
    """The points over the reference layers of the earlier steps, where tried."""
    checks: tuple[CheckReport, ...]
    reference_checks: tuple[CheckReport, ...] = ()
    """The checks of the run over the reference layers, where tried."""


class SubmissionFacts(Record):
    """What was graded."""

    name: Readable
    digest: str
    kind: str
    layout: str
    root: Readable
    found: dict[str, Readable]
    """Role to path, below the root."""
    missing: tuple[str, ...]
    """Roles that nothing in the submission plays."""
    notes: tuple[Readable, ...]


class GraderFacts(Record):
    """What graded it: equal facts and an equal submission give an equal report."""

    version: str
    checkpoints_digest: str
    sandbox: str
    seed: int
    policy: Literal["strict", "carry"]
    packages: dict[str, str]
    """The versions that the submission ran with."""


class Report(Record):
    """The result of grading one submission."""

    version: Literal[1] = Field(default=SCHEMA_VERSION, alias="schema")
    submission: SubmissionFacts
    grader: GraderFacts
    score: float
    max_score: float
    bonus: float
    criteria: dict[str, bool | None]
    """Whether each criterion is met; null where none of its steps was graded."""
    steps: tuple[StepReport, ...]
    practice: tuple[StepReport, ...] = ()
    """The notebooks that were handed in: their points are in no sum above."""
    warnings: tuple[Readable, ...] = ()
    duration_s: float

    def as_json(self) -> str:
        """Return the report as the JSON that its schema describes."""
        return self.model_dump_json(by_alias=True, indent=2)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a report."""
    return Report.model_json_schema(by_alias=True, mode="serialization")
