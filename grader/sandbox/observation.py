"""What came back from a probe: untrusted data, decoded and bounded."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.untrusted import decode_object

Json = Any
"""A decoded JSON value."""


@dataclass(frozen=True, slots=True)
class ErrorFacts:
    """An error that a submission's code raised, as far as its process tells."""

    type: str
    text: str = ""
    kinds: tuple[str, ...] = ()
    """The names of its classes, most special first."""
    frames: tuple[str, ...] = ()
    """The submission's own lines on the way, ``path:line: text``, innermost last."""
    missing: str | None = None
    """The module that was not found."""
    original: str | None = None
    """The database driver's own error."""
    cause: str | None = None

    def __str__(self) -> str:
        first = self.text.strip().splitlines()[0][:300] if self.text.strip() else ""
        return f"{self.type}: {first}" if first else self.type


@dataclass(frozen=True, slots=True)
class Observation:
    """One probe's answer."""

    outcome: str
    """answered | ended | timeout | overlong | out-of-memory | too-many-processes."""
    value: Json = None
    error: ErrorFacts | None = None
    output: str = ""
    exit_code: int | None = None
    duration_s: float = 0.0
    pid: int = 0

    @property
    def succeeded(self) -> bool:
        """Say whether the probe ran to its end and returned a value."""
        return self.outcome == "answered" and self.error is None


def decode(reply: Mapping[str, Any]) -> Observation:
    """Decode a warden's reply; whatever is malformed counts as no answer."""
    outcome = str(reply.get("outcome"))
    answer = _object(reply.get("answer"))
    if outcome == "answered" and not ({"value", "error"} & set(answer)):
        outcome = "ended"
    code = reply.get("exit_code")
    return Observation(
        outcome=outcome,
        value=answer.get("value"),
        error=_error(answer["error"]) if "error" in answer else None,
        output=str(reply.get("output") or ""),
        exit_code=code if type(code) is int else None,
        duration_s=float(reply.get("duration_s") or 0.0),
        pid=int(reply.get("pid") or 0),
    )


def _object(text: object) -> dict[str, Json]:
    return (decode_object(text) if isinstance(text, str) else None) or {}


def _error(facts: Json) -> ErrorFacts:
    if not isinstance(facts, dict):
        return ErrorFacts("Error")
    return ErrorFacts(
        type=_text(facts.get("type")) or "Error",
        text=_text(facts.get("text")),
        kinds=_texts(facts.get("kinds")),
        frames=_texts(facts.get("frames")),
        missing=_text(facts.get("missing")) or None,
        original=_text(facts.get("original")) or None,
        cause=_text(facts.get("cause")) or None,
    )


def _text(value: Json) -> str:
    return value[:4_000] if isinstance(value, str) else ""


def _texts(value: Json) -> tuple[str, ...]:
    return tuple(map(_text, value[:40])) if isinstance(value, list) else ()
