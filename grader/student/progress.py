"""How far a student is: a small file in the workspace, which moves with it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from grader.report import CheckReport, Outcome, Readable
from grader.writing import write_whole

from .workspace import Workspace

FILE = "progress.json"
DAMAGED = "progress.damaged.json"
LARGEST = 200_000
Count = Annotated[int, Field(ge=0, le=100_000)]


class Record(BaseModel):
    """A frozen part of the progress; what a newer version added is ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Stuck(Record):
    """The first failure of a step, and how long it has lasted."""

    check: str
    title: Readable
    message: Readable = ""
    hint: Readable = ""
    pitfall: str | None = None
    since: AwareDatetime
    attempts: Count = 1
    """How many different states of the files failed like this."""
    asked: Count = 0
    """How many rungs of the ladder were asked for."""


class StepProgress(Record):
    """How far one step is."""

    started: AwareDatetime | None = None
    caught_up: bool = False
    """Whether its solution was laid instead of being worked out."""
    checked: AwareDatetime | None = None
    attempts: Count = 0
    passed: Count = 0
    checks: Count = 0
    green: AwareDatetime | None = None
    """When all its visible checks passed for the first time."""
    digest: str = ""
    """Of the files that were checked last."""
    stuck: Stuck | None = None

    @property
    def is_green(self) -> bool:
        """Say whether all passed when it was last checked."""
        return 0 < self.checks == self.passed


class Progress(Record):
    """How far all steps are."""

    current: str | None = None
    steps: dict[str, StepProgress] = Field(default_factory=dict)

    def step(self, slug: str) -> StepProgress:
        """Return how far a step is."""
        return self.steps.get(slug, StepProgress())

    def with_step(
        self, slug: str, step: StepProgress, *, current: bool = False
    ) -> "Progress":
        """Return the progress with one step's replaced, perhaps as the current one."""
        return Progress(
            current=slug if current else self.current,
            steps={**self.steps, slug: step},
        )


def read_progress(workspace: Workspace) -> tuple[Progress, str]:
    """Read the progress; a damaged file is put aside, and a sentence says so."""
    path = workspace.state / FILE
    try:
        with path.open("rb") as source:
            return Progress.model_validate_json(source.read(LARGEST)), ""
    except FileNotFoundError:
        return Progress(), ""
    except (OSError, ValidationError, ValueError):
        aside = path.with_name(DAMAGED)
        try:
            path.replace(aside)
        except OSError:
            return Progress(), "The progress file cannot be read; it begins anew."
        return Progress(), f"The progress file was damaged; it is kept as {DAMAGED}."


def write_progress(workspace: Workspace, progress: Progress) -> str:
    """Write the progress; return a sentence if that cannot be done."""
    text = progress.model_dump_json(indent=1, exclude_defaults=True)
    try:
        write_whole(workspace.state / FILE, text.encode())
    except OSError as error:
        return f"The progress could not be saved: {error.strerror or error}."
    return ""


def after_check(
    before: StepProgress, checks: Sequence[CheckReport], digest: str, now: datetime
) -> StepProgress:
    """Return how far a step is after it was checked."""
    ordinary = [check for check in checks if not check.bonus]
    passed = sum(check.outcome is Outcome.PASSED for check in ordinary)
    all_passed = 0 < len(ordinary) == passed
    return before.model_copy(
        update={
            "checked": now,
            "attempts": before.attempts + (digest != before.digest),
            "passed": passed,
            "checks": len(ordinary),
            "green": before.green or (now if all_passed else None),
            "digest": digest,
            "stuck": _stuck(before, first_failure(checks), digest, now),
        }
    )


def first_failure(checks: Sequence[CheckReport]) -> CheckReport | None:
    """Return the first check that failed by itself, bonus ones aside."""
    failed = (check for check in checks if check.outcome is Outcome.FAILED)
    return next((check for check in failed if not check.bonus), None)


def _stuck(
    before: StepProgress, failed: CheckReport | None, digest: str, now: datetime
) -> Stuck | None:
    if failed is None:
        return None
    stuck = before.stuck
    same = stuck is not None and (stuck.check, stuck.pitfall) == (
        failed.id,
        failed.pitfall,
    )
    if stuck is None or not same:
        return Stuck(
            check=failed.id,
            title=failed.title,
            message=failed.message,
            hint=failed.hint,
            pitfall=failed.pitfall,
            since=now,
        )
    return stuck.model_copy(
        update={
            "message": failed.message,
            "hint": failed.hint,
            "attempts": stuck.attempts + (digest != before.digest),
        }
    )
