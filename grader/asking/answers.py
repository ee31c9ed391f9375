"""One HTTP answer of a submission's service: bounded, and decoded with care."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from grader.untrusted import decode_json

SHOWN = 600


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service answered; status 0 if it did not."""

    request: str
    """The method and the route's shape, without drawn values."""
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case."""
    body: bytes = b""
    problem: str = ""
    duration_s: float = 0.0

    def json(self) -> Any:
        """Return the decoded body, or None if it is no JSON."""
        try:
            return decode_json(self.body)
        except ValueError:
            return None

    def items(self) -> list[dict[str, Any]]:
        """Return the body as a list of objects; empty if it is no such list."""
        value = self.json()
        rows = value if isinstance(value, list) else []
        return [row for row in rows if isinstance(row, dict)]

    def get(self, name: str) -> Any:
        """Return one field of a JSON object, or None."""
        value = self.json()
        return value.get(name) if isinstance(value, dict) else None

    def evidence(self) -> list[str]:
        """List the answer for the instructor."""
        body = self.body[:SHOWN].decode("utf-8", "replace")
        return [f"{self.request} -> {self.status} {self.problem}".strip(), body]
