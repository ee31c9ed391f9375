"""What a course says about its clinics: their first questions and notebooks."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from grader.errors import GraderFault

NAME = "clinics.toml"
DEFAULT_QUESTION = "What do you expect to see when you try it, and why?"


@dataclass(frozen=True, slots=True)
class Guide:
    """Data beside the course; a course without it has the default question."""

    notebooks: Mapping[str, str] = field(default_factory=dict)
    """Criterion to the notebook that its clinics use."""
    questions: Mapping[str, str] = field(default_factory=dict)
    """Pitfall to the question that comes first."""

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the guide beside a course.

        Raises:
            GraderFault: if it cannot be read.
        """
        path = folder / NAME
        if not path.is_file():
            return cls()
        try:
            facts = tomllib.loads(path.read_text("utf-8"))
            return cls(_texts(facts, "notebooks"), _texts(facts, "questions"))
        except (ValueError, TypeError) as error:
            raise GraderFault(
                problem=f"{folder.name}/{NAME} cannot be used: {error}.",
                next_step="Correct it: it has two tables of texts, notebooks and "
                "questions.",
            ) from error

    def question(self, pitfall: str) -> str:
        """Give the question that comes first."""
        return self.questions.get(pitfall, DEFAULT_QUESTION)


def _texts(facts: Mapping[str, Any], name: str) -> dict[str, str]:
    table = facts.get(name, {})
    if not isinstance(table, dict) or not all(
        isinstance(v, str) for v in table.values()
    ):
        raise TypeError(f"{name} must be a table of texts")
    return table
