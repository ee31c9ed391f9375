"""What a submission's processes did, as their recorder wrote it down."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from grader.untrusted import decode_object

SHOWN = 40
MOST = 20_000
INSERT = re.compile(r"INSERT INTO \W?(\w+)\W.*\bVALUES\b")
ABOUT_INDEX = re.compile(r"(CREATE( UNIQUE)?|DROP) INDEX\b")


@dataclass(frozen=True, slots=True)
class Events:
    """A stretch of events, in order. A submission could forge them: they explain."""

    all: tuple[dict[str, Any], ...]

    @property
    def statements(self) -> list[str]:
        """Return the SQL statements."""
        return [_text(event) for event in self.all if event.get("kind") == "sql"]

    @property
    def filled(self) -> frozenset[str]:
        """Return the tables that rows were put into, copies of tables left out."""
        found = map(INSERT.match, self.statements)
        return frozenset(match[1] for match in found if match)

    @property
    def log(self) -> list[str]:
        """Return the log lines, with what ``extra=`` added behind the text."""
        return [
            f"{_text(event)} {_extra(event)}".strip()
            for event in self.all
            if event.get("kind") == "log"
        ]

    def count(self, kind: str) -> int:
        """Count the events of a kind: begin, commit, rollback, checkout, checkin."""
        return sum(1 for event in self.all if event.get("kind") == kind)

    @property
    def settled(self) -> bool:
        """Say whether every connection taken in this stretch was given back in it."""
        return self.count("checkout") <= self.count("checkin")

    def story(self, limit: int = SHOWN) -> list[str]:
        """Tell the SQL and the transactions line by line, with the parameters."""
        lines = _orderly([line for event in self.all if (line := _line(event))])
        cut = [f"… {len(lines) - limit} more"] if len(lines) > limit else []
        return lines[:limit] + cut


def decode(content: bytes) -> Events:
    """Decode the recorder's lines; drop whatever is malformed."""
    lines = content.split(b"\n", MOST)[:MOST]
    return Events(tuple(filter(None, map(decode_object, lines))))


def _text(event: dict[str, Any]) -> str:
    text = event.get("text")
    return " ".join(text.split()) if isinstance(text, str) else ""


def _extra(event: dict[str, Any]) -> str:
    extra = event.get("extra")
    pairs: Sequence[tuple[Any, Any]] = ()
    if isinstance(extra, dict):
        pairs = list(extra.items())
    return " ".join(f"{name}={value}" for name, value in pairs)


def _line(event: dict[str, Any]) -> str:
    kind = event.get("kind")
    if kind == "sql":
        parameters = event.get("parameters")
        shown = f"  {parameters}" if parameters not in (None, "()", "{}") else ""
        return f"{_text(event)}{shown}"[:400]
    return str(kind).upper() if kind in ("begin", "commit", "rollback") else ""


def _orderly(lines: Sequence[str]) -> list[str]:
    """Sort the indexes made in a row: SQLAlchemy keeps those of a table in a set."""
    ordered: list[str] = []
    for about_index, run in groupby(lines, _is_about_index):
        told = list(run)
        ordered += sorted(told) if about_index else told
    return ordered


def _is_about_index(line: str) -> bool:
    return ABOUT_INDEX.match(line) is not None
