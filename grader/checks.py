"""The public API of a suite: declare checks, expect facts, name mistakes.

A suite is a pytest module. Each check is a function with a docstring (its title) and
the ``check`` decorator; it asks through the fixtures of ``grader.plugin`` and raises
``Failure`` by way of ``fail`` or an ``expect_*`` function. Any other error is the
suite's own and makes the check *broken*, so never index into an answer directly.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

import pytest

from .asking.answers import Answer
from .asking.comparison import Facts, Rows, describe, differences, lost, read_rows
from .asking.database import Database, UnreadableError
from .asking.draw import Draw
from .asking.events import Events
from .asking.findings import Findings
from .asking.own_tests import OwnTest, Run
from .asking.project import Project, Sandbox
from .asking.service import Service
from .catalog import Course
from .sandbox.observation import Json, Observation

__all__ = [
    "Answer",
    "CheckFacts",
    "Course",
    "Database",
    "Draw",
    "Events",
    "Facts",
    "Failure",
    "Findings",
    "Json",
    "Observation",
    "OwnTest",
    "Project",
    "Rows",
    "Run",
    "Sandbox",
    "Service",
    "Symptom",
    "UnreadableError",
    "cannot_ask",
    "check",
    "describe",
    "differences",
    "expect",
    "expect_installed",
    "expect_json",
    "expect_observed",
    "expect_status",
    "explain_error",
    "fail",
    "lost",
    "read_rows",
    "recognise",
]

MARK = "grader_check"
Function = TypeVar("Function", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """What a suite declares about one check."""

    points: float
    title: str
    core: bool = False
    bonus: bool = False
    after: tuple[str, ...] = ()
    """Ids of checks that must have passed: ``name``, or ``step.name`` elsewhere."""


class Failure(Exception):  # noqa: N818 - it is the name of the outcome, not an error
    """Say that the submission falls short of one check."""

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        pitfall: str | None = None,
        evidence: Iterable[str] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.pitfall = pitfall
        self.evidence = tuple(evidence)


def check(
    *,
    points: float,
    core: bool = False,
    bonus: bool = False,
    after: Sequence[str | Callable[..., object]] | str | Callable[..., object] = (),
) -> Callable[[Function], Function]:
    """Declare a check.

    Args:
        points: What it is worth, counted only if it passes.
        core: Whether the step's criterion needs it.
        bonus: Whether its points count beside the step's own.
        after: Checks that must have passed: functions of this suite, or ids.

    Raises:
        TypeError: if the function has no docstring.
    """
    needed = (after,) if isinstance(after, str) or callable(after) else after

    def declare(function: Function) -> Function:
        if not (function.__doc__ or "").strip():
            name = getattr(function, "__name__", "?")
            raise TypeError(f"{name} needs a docstring: it is the check's title")
        facts = CheckFacts(
            points=float(points),
            title=" ".join(str(function.__doc__).split()),
            core=core,
            bonus=bonus,
            after=tuple(_identity(item) for item in needed),
        )
        marked: Function = pytest.mark.grader_check(facts)(function)
        return marked

    return declare


def _identity(item: str | Callable[..., object]) -> str:
    name = item if isinstance(item, str) else str(getattr(item, "__name__", ""))
    return name.removeprefix("test_")


def fail(
    message: str,
    *,
    hint: str = "",
    pitfall: str | None = None,
    evidence: Iterable[str] = (),
) -> NoReturn:
    """Fail the check.

    Args:
        message: What happened and what was seen, without the drawn inputs.
        hint: What to try next; a pitfall's way out if empty.
        pitfall: The named mistake, where the evidence shows it.
        evidence: What was seen, line by line, for the instructor.
    """
    raise Failure(message, hint=hint, pitfall=pitfall, evidence=evidence)


def cannot_ask(message: str) -> NoReturn:
    """Skip the check: what it asks is not to be had, and that is another's to judge."""
    pytest.skip(message)


def expect(
    condition: object,
    message: str,
    *,
    hint: str = "",
    pitfall: str | None = None,
    evidence: Iterable[str] = (),
) -> None:
    """Fail with ``message`` unless the condition holds."""
    if not condition:
        fail(message, hint=hint, pitfall=pitfall, evidence=evidence)


def expect_status(
    answer: Answer,
    *statuses: int,
    hint: str = "",
    pitfall: str | None = None,
    evidence: Iterable[str] = (),
) -> None:
    """Fail unless the service answered with one of the statuses."""
    if answer.status in statuses:
        return
    wanted = " or ".join(map(str, statuses))
    seen = f"{answer.status}" if answer.status else f"no answer ({answer.problem})"
    fail(
        f"{answer.request} should answer {wanted}; it answered {seen}.",
        hint=hint,
        pitfall=pitfall,
        evidence=[*evidence, *answer.evidence()],
    )


def expect_json(
    answer: Answer,
    status: int,
    *,
    has: Sequence[str] = (),
    hint: str = "",
    pitfall: str | None = None,
) -> Any:
    """Return the answer's JSON; fail on another status, no JSON, or fields missing."""
    expect_status(answer, status, hint=hint, pitfall=pitfall)
    value = answer.json()
    if value is None or (has and not isinstance(value, dict)):
        fail(f"{answer.request} did not answer with a JSON object.", hint=hint)
    absent = [name for name in has if name not in value]
    if absent:
        fail(
            f"{answer.request} answered without {', '.join(absent)}.",
            hint=hint,
            pitfall=pitfall,
            evidence=answer.evidence(),
        )
    return value


def expect_observed(
    observation: Observation,
    doing: str,
    *,
    hint: str = "",
    pitfall: str | None = None,
) -> Any:
    """Return what a probe observed; fail if the submission's code ended it."""
    if observation.succeeded:
        return observation.value
    message, advice = explain_error(observation, doing)
    fail(
        message,
        hint=hint or advice,
        pitfall=pitfall,
        evidence=error_lines(observation),
    )


@dataclass(frozen=True, slots=True)
class Symptom:
    """An error that only one pitfall shows."""

    pitfall: str
    kind: str
    """The name of the error's class, or of one that it derives from."""
    text: str = ""
    """What its text contains."""


def recognise(observation: Observation, symptoms: Iterable[Symptom]) -> str | None:
    """Return the pitfall whose symptom the observation's error is, if any."""
    error = observation.error
    if error is None:
        return None
    for symptom in symptoms:
        if symptom.kind in (error.type, *error.kinds) and symptom.text in error.text:
            return symptom.pitfall
    return None


def expect_installed(sandbox: Sandbox, observation: Observation, pitfall: str) -> None:
    """Fail if the submission imports a package that the course does not install."""
    name = sandbox.missing_package(observation)
    expect(
        name is None,
        f"Your code imports `{name}`, which this course does not install.",
        pitfall=pitfall,
        evidence=error_lines(observation),
    )


def explain_error(observation: Observation, doing: str) -> tuple[str, str]:
    """Say in a student's words why a probe did not end well, and what to try."""
    error = observation.error
    if error is not None:
        where = f" at {error.frames[-1]}" if error.frames else ""
        return f"{doing} raised {error}{where}", "Run the same by hand to see it all."
    told = {
        "timeout": f"{doing} did not end in time.",
        "out-of-memory": f"{doing} used more memory than a submission may.",
        "too-many-processes": f"{doing} started more processes than a submission may.",
        "overlong": f"{doing} answered with far too much data.",
    }
    code = observation.exit_code
    ended = f" (exit code {code})" if code is not None else ""
    stopped = f"{doing} stopped the whole process{ended} before it could answer."
    return (
        told.get(observation.outcome, stopped),
        "Look for endless loops, sys.exit, os._exit and work done at import.",
    )


def error_lines(observation: Observation) -> list[str]:
    """List what an instructor wants to see of an observation that failed."""
    error = observation.error
    lines = [] if error is None else [f"{error.type}: {error.text}", *error.frames]
    if error is not None and error.original:
        lines.append(f"from the database driver: {error.original}")
    tail = observation.output.strip().splitlines()[-10:]
    return lines + [f"printed: {line}" for line in tail]
